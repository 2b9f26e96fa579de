"""The figures of an academic year's results, and the places of the schools by them."""

import asyncio
from typing import Any

from services.scoring.engine.composite.figures import listed_schools
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
    figures = await asyncio.to_thread(all_figures, results, scored.schools)
    await outcomes.write_figures(work, runs, figures)
    for method in methods:
        clusters = [await clusters_of(work, area, part.year, each) for each in likeness]
        scores = await asyncio.to_thread(school_scores, scored, method.spec, part.year)
        await outcomes.write_scores(work, runs, scores)
        places = await asyncio.to_thread(
            standings,
            scores,
            scored,
            method=method,
            year=part.year,
            clusters=clusters[0] if clusters else None,
        )
        await outcomes.write_places(work, runs, places)
    return runs
