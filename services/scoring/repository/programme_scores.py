"""What schools score by the ranking method in force, for a programme's indicators."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.composite.school_scores import school_scores
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.score_inputs import read_score_inputs
from shared.domain.methods.indicators import COMPOSITE
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Scores:
    """What the method sums up to, by academic year, and the methods that were used.

    A year without a method is missing.
    """

    by_year: Mapping[int, pl.DataFrame]
    methods: tuple[Method[Ranking], ...]


async def read_scores(
    work: Work, municipality_id: int, years: Collection[int]
) -> Scores:
    """Score the schools of each year from the results as this transaction sees them.

    They are scored anew instead of read from the year's own run, which may be older
    or newer than the records beside them.
    """
    by_year: dict[int, pl.DataFrame] = {}
    used: dict[str, Method[Ranking]] = {}
    for year in sorted(years):
        methods = await methods_in_force(work, municipality_id, year, Ranking)
        if methods:
            method = methods[0]
            used[method.content_hash] = method
            area, facts = Area.of(municipality_id), method.spec.facts
            inputs = await read_score_inputs(work, area, year, facts)
            by_year[year] = _summed_up(inputs, method.spec, year)
    return Scores(by_year, tuple(used.values()))


def _summed_up(inputs: Inputs, spec: Ranking, year: int) -> pl.DataFrame:
    """Return the composite of each school, without one the figure that ranks."""
    code = COMPOSITE if spec.composite else spec.ranked_by
    scores = school_scores(inputs, spec, year)
    return scores.filter(pl.col("code") == code, pl.col("level") != "group")
