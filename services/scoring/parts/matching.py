"""Mentors that are suggested to the schools of a municipality, all at once."""

import asyncio

from services.scoring.engine.matching.suggesting import suggest
from services.scoring.repository.matching_inputs import read_matching
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.runs import begin_run
from services.scoring.repository.school_names import read_school_names
from services.scoring.repository.suggestions import write_suggestions
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.matching import Matching
from shared.domain.methods.method import Method, Spec
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of suggestions and return its number.

    Without a method in force the run suggests nothing; of several the first by code
    is used. Conditions are compared by the first method of conditions.
    """
    methods = (await methods_in_force(work, municipality_id, part.year, Matching))[:1]
    of_conditions = await methods_in_force(work, municipality_id, part.year, Conditions)
    names = await read_school_names(work, municipality_id)
    used: list[Method[Spec]] = [*methods, *of_conditions[:1]] if methods else []
    run_id = await begin_run(
        work, municipality_id, part, methods=used, schools_count=len(names)
    )
    conditions = of_conditions[0].spec if of_conditions else None
    for method in methods:
        known = await read_matching(
            work, municipality_id, part.year, method.spec, conditions
        )
        found = await asyncio.to_thread(suggest, known, method.spec)
        await write_suggestions(work, run_id, municipality_id, found, names)
    return run_id
