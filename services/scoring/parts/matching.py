"""Mentors that are suggested to the schools of a municipality, all at once."""

import asyncio

import polars as pl

from services.scoring.engine.matching.suggesting import suggest
from services.scoring.repository.areas import Area
from services.scoring.repository.matching_inputs import read_matching
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.runs import Counted, begin_runs
from services.scoring.repository.school_names import names_by_school, read_school_names
from services.scoring.repository.suggestions import write_suggestions
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.matching import Matching
from shared.domain.methods.method import Method, Spec
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of suggestions and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of suggestions for each municipality; they use the same methods.

    Schools are matched within their municipality. Without a method in force the runs
    suggest nothing; of several the first by code is used. Conditions are compared by
    the first method of conditions.
    """
    methods = (await methods_in_force(work, area.first, part.year, Matching))[:1]
    of_conditions = await methods_in_force(work, area.first, part.year, Conditions)
    named = await read_school_names(work, area)
    used: list[Method[Spec]] = [*methods, *of_conditions[:1]] if methods else []
    runs = await begin_runs(work, part, _counted(area, named), methods=used)
    conditions = of_conditions[0].spec if of_conditions else None
    for method in methods:
        known = await read_matching(work, area, part.year, method.spec, conditions)
        found = await asyncio.to_thread(suggest, known, method.spec)
        await write_suggestions(work, runs, found, names_by_school(named))
    return runs


def _counted(area: Area, schools: pl.DataFrame) -> dict[int, Counted]:
    """Count each municipality's schools."""
    found = dict(schools["municipality_id"].value_counts().iter_rows())
    return {each: Counted(0, found.get(each, 0)) for each in area.municipality_ids}
