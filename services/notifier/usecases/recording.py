"""Writing what became of attempts: together, and before anything else is sent.

Whoever has handed a message over waits until that is committed, so that at most one
message per courier may have been accepted without a record. What several couriers wait
for is one transaction, and what still waits to be sent is looked at again in it.
"""

import asyncio

import structlog

from services.notifier.repository import attempts as repository
from services.notifier.repository.attempts import Attempt
from services.notifier.repository.changes import read_changed
from services.notifier.repository.endpoints import owner_of, read_endpoints
from services.notifier.usecases.trips import Trip
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.work import Work, begin_as_system

log = structlog.stdlib.get_logger()

AGAIN_SECONDS = 0.5


class Recorder:
    """Records the attempts of a trip, however long the database is away.

    With each record, letters of the trip that nobody has begun are set aside where
    something they tell of has changed.
    """

    def __init__(self, engine: Database, trip: Trip) -> None:
        self._engine = engine
        self._trip = trip
        self._waiting: list[tuple[Attempt | None, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Return once the letters that wait have been looked at again."""
        await self._wait_for(None)

    async def record(self, attempt: Attempt) -> None:
        """Return once the attempt is committed, and the letters looked at."""
        await self._wait_for(attempt)

    async def _wait_for(self, attempt: Attempt | None) -> None:
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((attempt, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._write([each for each, _ in batch if each is not None])
            except Exception as error:  # noqa: BLE001 (each of them has to know)
                for _, written in batch:
                    if not written.done():
                        written.set_exception(error)
            for _, written in batch:
                if not written.done():
                    written.set_result(None)

    async def _write(self, attempts: list[Attempt]) -> None:
        """Write a batch; sending anything before that could send these twice."""
        while True:
            try:
                async with begin_as_system(self._engine) as work:
                    await repository.record(work, attempts)
                    changed = await self._changed(work)
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("record_postponed", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self._trip.set_aside(changed)
                return

    async def _changed(self, work: Work) -> set[int]:
        """Return the waiting messages that tell of, or go to, what is different now."""
        letters = list(self._trip.waiting)
        changed = await read_changed(
            work,
            [each.written for each in letters],
            leased_until=self._trip.until,
        )
        known = self._trip.endpoints
        if known and letters:
            messages = [each.owed for each in letters]
            now = await read_endpoints(work, messages[0].channel, messages)
            changed |= {
                each.id
                for each in messages
                if now.get(owner_of(each)) != known.get(owner_of(each))
            }
        return changed
