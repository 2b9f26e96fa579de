"""Plans the reminders of a day in a process of its own, and prints what that took.

`python -m benches.support.planning` with `DATABASE_URL` set does one round of the
notifier's planner.
"""

import asyncio
import json
import logging
import os
import resource
import time

import structlog

from services.notifier.usecases.planning import Planner
from shared.persistence.engine import create_engine
from shared.runtime.garbage import collect_rarely
from shared.runtime.reminder_rules import read_reminder_rules


async def main() -> None:
    """Plan, and print seconds, reminders and peak memory."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    collect_rarely()  # as the notifier does when it starts
    engine = create_engine(os.environ["DATABASE_URL"], "notifier")
    planner = Planner(engine, read_reminder_rules(), domain="podyom.example.ru")
    began = time.perf_counter()
    reminders = await planner.plan_round()
    took = {
        "seconds": time.perf_counter() - began,
        "reminders": reminders,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    await engine.dispose()
    print(json.dumps(took))  # noqa: T201 (for the benchmark that starts it)


if __name__ == "__main__":
    asyncio.run(main())
