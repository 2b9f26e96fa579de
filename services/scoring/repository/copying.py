"""Many rows of PostgreSQL as columns, by COPY: for a region or a country at once.

For one municipality `columns` is quicker, whose statements are prepared once.
"""

from io import BytesIO
from typing import Any, Final

import polars as pl
from sqlalchemy import Select, text
from sqlalchemy.dialects import postgresql

from shared.persistence.tables.base import Base
from shared.persistence.work import Work

MANY: Final = 10_000


async def copy_out(
    work: Work, statement: Select[*tuple[Any, ...]], schema: pl.Schema
) -> pl.DataFrame:
    """Read a statement in the transaction's snapshot, under its policies.

    An empty text is read as a missing one.
    """
    literal = statement.compile(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    lines = BytesIO()
    driver = await _driver(work)
    await driver.copy_from_query(str(literal), output=lines, format="csv")
    if not lines.tell():
        return pl.DataFrame(schema=schema)
    lines.seek(0)
    return pl.read_csv(lines, has_header=False, schema=schema)


async def copy_in(work: Work, table: type[Base], frame: pl.DataFrame) -> None:
    """Write a frame into the columns of its names, in its order.

    PostgreSQL has no COPY into a table under row-level security, so the rows arrive in
    a table of this connection and are inserted from there, under the policies.
    """
    if frame.is_empty():
        return
    name, columns = f"{table.__table__}", ", ".join(frame.columns)
    arrived = f"arrived_{table.__tablename__}"
    like = f"AS SELECT * FROM {name} WITH NO DATA"  # noqa: S608 (the table's own name)
    driver = await _driver(work)
    await driver.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {arrived} ON COMMIT DELETE ROWS {like}"
    )
    # Those of an earlier frame of this transaction have been inserted. Many would be
    # read over again; for few, which came alone, the table is empty.
    emptied = "TRUNCATE" if frame.height > MANY else "DELETE FROM"
    await driver.execute(f"{emptied} {arrived}")
    lines = BytesIO()
    frame.write_csv(lines, include_header=False)
    lines.seek(0)
    await driver.copy_to_table(
        arrived, source=lines, columns=frame.columns, format="csv"
    )
    insert = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {arrived}"  # noqa: S608 (the table's own names)
    await work.session.execute(text(insert))


async def _driver(work: Work) -> Any:
    """Return the transaction's own connection of asyncpg."""
    connection = await work.session.connection()
    return (await connection.get_raw_connection()).driver_connection
