"""What schools score by the ranking method in force, for a programme's indicators."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.score_inputs import read_inputs_of_years
from shared.domain.methods.indicators import COMPOSITE
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work

Methods = dict[int, Method[Ranking]]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the method sums up to, by academic year, and the methods that were used.

    A year without a method is missing.
    """

    by_year: Mapping[int, pl.DataFrame]
    methods: tuple[Method[Ranking], ...]


async def read_scores(
    work: Work, area: Area, years: Mapping[int, Collection[int]]
) -> dict[int, Scores]:
    """Score the schools of each year from the results as this transaction sees them.

    They are scored anew instead of read from the year's own run, which may be older
    or newer than the records beside them.

    Args:
        work: The transaction.
        area: The municipalities; they use the same methods.
        years: The academic years of each of them.
    """
    alike: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    for municipality_id, own in years.items():
        alike[frozenset(own)].append(municipality_id)
    found: dict[int, Scores] = {}
    for asked, municipality_ids in alike.items():
        found |= await _scores(work, area.part(municipality_ids), sorted(asked))
    return found


async def _scores(work: Work, area: Area, years: list[int]) -> dict[int, Scores]:
    """Score the same years of all municipalities."""
    in_force: Methods = {}
    for year in years:
        methods = await methods_in_force(work, area.first, year, Ranking)
        if methods:
            in_force[year] = methods[0]
    if not in_force:
        return dict.fromkeys(area.municipality_ids, Scores({}, ()))
    facts = sorted({name for each in in_force.values() for name in each.spec.facts})
    inputs = await read_inputs_of_years(work, area, in_force, facts)
    frames = await asyncio.to_thread(_summed_up, inputs, in_force)
    split = {year: area.split(frame) for year, frame in frames.items()}
    used = tuple({each.content_hash: each for each in in_force.values()}.values())
    return {
        each: Scores({year: of[each] for year, of in split.items()}, used)
        for each in area.municipality_ids
    }


def _summed_up(inputs: Inputs, in_force: Methods) -> dict[int, pl.DataFrame]:
    """Return the composite of each school, without one the figure that ranks."""
    found = {}
    for year, method in in_force.items():
        spec = method.spec
        code = COMPOSITE if spec.composite else spec.ranked_by
        scores = school_scores(inputs, spec, year)
        found[year] = scores.filter(pl.col("code") == code, pl.col("level") != "group")
    return found
