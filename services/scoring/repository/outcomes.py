"""What a run came to, written as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Double, Text, column, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from services.scoring.engine.targets import TargetValue
from shared.persistence.tables.base import Base
from shared.persistence.tables.scoring import (
    IndicatorValueRow,
    ProgrammeValueRow,
    RankingPlaceRow,
)
from shared.persistence.work import Work

TYPES: dict[type[pl.DataType], type[TypeEngine[Any]]] = {
    pl.Int16: BigInteger,
    pl.Int32: BigInteger,
    pl.Int64: BigInteger,
    pl.Float64: Double,
    pl.String: Text,
}


async def write_figures(
    work: Work, run_id: int, municipality_id: int, figures: pl.DataFrame
) -> None:
    """Write figures with the columns of `FIGURE_SCHEMA`."""
    await _write(work, IndicatorValueRow, run_id, municipality_id, figures)


async def write_places(
    work: Work, run_id: int, municipality_id: int, places: pl.DataFrame
) -> None:
    """Write the answer of `ranking.rank`."""
    columns = places.rename({"of": "ranked", "reason": "outside_reason"})
    await _write(work, RankingPlaceRow, run_id, municipality_id, columns)


async def write_programme_values(
    work: Work,
    run_id: int,
    municipality_id: int,
    values: Mapping[int, Sequence[TargetValue]],
    school_names: Mapping[int, str],
) -> None:
    """Write the values of each programme by its id, naming the schools behind them."""
    rows = [
        {
            "run_id": run_id,
            "municipality_id": municipality_id,
            "programme_id": programme_id,
            "indicator_id": value.target.indicator_id,
            "year": value.target.year,
            "numerator": value.share.numerator if value.share else None,
            "denominator": value.share.denominator if value.share else None,
            "percent": value.share.percent if value.share else None,
            "status": value.status,
            "schools": [
                {"id": school_id, "name": school_names[school_id]}
                for school_id in (value.share.school_ids if value.share else ())
            ],
        }
        for programme_id, of_programme in values.items()
        for value in of_programme
    ]
    if rows:
        await work.session.execute(insert(ProgrammeValueRow), rows)


async def _write(
    work: Work,
    table: type[Base],
    run_id: int,
    municipality_id: int,
    frame: pl.DataFrame,
) -> None:
    """Insert a frame in its order, a parameter for each column instead of each cell.

    COPY would be faster still, but PostgreSQL has none into tables under row-level
    security.
    """
    types = [TYPES[dtype.base_type()] for dtype in frame.dtypes]
    arrays = [
        literal(values.to_list(), ARRAY(type_))
        for values, type_ in zip(frame.iter_columns(), types, strict=True)
    ]
    rows = (
        func.unnest(*arrays)
        .table_valued(
            *(
                column(name, type_)
                for name, type_ in zip(frame.columns, types, strict=True)
            ),
            name="rows",
        )
        .render_derived()
    )
    values = select(literal(run_id), literal(municipality_id), *rows.c)
    await work.session.execute(
        insert(table).from_select(["run_id", "municipality_id", *frame.columns], values)
    )
