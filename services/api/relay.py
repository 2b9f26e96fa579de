"""Moves committed events to the workers' queues, as often as it takes.

A change has only been promised to the workers by its row in the outbox; this rings
their doorbells soon after the commit. Nothing rests on it: the workers look into the
outbox themselves every few seconds.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import CONCERNS_REMINDERS, TOPICS, EventKind
from shared.contracts.jobs import (
    NOTIFIER_QUEUE,
    SCORING_QUEUE,
    Job,
    JobName,
    Queue,
)
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

BATCH = 1000
IDLE_SECONDS = 5.0
AFTER_FAILURE_SECONDS = 1.0


def jobs_for(events: Sequence[tuple[int, EventKind, int]]) -> list[Job]:
    """Return one ring per worker and municipality for (number, kind, municipality)."""
    latest: dict[tuple[str, JobName, int], int] = {}
    for number, kind, municipality_id in events:
        if TOPICS[kind]:
            latest[SCORING_QUEUE, JobName.RECALCULATE, municipality_id] = number
        if kind in CONCERNS_REMINDERS:
            latest[NOTIFIER_QUEUE, JobName.REMIND, municipality_id] = number
    return [
        Job(queue, name, municipality_id, f"{name}:{municipality_id}:{number}")
        for (queue, name, municipality_id), number in latest.items()
    ]


class Relay:
    """A background task of the api that empties the outbox into the queues."""

    def __init__(self, engine: AsyncEngine, queue: Queue) -> None:
        self._engine = engine
        self._queue = queue
        self._woken = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin relaying; what an earlier process left behind comes first."""
        self._woken.set()
        self._task = asyncio.create_task(self._run(), name="relay")

    def wake(self) -> None:
        """Say that a transaction has committed, which may have left events."""
        self._woken.set()

    async def stop(self) -> None:
        """End the task after its batch; events that remain wait in the outbox."""
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)
            self._woken.clear()
            try:
                while await self.relay_batch() == BATCH:
                    pass
            except (ConnectionError, OSError, DBAPIError) as error:
                log.warning("relay_postponed", error=str(error))
                await asyncio.sleep(AFTER_FAILURE_SECONDS)
                self._woken.set()

    async def relay_batch(self) -> int:
        """Hand over up to a batch of events and return how many they were.

        Raises:
            ConnectionError: the queue cannot be reached; the events stay.
        """
        async with begin_as_system(self._engine) as work:
            rows = (
                await work.session.execute(
                    select(OutboxRow.number, OutboxRow.kind, OutboxRow.municipality_id)
                    .where(OutboxRow.relayed_at.is_(None))
                    .order_by(OutboxRow.number)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if not rows:
                return 0
            await self._queue.enqueue(
                jobs_for(
                    [(r.number, EventKind(r.kind), r.municipality_id) for r in rows]
                )
            )
            await work.session.execute(
                update(OutboxRow)
                .where(OutboxRow.number.in_([row.number for row in rows]))
                .values(relayed_at=system_now())
            )
        return len(rows)
