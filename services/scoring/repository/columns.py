"""Rows of PostgreSQL as columns: read and written an array for each, not a cell."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import polars as pl
from sqlalchemy import Select, TextClause, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.persistence.tables.base import Base
from shared.persistence.work import Work

TYPES: Final[dict[type[pl.DataType], str]] = {
    pl.Boolean: "boolean",
    pl.Int16: "bigint",
    pl.Int32: "bigint",
    pl.Int64: "bigint",
    pl.Float64: "double precision",
    pl.String: "text",
}


async def read_columns(
    work: Work, statement: Select[*tuple[Any, ...]], schema: pl.Schema
) -> pl.DataFrame:
    """Read a statement column by column: one array for each, in the same order."""
    rows = statement.subquery()
    arrays: Sequence[Any] = (
        await work.session.execute(
            select(*(func.array_agg(column) for column in rows.c))
        )
    ).one()
    columns = {name: values or [] for name, values in zip(schema, arrays, strict=True)}
    return pl.DataFrame(columns, schema=schema)


async def write_columns(
    work: Work,
    table: type[Base],
    run_id: int,
    municipality_id: int,
    frame: pl.DataFrame,
) -> None:
    """Insert a frame in its order, a parameter for each column instead of each cell.

    A text is read as JSON where the table has that.
    """
    statement = _insertion(table, tuple(frame.schema.items()))
    cells = {
        f"column_{at}": each.to_list() for at, each in enumerate(frame.iter_columns())
    }
    await work.session.execute(
        statement, {"run_id": run_id, "municipality_id": municipality_id, **cells}
    )


@cache
def _insertion(
    table: type[Base], schema: tuple[tuple[str, pl.DataType], ...]
) -> TextClause:
    """Return the one statement for frames of the schema; making it takes its time."""
    arrays, cells = [], []
    for at, (name, dtype) in enumerate(schema):
        arrays.append(f"CAST(:column_{at} AS {TYPES[dtype.base_type()]}[])")
        is_json = isinstance(table.__table__.c[name].type, JSONB)
        cells.append(f"CAST(rows.{name} AS jsonb)" if is_json else f"rows.{name}")
    names = ", ".join(name for name, _ in schema)
    return text(
        f"INSERT INTO {table.__table__} (run_id, municipality_id, {names})"  # noqa: S608 (the table's own names)
        " SELECT CAST(:run_id AS bigint), CAST(:municipality_id AS bigint),"
        f" {', '.join(cells)} FROM unnest({', '.join(arrays)}) AS rows ({names})"
    )
