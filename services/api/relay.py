"""Moves committed events to the workers' queues, as often as it takes.

A change has only been promised to the workers by its row in the outbox; this rings
their doorbells soon after the commit. Nothing rests on it: the workers look into the
outbox themselves every few seconds.
"""

from collections.abc import Sequence

from sqlalchemy import select, update

from shared.contracts.events import CONCERNS_REMINDERS, TOPICS, EventKind
from shared.contracts.jobs import (
    NOTIFIER_QUEUE,
    SCORING_QUEUE,
    Job,
    JobName,
    Queue,
)
from shared.persistence.engine import Database
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

BATCH = 1000
EVERY_SECONDS = 5.0


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


async def relay(database: Database, queue: Queue) -> int:
    """Hand over up to a batch of events and return how many they were.

    Raises:
        ConnectionError: the queue cannot be reached; the events stay.
    """
    async with begin_as_system(database) as work:
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
        await queue.enqueue(
            jobs_for([(r.number, EventKind(r.kind), r.municipality_id) for r in rows])
        )
        await work.session.execute(
            update(OutboxRow)
            .where(OutboxRow.number.in_([row.number for row in rows]))
            .values(relayed_at=system_now())
        )
    return len(rows)
