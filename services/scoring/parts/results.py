"""The figures of an academic year's results, and the places of the schools by them."""

import asyncio

from services.scoring.engine.figures import all_figures
from services.scoring.engine.listing import ranked_schools
from services.scoring.engine.standings import standings
from services.scoring.repository import book, inputs, outcomes
from services.scoring.repository.book import Part
from services.scoring.repository.methods import methods_in_force
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of results and return its number.

    Without a method in force there are figures but no places.
    """
    results = await inputs.read_results(work, municipality_id, part.year)
    schools = await inputs.read_schools(work, municipality_id)
    methods = (await methods_in_force(work, municipality_id, part.year, Ranking))[:1]
    ranked = ranked_schools(schools, results)
    run_id = await book.make_current(
        work,
        municipality_id,
        part,
        methods=methods,
        results_count=results.height,
        schools_count=len(ranked),
    )
    figures = await asyncio.to_thread(all_figures, results)
    await outcomes.write_figures(work, run_id, municipality_id, figures)
    for method in methods:
        places = await asyncio.to_thread(
            standings, results, schools=ranked, method=method.spec
        )
        await outcomes.write_places(work, run_id, municipality_id, places)
    return run_id
