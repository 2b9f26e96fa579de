"""Bringing a municipality's figures up to date."""

import asyncio
from enum import StrEnum
from typing import Final

import structlog

from services.scoring.parts import COMPUTE
from services.scoring.repository import book
from services.scoring.repository.book import Changes
from services.scoring.repository.lock import hold_municipality
from services.scoring.repository.part import Part
from shared.contracts.events import Topic
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

log = structlog.stdlib.get_logger()

TOPICS: Final = tuple(topic for topic in Topic if topic in COMPUTE)
ONE_SNAPSHOT: Final = "REPEATABLE READ"
# Up to so many changes since the last round, seconds to wait before the next: one who
# enters results sees each at once, and thousands within a minute cost a few runs.
PAUSES: Final = ((2, 0.0), (9, 0.5), (99, 2.0))
LONGEST_PAUSE: Final = 10.0
MOST_PARTS: Final = 50
MOST_RESTARTS: Final = 5


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


async def recalculate_municipality(database: Database, municipality_id: int) -> Outcome:
    """Compute whatever is out of date for the municipality, unless another does.

    Whoever finds the municipality held may go: the holder looks once more after
    letting it go, so that no change is left to nobody.
    """
    for _ in range(MOST_RESTARTS):
        async with hold_municipality(database, municipality_id) as held:
            if not held:
                return Outcome.BUSY
            outcome = await _catch_up(database, municipality_id)
        if outcome is not Outcome.UP_TO_DATE:
            return outcome
        if not await _out_of_date(database, municipality_id):
            return outcome
    return Outcome.UNFINISHED


async def _catch_up(database: Database, municipality_id: int) -> Outcome:
    """Compute one part after the other until nothing is out of date any more.

    After each it looks again: what is most urgent never waits for the rest, and where
    that changes all the time, the rest takes turns with it.
    """
    done: set[Part] = set()
    failed: set[Part] = set()
    is_repeat = False
    for _ in range(MOST_PARTS):
        found = await _out_of_date(database, municipality_id)
        parts = [part for part in found if part not in failed]
        if not parts:
            return Outcome.FAILED if failed else Outcome.UP_TO_DATE
        part, pause = parts[0], 0.0
        rest = [each for each in parts if each not in done]
        if part in done:
            pause = pause_after(await _backlog(database, municipality_id))
        if part in done and rest and (pause or is_repeat):
            part, is_repeat = rest[0], False
        else:
            is_repeat = part in done
            if pause:
                await asyncio.sleep(pause)
                done.clear()
        if not await _attempt(database, municipality_id, part):
            failed.add(part)
        done.add(part)
    return Outcome.UNFINISHED


def pause_after(changes: int) -> float:
    """Return how many seconds to gather more, after so many changes in one round."""
    return next((wait for most, wait in PAUSES if changes <= most), LONGEST_PAUSE)


async def _backlog(database: Database, municipality_id: int) -> int:
    async with begin_as_system(database, municipality_id) as work:
        return await book.count_unseen(work, municipality_id)


async def _out_of_date(database: Database, municipality_id: int) -> list[Part]:
    async with begin_as_system(database, municipality_id) as work:
        return await book.list_out_of_date(work, municipality_id, TOPICS)


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
        return await COMPUTE[part.topic](work, municipality_id, part)
