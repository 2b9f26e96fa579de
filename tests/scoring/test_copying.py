"""Many rows are read and written as they are, under the tables' policies."""

import polars as pl
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from services.scoring.repository.copying import copy_in, copy_out
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.scoring.district import YEAR, District

SCHEMA = pl.Schema(
    {
        "run_id": pl.Int64,
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "procedure": pl.String,
        "programme_grade": pl.Int16,
        "quality_rate": pl.Float64,
        "n_marked": pl.Int64,
        "n_graded": pl.Int64,
        "n_low_of": pl.Int64,
        "n_compared": pl.Int64,
    }
)
READ = select(*(getattr(FigureRow, name) for name in SCHEMA)).order_by(FigureRow.id)


async def add_runs(district: District, count: int) -> list[int]:
    """Add runs without rows and return their numbers."""
    run = {
        "municipality_id": district.id,
        "topic": "results",
        "year": YEAR,
        "input_snapshot": "1:1:",
        "input_event": 0,
        "results_count": 0,
        "schools_count": 0,
        "synthetic": False,
        "computed_at": system_now(),
    }
    async with begin_as_system(district.scoring, district.id) as work:
        added = await work.session.scalars(
            insert(RunRow).returning(RunRow.id), [run] * count
        )
        return list(added)


def figures(run_id: int, municipality_id: int) -> pl.DataFrame:
    """Return two rows whose texts and floats a careless writer would change."""
    thirds, tenth = 100 / 3, 0.1 + 0.2
    rows = [
        (run_id, municipality_id, None, None, None, thirds, 3, 3, 3, 0),
        (
            run_id,
            municipality_id,
            7,
            'a "quoted", text;\nof two lines',
            5,
            tenth,
            1,
            1,
            1,
            1,
        ),
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


async def test_what_is_copied_in_is_copied_out_to_the_last_bit(
    district: District,
) -> None:
    own, other = await add_runs(district, 2)
    written = figures(own, district.id)

    async with begin_as_system(district.scoring, district.id) as work:
        await copy_in(work, FigureRow, written)
        await copy_in(work, FigureRow, figures(other, district.id))
        read = await copy_out(work, READ.where(FigureRow.run_id == own), SCHEMA)
        nothing = await copy_out(work, READ.where(FigureRow.run_id == -1), SCHEMA)

    assert read.equals(written)
    assert nothing.equals(pl.DataFrame(schema=SCHEMA))


async def test_a_row_of_another_municipality_is_neither_written_nor_read(
    district: District,
) -> None:
    [own] = await add_runs(district, 1)
    foreign = figures(own, district.id + 1)

    with pytest.raises(DBAPIError, match="row-level security"):
        await written_by(district, foreign)
    async with begin_as_system(district.scoring) as work:
        await copy_in(work, FigureRow, foreign)
    async with begin_as_system(district.scoring, district.id) as work:
        assert (await copy_out(work, READ, SCHEMA)).is_empty()


async def written_by(district: District, frame: pl.DataFrame) -> None:
    async with begin_as_system(district.scoring, district.id) as work:
        await copy_in(work, FigureRow, frame)
