"""What the api does beside answering: relaying, sealing, numbering, noticing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError

from services.api import closures, feed, leftovers, missed, relay, sealer
from services.api.feed import Feed
from services.api.http import forgetting
from services.api.imports import previewing
from services.api.leftovers import SweepMetrics
from shared.contracts.jobs import Queue
from shared.persistence.engine import Database
from shared.runtime.file_store import FileStore
from shared.runtime.sweeper import Sweeper

OUTAGES = (OSError, DBAPIError)


@asynccontextmanager
async def background(
    database: Database,
    queue: Queue,
    changes: Feed,
    files: FileStore,
    swept: SweepMetrics,
) -> AsyncIterator[Sweeper]:
    """Keep the tasks running; yield the relay's, to be rung after a commit.

    `swept` counts the files that one of them takes away. At the end each finishes the
    batch in hand, and what remains waits for the next start.
    """

    async def relay_batch() -> bool:
        return await relay.relay(database, queue) == relay.BATCH

    async def seal_batch() -> bool:
        return await sealer.seal(database) == sealer.BATCH

    async def forget() -> bool:
        await forgetting.forget(database)
        return await feed.forget(database) == feed.BATCH

    async def number() -> bool:
        await changes.catch_up()
        return False

    async def notice() -> bool:
        return await missed.notice(database) == missed.BATCH

    async def close() -> bool:
        await closures.withdraw(database)
        return False

    async def tidy() -> bool:
        await leftovers.sweep(database, files, swept)
        return False

    async def sweep() -> bool:
        await previewing.fail_interrupted(database)
        return False

    relaying = Sweeper(
        "relay", relay_batch, period=relay.EVERY_SECONDS, outages=OUTAGES
    )
    numbering = Sweeper("numbering", number, period=feed.EVERY_SECONDS, outages=OUTAGES)
    changes.on_waiting = numbering.ring
    sweepers = (
        relaying,
        Sweeper("sealer", seal_batch, period=sealer.EVERY_SECONDS, outages=OUTAGES),
        Sweeper("forgetting", forget, period=forgetting.EVERY_SECONDS, outages=OUTAGES),
        numbering,
        Sweeper("missed", notice, period=missed.EVERY_SECONDS, outages=OUTAGES),
        Sweeper("closures", close, period=closures.EVERY_SECONDS, outages=OUTAGES),
        Sweeper("files", tidy, period=leftovers.EVERY_SECONDS, outages=OUTAGES),
        Sweeper("imports", sweep, period=previewing.SWEEP_SECONDS, outages=OUTAGES),
    )
    tasks = [asyncio.create_task(sweeper.run()) for sweeper in sweepers]
    try:
        yield relaying
    finally:
        for sweeper in sweepers:
            sweeper.stop()
        await asyncio.gather(*tasks)
