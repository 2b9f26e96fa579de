"""Recalculates municipalities in a process of its own, and prints what that took.

`python -m benches.support.recalculation FIRST LAST` with `DATABASE_URL` set computes
the municipalities with these numbers, by the functions that the worker's sweep calls.
"""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from services.scoring.engine import places, standings
from services.scoring.wide_usecases import TOPICS, recalculate_area
from shared.contracts.events import Topic
from shared.persistence.engine import create_engine

# Programmes and mentors are not part of what is compared with copying.
FIGURES = tuple(
    each for each in TOPICS if each not in {Topic.PROGRAMME, Topic.MATCHING}
)

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Clock:
    """The time of a core that functions take, wherever they are called from."""

    seconds: float = 0.0

    def timed(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function, which now adds its time."""

        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.thread_time() - began

        return call


async def main(first: int, last: int) -> None:
    """Compute, and print seconds, those of rank intervals, runs and peak memory."""
    intervals = Clock()
    for module, function in ((standings, "resample"), (places, "place_interval")):
        setattr(module, function, intervals.timed(getattr(module, function)))
    database = create_engine(os.environ["DATABASE_URL"], "scoring")
    began = time.perf_counter()
    runs = await recalculate_area(database, range(first, last + 1), FIGURES)
    took = {
        "seconds": time.perf_counter() - began,
        "interval_seconds": intervals.seconds,
        "runs": runs,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    await database.dispose()
    print(json.dumps(took))  # noqa: T201 (for the benchmark that starts it)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
