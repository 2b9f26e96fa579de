"""Rows of PostgreSQL as columns: read and written an array for each, not a cell."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Select,
    Text,
    cast,
    column,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from shared.persistence.tables.base import Base
from shared.persistence.work import Work

TYPES: dict[type[pl.DataType], type[TypeEngine[Any]]] = {
    pl.Boolean: Boolean,
    pl.Int16: BigInteger,
    pl.Int32: BigInteger,
    pl.Int64: BigInteger,
    pl.Float64: Double,
    pl.String: Text,
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

    A text is read as JSON where the table has that. COPY would be faster still, but
    PostgreSQL has none into tables under row-level security.
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
    cells = [_as_kept(table, name, rows.c[name]) for name in frame.columns]
    values = select(literal(run_id), literal(municipality_id), *cells)
    await work.session.execute(
        insert(table).from_select(["run_id", "municipality_id", *frame.columns], values)
    )


def _as_kept(table: type[Base], name: str, cell: Any) -> ColumnElement[Any]:
    """Return the cell in the type of its column, where that is JSON."""
    kept: ColumnElement[Any] = cell
    if isinstance(table.__table__.c[name].type, JSONB):
        return cast(kept, JSONB)
    return kept
