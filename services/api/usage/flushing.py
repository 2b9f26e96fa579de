"""Writes down once a minute, and at the end, who used what."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from services.api.http.usage_counts import UsageCounts
from services.api.usage import repository
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system
from shared.runtime.sweeper import Sweeper

log = structlog.stdlib.get_logger()

EVERY_SECONDS: Final = 60.0
PATIENCE_SECONDS: Final = 5.0  # for a database that is away at the end
OUTAGES: Final = (OSError, DBAPIError)


async def flush(database: Database, usage: UsageCounts) -> None:
    """Write down what has been counted; what cannot be written is kept for later."""
    counts = usage.take()
    if not counts:
        return
    try:
        async with begin_as_system(database) as work:
            await repository.add(work, counts)
    except BaseException:
        usage.give_back(counts)
        raise


@asynccontextmanager
async def written_usage(database: Database, usage: UsageCounts) -> AsyncIterator[None]:
    """Keep writing it down; at the end what has come since, or say that it is lost."""

    async def write() -> bool:
        await flush(database, usage)
        return False

    sweeper = Sweeper("usage", write, period=EVERY_SECONDS, outages=OUTAGES)
    task = asyncio.create_task(sweeper.run())
    try:
        yield
    finally:
        sweeper.stop()
        await task
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await flush(database, usage)
        except Exception:  # what remains to be stopped is stopped all the same
            log.exception("usage_lost")
