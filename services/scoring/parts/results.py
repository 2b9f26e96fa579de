"""The figures of an academic year's results, and the places of the schools by them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar, cast

import polars as pl

from services.scoring.engine.composite.figures import Inputs, listed_schools
from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.engine.figures import all_figures
from services.scoring.engine.standings import standings
from services.scoring.parts.clusters import clusters_of
from services.scoring.repository import outcomes
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.runs import begin_runs, count_inputs
from services.scoring.repository.score_inputs import read_score_inputs
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work

First = TypeVar("First")
Second = TypeVar("Second")


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of results and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of results for each municipality; they use the same methods.

    Without a method in force there are figures but no places; the places are within
    clusters, too, where a method of conditions is in force.
    """
    methods = (await methods_in_force(work, area.first, part.year, Ranking))[:1]
    likeness = (await methods_in_force(work, area.first, part.year, Conditions))[:1]
    facts = [name for method in methods for name in method.spec.facts]
    scored = await read_score_inputs(work, area, part.year, facts)
    results = scored.results[part.year]
    counted = count_inputs(
        area, scored.schools, results, listed_schools(scored, part.year)
    )
    used: list[Method[Any]] = [*methods, *likeness] if methods else []
    runs = await begin_runs(work, part, counted, methods=used)
    # The database reads and takes what it needs while the next is counted.
    (figures, scores), clusters = await _both(
        _both(
            asyncio.to_thread(all_figures, results, scored.schools),
            asyncio.to_thread(_scores, scored, methods, part.year),
        ),
        _clusters(work, area, part.year, likeness if methods else []),
    )
    _, places = await _both(
        outcomes.write_figures(work, runs, figures),
        asyncio.to_thread(_places, scores, scored, methods, part.year, clusters),
    )
    for each in scores:
        await outcomes.write_scores(work, runs, each)
    for each in places:
        await outcomes.write_places(work, runs, each)
    return runs


async def _clusters(
    work: Work, area: Area, year: int, likeness: list[Method[Conditions]]
) -> pl.DataFrame | None:
    found = [await clusters_of(work, area, year, method) for method in likeness]
    return found[0] if found else None


def _scores(
    scored: Inputs, methods: list[Method[Ranking]], year: int
) -> list[pl.DataFrame]:
    """Return the scores of each method."""
    return [school_scores(scored, method.spec, year) for method in methods]


def _places(
    scores: list[pl.DataFrame],
    scored: Inputs,
    methods: list[Method[Ranking]],
    year: int,
    clusters: pl.DataFrame | None,
) -> list[pl.DataFrame]:
    """Return the places by each method's scores."""
    return [
        standings(each, scored, method=method, year=year, clusters=clusters)
        for each, method in zip(scores, methods, strict=True)
    ]


async def _both(
    first: Coroutine[Any, Any, First], second: Coroutine[Any, Any, Second]
) -> tuple[First, Second]:
    """Wait for both, also where one fails: the transaction is used by one of them."""
    done = await asyncio.gather(first, second, return_exceptions=True)
    for each in done:
        if isinstance(each, BaseException):
            raise each
    return cast("tuple[First, Second]", done)
