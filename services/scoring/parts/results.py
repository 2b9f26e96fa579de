"""The figures of an academic year's results, and the places of the schools by them."""

import asyncio

from services.scoring.engine.composite.figures import listed_schools
from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.engine.figures import all_figures
from services.scoring.engine.standings import standings
from services.scoring.repository import book, outcomes
from services.scoring.repository.book import Part
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.score_inputs import read_score_inputs
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of results and return its number.

    Without a method in force there are figures but no places.
    """
    scored = await read_score_inputs(work, municipality_id, part.year)
    results = scored.results[part.year]
    methods = (await methods_in_force(work, municipality_id, part.year, Ranking))[:1]
    run_id = await book.make_current(
        work,
        municipality_id,
        part,
        methods=methods,
        results_count=results.height,
        schools_count=listed_schools(scored, part.year).height,
    )
    figures = await asyncio.to_thread(all_figures, results, scored.schools)
    await outcomes.write_figures(work, run_id, municipality_id, figures)
    for method in methods:
        scores = await asyncio.to_thread(school_scores, scored, method.spec, part.year)
        places = await asyncio.to_thread(
            standings, scores, scored, method=method, year=part.year
        )
        await outcomes.write_places(work, run_id, municipality_id, places)
    return run_id
