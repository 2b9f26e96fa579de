"""Bringing many municipalities up to date together: a region, or a country."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import structlog

from services.scoring.parts import COMPUTE_AREA
from services.scoring.repository import wide_book
from services.scoring.repository.areas import Area
from services.scoring.repository.causes import read_causes_in
from services.scoring.repository.lock import hold_municipalities
from services.scoring.repository.part import Part
from services.scoring.usecases import ONE_SNAPSHOT
from shared.contracts.events import Topic
from shared.contracts.traces import is_traced, span_of_job
from shared.persistence.engine import Database
from shared.persistence.work import Work, begin_as_system

log = structlog.stdlib.get_logger()

# Conditions come first: their clusters need not be found again for the results then.
TOPICS: Final = (
    Topic.CONDITIONS,
    *(each for each in Topic if each in COMPUTE_AREA and each is not Topic.CONDITIONS),
)
# While the database takes what one piece came to, the others are counted. Larger pieces
# would keep their transactions open for long, which the change feed waits for.
AT_ONCE: Final = 3
TOGETHER: Final = 25


async def recalculate_area(
    database: Database,
    municipality_ids: Sequence[int],
    topics: Sequence[Topic] = TOPICS,
) -> int:
    """Compute together what is out of date in these municipalities.

    Those that another worker holds are left to it. What comes meanwhile is left to
    `recalculate_municipality`, which looks again: the figures are the same to the byte
    whichever of the two computes them.

    Returns:
        How many runs there are now.
    """
    async with hold_municipalities(database, municipality_ids) as held:
        if not held:
            return 0
        async with begin_as_system(database) as work:
            parts = await wide_book.list_parts(work, Area.of(*held), topics)
            areas = await wide_book.split_by_methods(work, Area.of(*held))
        slots = asyncio.Semaphore(AT_ONCE)

        async def compute(piece: Area) -> int:
            async with slots:
                return await _compute(database, piece, parts)

        runs = await asyncio.gather(*(compute(piece) for piece in _pieces(areas)))
    return sum(runs)


def _pieces(areas: Iterable[Area]) -> Iterator[Area]:
    """Yield areas of up to `TOGETHER` municipalities each."""
    for area in areas:
        numbers = area.municipality_ids
        for begin in range(0, len(numbers), TOGETHER):
            yield Area.of(*numbers[begin : begin + TOGETHER])


async def _compute(
    database: Database, piece: Area, parts: Mapping[Part, Sequence[int]]
) -> int:
    """Compute the parts of a piece from one snapshot; all are seen at once.

    A failure is logged, and the others go on.
    """
    runs = 0
    async with begin_as_system(database, isolation=ONE_SNAPSHOT) as work:
        whole = piece.keeping()
        for part, wanted in parts.items():
            common = Area.of(*set(piece.municipality_ids).intersection(wanted))
            if common.municipality_ids:
                area = whole if common == piece else common
                runs += await _attempt(work, area, part)
    return runs


async def _attempt(work: Work, area: Area, part: Part) -> int:
    """Compute a part; where that fails, nothing of it is written."""
    try:
        async with work.session.begin_nested():
            return await compute_runs(work, area, part)
    except Exception:
        log.exception(
            "runs_failed",
            municipalities=len(area.municipality_ids),
            topic=part.topic,
            year=part.year,
        )
        return 0


async def compute_runs(work: Work, area: Area, part: Part) -> int:
    """Compute a part of an area's and return how many runs it has now.

    The span tells how many municipalities there were, and none of their numbers.
    """
    causes = await read_causes_in(work, area, part) if is_traced() else []
    with span_of_job(f"compute {part.topic} together", causes) as span:
        runs = await COMPUTE_AREA[part.topic](work, area, part)
        span.set_attributes(
            {
                "podyom.topic": part.topic.value,
                "podyom.academic_year": part.year,
                "podyom.municipalities": len(area.municipality_ids),
                "podyom.runs": len(runs),
            }
        )
    return len(runs)
