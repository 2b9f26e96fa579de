"""Results are read as columns, and kept only where an area keeps them."""

import polars as pl

from services.scoring.engine.measures import RESULT_SCHEMA
from services.scoring.repository.areas import Area
from services.scoring.repository.results import read_results
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District

SCHEMA = pl.Schema([("academic_year", pl.Int16()), *RESULT_SCHEMA.items()])


async def test_years_that_are_kept_are_not_read_again(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    area = Area.of(district.id).keeping()
    years = (YEAR - 1, YEAR)

    async with begin_as_system(district.scoring, district.id) as work:
        first = await read_results(work, area, years, SCHEMA)
        await district.add_result("a", 1, 1, 1, 1)
        again = await read_results(work, area, (YEAR,), SCHEMA)
        anew = await read_results(work, Area.of(district.id), (YEAR,), SCHEMA)

    assert first["n"].to_list() == again["n"].to_list() == [10]
    assert sorted(anew["n"]) == [4, 10]
    assert first.schema == again.schema == anew.schema == SCHEMA


async def test_each_asks_for_its_own_years_and_columns(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.add_result("a", 1, 1, 1, 1, academic_year=YEAR - 1)
    area = Area.of(district.id).keeping()
    narrow = pl.Schema({"school_id": pl.Int64(), "n": pl.Int32()})

    async with begin_as_system(district.scoring, district.id) as work:
        one = await read_results(work, area, (YEAR,), narrow)
        both = await read_results(work, area, (YEAR - 1, YEAR), SCHEMA)
        none = await read_results(work, area, (YEAR - 5,), narrow)

    assert one.columns == ["school_id", "n"]
    assert one["n"].to_list() == [10]
    assert sorted(both.select("academic_year", "n").iter_rows()) == [
        (YEAR - 1, 4),
        (YEAR, 10),
    ]
    assert none.is_empty()
    assert none.schema == narrow
