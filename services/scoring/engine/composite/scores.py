"""Scores of schools within their municipality, by each rule of a method."""

from typing import Final, assert_never

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.rounding import rounded
from shared.domain.measures import Direction
from shared.domain.methods.scoring_rules import Rule, Scoring

Floats = NDArray[np.float64]

MUNICIPALITY: Final = "municipality_id"
NEUTRAL: Final = 50.0

# Figures closer than this differ by the noise of floats, not in truth.
NOISE: Final = 1e-10


def scores(
    figures: pl.DataFrame, *, scoring: Scoring, direction: Direction
) -> pl.Series:
    """Score the figures of schools among those of their own municipality.

    Args:
        figures: ``municipality_id`` and ``value``; a row for each school, with a null
            where it has no figure that counts. Rows of a municipality are in the
            order of their schools, which decides the order of the one sum of floats.
        scoring: The rule.
        direction: Which end of the scale is the good one.

    Returns:
        A score for each row in its order, null where the value is.
    """
    more = direction is Direction.MORE_IS_BETTER
    match scoring.rule:
        case Rule.BEST_IS_100:
            return figures.select(score=_best_is_100(more=more)).to_series()
        case Rule.MIN_MAX:
            return figures.select(score=_min_max(more=more)).to_series()
        case Rule.Z_SCORE:
            return _z_score(figures, more=more)
        case Rule.BANDS:
            return figures.select(score=_points(scoring)).to_series()
        case Rule.RANK_PERCENTILE:
            return figures.select(score=_rank_percentile(more=more)).to_series()
        case Rule.VALUE:
            return figures["value"].rename("score")
        case _:
            assert_never(scoring.rule)


def _best_is_100(*, more: bool) -> pl.Expr:
    """The best has 100, the others in proportion: 100·x/max, or 100·min/x for less.

    Source: the usual scoring of municipal ratings. A proportion exists among positive
    figures only: where the best is 0 or below, and for a figure below 0, the best has
    100 and whatever is not the best has 0. So one school without a single 2 leaves
    nothing to the others: for shares that may be 0, `min_max` is the kinder rule.

    Of 40, 80 and 20 the best is 80, or 20 where less is better:

    >>> rows = {"municipality_id": [1, 1, 1], "value": [40.0, 80.0, 20.0]}
    >>> pl.DataFrame(rows).select(
    ...     more=_best_is_100(more=True), less=_best_is_100(more=False)
    ... ).rows()
    [(50.0, 50.0), (100.0, 25.0), (25.0, 100.0)]
    """
    value = pl.col("value")
    best = (value.max() if more else value.min()).over(MUNICIPALITY)
    part = value / best if more else best / value
    return (
        pl.when(value == best)
        .then(100.0)
        .when((value > 0) & (best > 0))
        .then(part * 100)
        .when(value.is_not_null())
        .then(0.0)
    )


def _min_max(*, more: bool) -> pl.Expr:
    """From 0 for the worst to 100 for the best: 100·(x − min)/(max − min).

    Source: linear normalisation. Where all are equal nobody is better or worse, and
    each has `NEUTRAL`.

    >>> rows = {"municipality_id": [1, 1, 1], "value": [40.0, 80.0, 20.0]}
    >>> pl.DataFrame(rows).select(_min_max(more=False)).to_series().round(2).to_list()
    [66.67, 0.0, 100.0]
    """
    value = pl.col("value")
    low, high = value.min().over(MUNICIPALITY), value.max().over(MUNICIPALITY)
    above = value - low if more else high - value
    return (
        pl.when(value.is_null())
        .then(None)
        .when(high > low)
        .then(above / (high - low) * 100)
        .otherwise(NEUTRAL)
    )


def _z_score(figures: pl.DataFrame, *, more: bool) -> pl.Series:
    """Standard deviations from the mean: (x − mean)/σ, σ over all schools (1/N).

    Source: the standard score; σ is that of a population, as the schools of the
    municipality are all that there are. Where all are equal each has 0.

    Of 2, 4, 4, 4, 5, 5, 7, 9 the mean is 5 and σ is 2:

    >>> values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
    >>> rows = {"municipality_id": [1] * 8, "value": values}
    >>> _z_score(pl.DataFrame(rows), more=True).to_list()
    [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]
    """
    values = figures["value"].to_numpy()
    _, group = np.unique(figures[MUNICIPALITY].to_numpy(), return_inverse=True)
    count = _sums(group, np.isfinite(values).astype(np.float64))
    known = np.maximum(count, 1)
    gap = values - (_sums(group, values) / known)[group]
    deviation = np.sqrt(_sums(group, gap * gap) / known)[group]
    spread = figures.select(
        (pl.col("value").max() - pl.col("value").min()).over(MUNICIPALITY)
    )
    differ = spread.to_series().fill_null(0.0).to_numpy() > 0
    z = np.where(differ, gap / np.where(deviation > 0, deviation, 1.0), gap * 0.0)
    return pl.Series("score", (z if more else -z) + 0.0, nan_to_null=True)


def _sums(group: NDArray[np.intp], values: Floats) -> Floats:
    """Sum each group in the order of its rows, whatever other groups there are."""
    known = np.where(np.isnan(values), 0.0, values)
    return np.bincount(group, weights=known).astype(np.float64)


def _points(scoring: Scoring) -> pl.Expr:
    """Points of the band that a figure lies in; a cut belongs to the band above it.

    Source: scales of points. With the cuts 50 and 65, a figure of 65 has the points
    of the highest band and 64.99 those of the middle one:

    >>> bands = Scoring(rule=Rule.BANDS, cuts=(50.0, 65.0), points=(0.0, 1.0, 2.0))
    >>> rows = {"value": [49.99, 50.0, 64.99, 65.0]}
    >>> pl.DataFrame(rows).select(_points(bands)).to_series().to_list()
    [0.0, 1.0, 1.0, 2.0]
    """
    points: pl.Expr = pl.lit(scoring.points[0])
    for cut, worth in zip(scoring.cuts, scoring.points[1:], strict=True):
        points = pl.when(reaches(pl.col("value"), cut)).then(worth).otherwise(points)
    return pl.when(pl.col("value").is_not_null()).then(points)


def _rank_percentile(*, more: bool) -> pl.Expr:
    """Per cent of schools that are no better, half of the equal ones and of itself.

    Source: the percentile rank (scipy's `percentileofscore` of kind “mean”). Figures
    that read the same once rounded are equal, as in the ranking.

    Of four schools the best has 87.5: three are below it, and half of itself:

    >>> rows = {"municipality_id": [1] * 4, "value": [40.0, 80.0, 20.0, 40.0]}
    >>> pl.DataFrame(rows).select(_rank_percentile(more=True)).to_series().to_list()
    [50.0, 87.5, 12.5, 50.0]
    """
    shown = rounded(pl.col("value"))
    place = shown.rank("average", descending=not more).over(MUNICIPALITY)
    known = pl.col("value").count().over(MUNICIPALITY)
    return (place - 0.5) / known * 100


def reaches(value: pl.Expr, cut: float) -> pl.Expr:
    """Tell whether a figure is a cut or above; float noise below it is the cut."""
    return value >= cut - NOISE
