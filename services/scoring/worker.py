"""The scoring worker's tasks: hearing of events, answering rings, and sweeping."""

import asyncio
from functools import partial
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from services.scoring.entering import Entering
from services.scoring.jobs import DATABASE, ENTERING, Rings, Sweep, recalculate
from services.scoring.retention import remove_superseded
from shared.contracts.jobs import SCORING_QUEUE, JobName
from shared.persistence.engine import Database
from shared.persistence.listening import listen_to_events
from shared.runtime.doorbell import listen
from shared.runtime.sweeper import Sweeper

SWEEP_SECONDS: Final = 2.0
# Looking through all runs costs something, and nobody waits for old ones to go.
RETENTION_SECONDS: Final = 600.0
# The queue is a second doorbell: PostgreSQL has told of the same event by then.
POLL_SECONDS: Final = 0.5
# Longer than all rounds of a burst together; what is cut off, a sweep takes up.
JOB_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 3.0
OUTAGES: Final = (SQLAlchemyError, OSError)


async def run(database: Database, redis_url: str, stop: asyncio.Event) -> None:
    """Compute what is out of date until `stop` is set.

    A run that is being computed then is given up, and its transaction with it; the
    next worker finds it out of date.
    """
    entering = Entering()
    sweep = Sweep(database, entering)
    rings = Rings(database, entering)
    sweeper = Sweeper("scoring", sweep.round, period=SWEEP_SECONDS, outages=OUTAGES)
    retention = Sweeper(
        "retention",
        partial(remove_superseded, database),
        period=RETENTION_SECONDS,
        outages=OUTAGES,
    )
    tasks = [
        asyncio.create_task(sweeper.run(), name="sweeper"),
        asyncio.create_task(retention.run(), name="retention"),
        asyncio.create_task(rings.run(), name="rings"),
        asyncio.create_task(listen_to_events(database, rings.hear), name="events"),
        asyncio.create_task(
            listen(
                redis_url,
                SCORING_QUEUE,
                [(JobName.RECALCULATE, recalculate)],
                context={DATABASE: database, ENTERING: entering},
                poll_seconds=POLL_SECONDS,
                job_seconds=JOB_SECONDS,
            ),
            name="doorbell",
        ),
    ]
    stopped = asyncio.create_task(stop.wait())
    # No task ends by itself; should one fail, so does the worker.
    await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopped, *tasks):
        task.cancel()
    ended, _ = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
    for task in ended:
        if not task.cancelled():
            task.result()
