"""Bringing a municipality's figures up to date."""

import asyncio
from enum import StrEnum
from typing import Final, assert_never

import structlog

from services.scoring.engine.figures import all_figures
from services.scoring.engine.listing import counted_schools, ranked_schools
from services.scoring.engine.programme import ProgrammeInputs
from services.scoring.engine.standings import standings
from services.scoring.engine.targets import TargetValue, value_of
from services.scoring.repository import book, inputs, outcomes
from services.scoring.repository.book import Changes, Part
from services.scoring.repository.inputs import ProgrammeTargets
from services.scoring.repository.lock import hold_municipality
from shared.contracts.events import Topic
from shared.persistence.engine import Database
from shared.persistence.work import Work, begin_as_system

log = structlog.stdlib.get_logger()

ONE_SNAPSHOT: Final = "REPEATABLE READ"
# Seconds before each round while changes keep coming: the first is shown at once, a
# burst of thousands then costs a run every few seconds.
PAUSES: Final = (0.0, 0.1, 0.3, 1.0, 2.0, 2.0)
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
    """Compute in rounds until nothing is out of date any more."""
    for pause in PAUSES:
        parts = await _out_of_date(database, municipality_id)
        if not parts:
            return Outcome.UP_TO_DATE
        await asyncio.sleep(pause)
        if not all([await _attempt(database, municipality_id, part) for part in parts]):
            return Outcome.FAILED
    return Outcome.UNFINISHED


async def _out_of_date(database: Database, municipality_id: int) -> list[Part]:
    async with begin_as_system(database, municipality_id) as work:
        return await book.list_out_of_date(work, municipality_id)


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
        match part.topic:
            case Topic.RESULTS:
                return await _score_results(work, municipality_id, part)
            case Topic.PROGRAMME:
                return await _score_programmes(work, municipality_id, part)
            case _:
                assert_never(part.topic)


async def _score_results(work: Work, municipality_id: int, part: Part) -> int:
    results = await inputs.read_results(work, municipality_id, part.year)
    schools = await inputs.read_schools(work, municipality_id)
    method = await inputs.read_method(work)
    ranked = ranked_schools(schools, results)
    run_id = await book.make_current(
        work,
        municipality_id,
        part,
        method=method,
        results_count=results.height,
        schools_count=len(ranked),
    )
    figures = await asyncio.to_thread(all_figures, results)
    await outcomes.write_figures(work, run_id, municipality_id, figures)
    if method is not None:
        places = await asyncio.to_thread(
            standings, results, schools=ranked, method=method
        )
        await outcomes.write_places(work, run_id, municipality_id, places)
    return run_id


async def _score_programmes(work: Work, municipality_id: int, part: Part) -> int:
    schools = counted_schools(await inputs.read_schools(work, municipality_id))
    values = {
        programme.programme_id: _values_of(programme, schools)
        for programme in await inputs.read_programmes(work, municipality_id)
    }
    run_id = await book.make_current(
        work, municipality_id, part, schools_count=len(schools)
    )
    names = await inputs.read_school_names(work, municipality_id)
    await outcomes.write_programme_values(work, run_id, municipality_id, values, names)
    return run_id


def _values_of(programme: ProgrammeTargets, schools: list[int]) -> list[TargetValue]:
    return [
        value_of(
            target,
            ProgrammeInputs(
                year=target.year, schools=schools, agreements=programme.agreements
            ),
        )
        for target in programme.targets
    ]
