"""A method applied to one year: figures and scores of indicators, groups, the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.composite.figures import (
    KEYS,
    Choice,
    Inputs,
    Tally,
    figures_of,
    listed_schools,
    tallies,
)
from services.scoring.engine.composite.scores import MUNICIPALITY, scores
from services.scoring.engine.composite.weighing import compose
from services.scoring.engine.ranking import NO_DATA, TOO_FEW_PARTICIPANTS
from shared.domain.methods.composites import Composite
from shared.domain.methods.indicators import COMPOSITE, Indicator, Missing
from shared.domain.methods.ranking import Ranking

LOW_COVERAGE: Final = "low_coverage"
REQUIRED_MISSING: Final = "required_missing"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearScores:
    """Scores of a year for the same schools in the same order, by code.

    A frame has the columns of `FIGURES_SCHEMA`, ``score`` and ``coverage``; that of a
    group or the composite has its score as its ``value``. Codes of groups stand apart
    from those of indicators, and the composite is under ``composite``.
    """

    tallied: Mapping[Choice, Tally]
    indicators: Mapping[str, pl.DataFrame]
    groups: Mapping[str, pl.DataFrame]
    composite: pl.DataFrame | None


def scores_of_year(inputs: Inputs, spec: Ranking, year: int) -> YearScores:
    """Score the schools that a year lists, each among those of its municipality.

    The best, the worst, means and ranks are over the listed schools of the
    municipality whose figure counts.
    """
    schools = listed_schools(inputs, year)
    tallied = tallies(spec.indicators, inputs, year)
    figures = figures_of(
        spec.indicators, inputs, year=year, schools=schools, tallied=tallied
    )
    indicators = {
        each.code: _scored(each, figures[each.code]) for each in spec.indicators
    }
    if spec.composite is None:
        return YearScores(
            tallied=tallied, indicators=indicators, groups={}, composite=None
        )
    columns = {
        code: frame["score"].to_numpy().astype(np.float64)
        for code, frame in indicators.items()
    }
    composed = compose(columns, spec.composite)
    groups = {
        group.code: _summed(
            {code: indicators[code] for code, _ in group.members},
            composed.groups[group.code].mean,
            composed.groups[group.code].coverage,
        )
        for group in spec.composite.groups
    }
    members = {code: indicators[code] for code in member_codes(spec.composite)}
    whole = _summed(members, composed.composite.mean, composed.composite.coverage)
    required = [
        each.code
        for each in spec.indicators
        if each.code in members and each.treatment.missing is Missing.REQUIRED
    ]
    return YearScores(
        tallied=tallied,
        indicators=indicators,
        groups=groups,
        composite=_without_required(whole, [members[code] for code in required]),
    )


def member_codes(composite: Composite) -> list[str]:
    """Return the codes of all indicators in a composite, in alphabetical order."""
    return sorted(code for group in composite.groups for code, _ in group.members)


def frames_of(year: YearScores) -> list[tuple[str, str, pl.DataFrame]]:
    """Return level, code and frame of everything scored, indicators first."""
    composite = [] if year.composite is None else [year.composite]
    return [
        *(("indicator", code, frame) for code, frame in year.indicators.items()),
        *(("group", code, frame) for code, frame in year.groups.items()),
        *((COMPOSITE, COMPOSITE, frame) for frame in composite),
    ]


def _scored(indicator: Indicator, figures: pl.DataFrame) -> pl.DataFrame:
    treatment = indicator.treatment
    counting = figures.select(
        MUNICIPALITY, value=pl.when(pl.col("reason").is_null()).then("value")
    )
    score = scores(counting, scoring=treatment.scoring, direction=indicator.direction)
    scored = figures.with_columns(
        score=score, coverage=pl.when(pl.col("reason").is_null()).then(1.0).otherwise(0)
    )
    if treatment.missing is not Missing.WORST:
        return scored
    worst = pl.col("score").min().over(MUNICIPALITY)
    is_missing = pl.col("reason") == NO_DATA
    return scored.with_columns(score=pl.when(is_missing).then(worst).otherwise("score"))


def _summed(
    members: Mapping[str, pl.DataFrame], score: Floats, coverage: Floats
) -> pl.DataFrame:
    """Describe a group or the composite: over the fewest pupils behind any figure."""
    frames = [members[code] for code in sorted(members)]
    used = [frame["score"].is_not_null() for frame in frames]
    fewest = pl.DataFrame(
        {
            str(place): frame.select(pl.when(is_used).then("n").alias("n")).to_series()
            for place, (frame, is_used) in enumerate(zip(frames, used, strict=True))
        }
    ).select(pl.min_horizontal(pl.all()).alias("n"))
    anything = np.logical_or.reduce([each.to_numpy() for each in used])
    too_few = [frame["reason"].eq_missing(TOO_FEW_PARTICIPANTS) for frame in frames]
    is_few = np.logical_or.reduce([each.to_numpy() for each in too_few])
    value = pl.Series("value", score, nan_to_null=True)
    return (
        frames[0]
        .select(*KEYS)
        .with_columns(
            value,
            fewest["n"],
            numerator=pl.lit(None, pl.Int64),
            n_results=sum_of(frames, "n_results"),
            n_left_out=pl.lit(None, pl.Int64),
            reason=pl.when(value.is_not_null())
            .then(None)
            .when(pl.Series(anything))
            .then(pl.lit(LOW_COVERAGE))
            .when(pl.Series(is_few))
            .then(pl.lit(TOO_FEW_PARTICIPANTS))
            .otherwise(pl.lit(NO_DATA)),
            score=value,
            coverage=pl.Series(coverage),
        )
    )


def sum_of(frames: list[pl.DataFrame], column: str) -> pl.Series:
    """Add up a column of frames with the same rows, missing ones as nothing."""
    columns = pl.DataFrame(
        {str(place): frame[column] for place, frame in enumerate(frames)}
    )
    return columns.select(pl.sum_horizontal(pl.all())).to_series()


def _without_required(
    whole: pl.DataFrame, required: list[pl.DataFrame]
) -> pl.DataFrame:
    """Leave schools outside that lack the score of a required indicator."""
    if not required:
        return whole
    lacks = np.logical_or.reduce([each["score"].is_null() for each in required])
    is_lacking = pl.Series(lacks)
    is_used = pl.col("reason").is_null() | (pl.col("reason") == LOW_COVERAGE)
    return whole.with_columns(
        *(pl.when(~is_lacking).then(name).alias(name) for name in ("value", "score")),
        reason=pl.when(is_lacking & is_used)
        .then(pl.lit(REQUIRED_MISSING))
        .otherwise("reason"),
    )
