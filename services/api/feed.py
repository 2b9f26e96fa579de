"""The change feed of this process: numbering what was committed, and telling of it.

Changes get their numbers after their commit, from whichever process asks first; all of
them hear of it from PostgreSQL, and wake those who wait.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from shared.persistence.engine import Database
from shared.persistence.feed import (
    NUMBERED,
    forget_changes,
    has_unnumbered,
    number_changes,
)
from shared.persistence.listening import listen_to_changes
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

BATCH: Final = 10_000
EVERY_SECONDS: Final = 2.0
# Whoever has not asked for so long begins anew with a snapshot.
KEPT_FOR: Final = timedelta(days=90)


async def forget(database: Database) -> int:
    """Forget a batch of changes that are too old; return how many."""
    async with begin_as_system(database) as work:
        before = system_now() - KEPT_FOR
        return await forget_changes(work, before=before, limit=BATCH)


class Feed:
    """Numbers changes on demand, and wakes who waits for them.

    It listens from the first wait on, so that a process that nobody waits in spares
    the connection. `on_waiting` is called when changes were committed.
    """

    def __init__(self, database: Database) -> None:
        self.on_waiting: Callable[[], None] = lambda: None
        self._database = database
        self._upcoming = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None
        self._round = asyncio.Lock()
        self._rounds = 0
        self.is_closed = False

    async def catch_up(self) -> None:
        """Number whatever had been committed before this was called."""
        asked = self._rounds
        async with self._round:
            if self._rounds > asked:
                return  # a round has begun and ended meanwhile
            self._rounds += 1
            # Whoever asked may go away; what was begun is ended all the same.
            await asyncio.create_task(self._number_all())

    async def _number_all(self) -> None:
        while await self._number() == BATCH:
            pass

    async def _number(self) -> int:
        async with begin_as_system(self._database) as work:
            if not await has_unnumbered(work):
                return 0
            return await number_changes(work, BATCH)

    def upcoming(self) -> asyncio.Event:
        """Return what is set as soon as there are new numbers."""
        if self._listener is None:
            self._listener = asyncio.create_task(
                listen_to_changes(self._database, self._hear)
            )
        return self._upcoming

    def _hear(self, said: str) -> None:
        if said != NUMBERED:
            self.on_waiting()
            return
        arrived, self._upcoming = self._upcoming, asyncio.Event()
        arrived.set()

    def let_go(self) -> None:
        """Let all go who wait, since the process is about to end."""
        self.is_closed = True
        self._upcoming.set()

    async def close(self) -> None:
        """Stop listening, and let all go who wait."""
        self.let_go()
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener


@asynccontextmanager
async def feeding(database: Database) -> AsyncIterator[Feed]:
    """Yield the process's feed."""
    feed = Feed(database)
    try:
        yield feed
    finally:
        await feed.close()
