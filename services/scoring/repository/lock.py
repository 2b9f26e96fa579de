"""One municipality is computed by one worker at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import func, select
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
