"""Bringing a municipality's figures up to date."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import structlog

from services.scoring.parts import COMPUTE
from services.scoring.repository import book
from services.scoring.repository.book import Changes
from services.scoring.repository.causes import read_causes
from services.scoring.repository.lock import hold_municipality
from services.scoring.repository.part import Part
from shared.contracts.events import Topic
from shared.contracts.traces import is_traced, span_of_job
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

log = structlog.stdlib.get_logger()

TOPICS: Final = tuple(topic for topic in Topic if topic in COMPUTE)
ONE_SNAPSHOT: Final = "REPEATABLE READ"
# Up to so many changes since the last round, seconds to wait before the next: one who
# enters results sees each at once, and thousands within a minute cost a few runs.
PAUSES: Final = ((2, 0.0), (9, 0.5), (99, 2.0))
LONGEST_PAUSE: Final = 10.0
# What people look at while they enter results; the rest is computed when they pause,
# or after so many seconds of entering.
URGENT: Final = Topic.RESULTS
LONGEST_WAIT: Final = 15.0
MOST_PARTS: Final = 100
MOST_RESTARTS: Final = 5

# Waits for a moment, and tells whether something came after a time of the loop's clock.
Entered = Callable[[float], Awaitable[bool]]


class Outcome(StrEnum):
    """What became of an attempt to bring a municipality up to date."""

    UP_TO_DATE = "up_to_date"
    BUSY = "busy"  # another worker holds it
    UNFINISHED = "unfinished"  # changes keep coming, or one part failed
    FAILED = "failed"


async def look_for_changes(database: Database, look_from: str | None) -> Changes:
    """Return which municipalities changed since an earlier look; all from None."""
    async with begin_as_system(database) as work:
        return await book.read_changes(work, look_from)


async def nobody_enters(_since: float) -> bool:
    """Say that nothing new has come, without waiting for it."""
    return False


async def recalculate_municipality(
    database: Database, municipality_id: int, *, entered: Entered = nobody_enters
) -> Outcome:
    """Compute whatever is out of date for the municipality, unless another does.

    Whoever finds the municipality held may go: the holder looks once more after
    letting it go, so that no change is left to nobody.

    Args:
        database: The database.
        municipality_id: Which municipality.
        entered: Tells whether somebody enters more; asked before anything but
            `URGENT`, which then comes first again.
    """
    for _ in range(MOST_RESTARTS):
        async with hold_municipality(database, municipality_id) as held:
            if not held:
                return Outcome.BUSY
            outcome = await _CatchingUp(database, municipality_id, entered).run()
        if outcome is not Outcome.UP_TO_DATE:
            return outcome
        if not await _out_of_date(database, municipality_id):
            return outcome
    return Outcome.UNFINISHED


@dataclass(slots=True)
class _CatchingUp:
    """Computes one part after the other until nothing is out of date any more.

    After each it looks again: what is most urgent never waits for the rest, and where
    that changes all the time, the rest has a turn every few seconds. `done` holds what
    was computed since the last pause.
    """

    database: Database
    municipality_id: int
    entered: Entered
    done: set[Part] = field(default_factory=set)
    failed: set[Part] = field(default_factory=set)
    looked_at: float = float("-inf")
    turn_at: float = field(default_factory=lambda: _now() + LONGEST_WAIT)

    async def run(self) -> Outcome:
        """Compute until all is up to date, or it becomes too much for one round."""
        for _ in range(MOST_PARTS):
            part = await self._next()
            if part is None:
                return Outcome.FAILED if self.failed else Outcome.UP_TO_DATE
            if part.topic is not URGENT and await self._is_interrupted():
                continue
            if not await _attempt(self.database, self.municipality_id, part):
                self.failed.add(part)
            self.done.add(part)
        return Outcome.UNFINISHED

    async def _next(self) -> Part | None:
        """Return what to compute now, after a pause where changes come in a burst."""
        self.looked_at = _now()
        urgent = await self._look((URGENT,))
        is_again = bool(urgent) and urgent[0] in self.done
        pause = pause_after(await self._backlog()) if is_again else 0.0
        if urgent and not pause and not self._is_turn_of_rest():
            return urgent[0]
        parts = await self._look(TOPICS)
        rest = [each for each in parts if each not in self.done]
        if rest and (pause or self._is_turn_of_rest()):
            return next((each for each in rest if each.topic is not URGENT), rest[0])
        if pause:
            await asyncio.sleep(pause)
            self.done.clear()
        return parts[0] if parts else None

    def _is_turn_of_rest(self) -> bool:
        return _now() >= self.turn_at

    async def _is_interrupted(self) -> bool:
        """Tell whether something new comes before the rest, whose turn it is not."""
        if not self._is_turn_of_rest() and await self.entered(self.looked_at):
            return True
        self.turn_at = _now() + LONGEST_WAIT
        return False

    async def _look(self, topics: tuple[Topic, ...]) -> list[Part]:
        found = await _out_of_date(self.database, self.municipality_id, topics)
        return [part for part in found if part not in self.failed]

    async def _backlog(self) -> int:
        async with begin_as_system(self.database, self.municipality_id) as work:
            return await book.count_unseen(work, self.municipality_id)


def _now() -> float:
    return asyncio.get_running_loop().time()


def pause_after(changes: int) -> float:
    """Return how many seconds to gather more, after so many changes in one round."""
    return next((wait for most, wait in PAUSES if changes <= most), LONGEST_PAUSE)


async def _out_of_date(
    database: Database, municipality_id: int, topics: tuple[Topic, ...] = TOPICS
) -> list[Part]:
    async with begin_as_system(database, municipality_id) as work:
        return await book.list_out_of_date(work, municipality_id, topics)


async def _attempt(database: Database, municipality_id: int, part: Part) -> bool:
    """Compute a part; a failure is logged, and stops nothing else."""
    try:
        await compute_run(database, municipality_id, part)
    except Exception:
        log.exception(
            "run_failed",
            municipality_id=municipality_id,
            topic=part.topic,
            year=part.year,
        )
        return False
    return True


async def compute_run(database: Database, municipality_id: int, part: Part) -> int:
    """Compute a part from one snapshot of its inputs; return the number of the run."""
    async with begin_as_system(
        database, municipality_id, isolation=ONE_SNAPSHOT
    ) as work:
        causes = []
        if is_traced():
            causes = await read_causes(work, municipality_id, part)
        with span_of_job(f"compute {part.topic}", causes) as span:
            run = await COMPUTE[part.topic](work, municipality_id, part)
            span.set_attributes(
                {
                    "podyom.municipality_id": municipality_id,
                    "podyom.academic_year": part.year,
                    "podyom.run_id": run,
                }
            )
            return run
