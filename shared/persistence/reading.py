"""Reading as a user in one round trip: entering and the query are one statement.

A transaction of its own takes four: begin, enter, ask, commit. Here the rights are read
by the statement that needs them, which is the whole transaction; what entering sets
ends with it. PostgreSQL runs the query after the entering, since it refers to what
entering found, and `OFFSET 0` keeps the planner from taking the two apart: the other
way round row-level security would show nothing at all.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    URL,
    BigInteger,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.engine import ServiceRole, session_settings

LARGEST_POOL: Final = 10
_DIALECT: Final = URL.create("postgresql+asyncpg").get_dialect()()

Record = Mapping[str, Any]

# The database is away or has no room: whoever asks again by a transaction is told so.
OUTAGES: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


class UserQuery:
    """A query that is put into words once; its rows are asked for by parameters.

    The query names what it selects differently from `entered_role` and `is_found`.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        compiled = _entering(statement).compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._fixed = dict(compiled.params)

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values of the parameters in their order."""
        values = {**self._fixed, **given}
        return [values[name] for name in self._names]


@dataclass(frozen=True, slots=True)
class Found:
    """What a query showed to an account that may be in this role."""

    role: str
    rows: Sequence[Record]


class ReadingPool:
    """Connections for queries that are a transaction each; begun when first needed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def read(
        self, query: UserQuery, user_id: int, session_id: int, given: Mapping[str, Any]
    ) -> Found | None:
        """Return the rows that the user may see.

        None where the session is not in force, or the database is away: a transaction
        tells which.
        """
        entering = {"entering_user": user_id, "entering_session": session_id}
        arguments = query.arguments({**given, **entering})
        try:
            rows = await self._pool.fetch(query.sql, *arguments)
        except OUTAGES:
            await self._pool.expire_connections()
            return None
        if not rows:
            return None
        is_empty = rows[0]["is_found"] is None
        return Found(rows[0]["entered_role"], [] if is_empty else rows)


@asynccontextmanager
async def reading_pool(
    engine: AsyncEngine, role: ServiceRole
) -> AsyncIterator[ReadingPool]:
    """Yield connections of their own to the engine's database, in the same role."""
    _, arguments = engine.dialect.create_connect_args(engine.url)
    pool = asyncpg.create_pool(
        **arguments,
        server_settings=session_settings(role),
        min_size=0,
        max_size=LARGEST_POOL,
        init=_decode_json,
        reset=_leave_alone,
    )
    async with pool:
        yield ReadingPool(pool)


async def _decode_json(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
        )


async def _leave_alone(_connection: asyncpg.Connection) -> None:
    """Keep a connection as it is: a statement by itself leaves nothing behind."""


def _entering(statement: Select[Any]) -> Select[Any]:
    """Return the statement that enters as a user and then asks the query."""
    entered = func.tenancy.enter_as_user(
        bindparam("entering_user", type_=BigInteger),
        bindparam("entering_session", type_=BigInteger),
    ).table_valued(column("role"), name="entered")
    asked = statement.subquery("asked")
    page = (
        select(*asked.c, true().label("is_found"))
        .where(entered.c.role.is_not(None))
        .offset(literal_column("0"))
        .lateral("page")
    )
    return select(entered.c.role.label("entered_role"), *page.c).select_from(
        entered.outerjoin(page, true())
    )
