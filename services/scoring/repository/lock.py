"""One municipality is computed by one worker at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import BigInteger, Integer, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

# Sets these advisory locks apart from any others in the database.
LOCK_CLASS: Final = 7083


@asynccontextmanager
async def hold_municipality(
    database: AsyncEngine, municipality_id: int
) -> AsyncIterator[bool]:
    """Try to hold the municipality while the block runs; yield whether it is held.

    The lock belongs to a connection of its own, so that PostgreSQL frees it when the
    process dies, at whatever moment.
    """
    async with database.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        held = await connection.scalar(
            select(func.pg_try_advisory_lock(LOCK_CLASS, municipality_id))
        )
        try:
            yield bool(held)
            if held:
                await connection.execute(
                    select(func.pg_advisory_unlock(LOCK_CLASS, municipality_id))
                )
        except BaseException:
            # Closing frees the lock; a pooled connection must never keep one.
            await connection.invalidate()
            raise


@asynccontextmanager
async def hold_municipalities(
    database: AsyncEngine, municipality_ids: Sequence[int]
) -> AsyncIterator[list[int]]:
    """Try to hold each of them while the block runs; yield those that are held."""
    wanted = func.unnest(literal(list(municipality_ids), ARRAY(BigInteger)))
    numbers = select(wanted.column_valued("number")).subquery()
    held = select(numbers.c.number).where(
        func.pg_try_advisory_lock(LOCK_CLASS, cast(numbers.c.number, Integer))
    )
    async with database.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield sorted(await connection.scalars(held))
        finally:
            # Closing frees the locks all at once, whatever has happened.
            await connection.invalidate()
