"""How a figure of a school moved from one year to the next, and what that weighs.

The size of a change and whether chance alone explains it are two answers: a large
change of six pupils may be chance, a small one of six hundred is not.
"""

from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import erfc

from services.scoring.engine.composite.scores import NOISE
from shared.domain.measures import Direction
from shared.domain.methods.comparability import Incomparable
from shared.domain.methods.indicators import Unit

Floats = NDArray[np.float64]


class Dynamics(StrEnum):
    """What became of a figure; for the better is positive, whatever its direction."""

    POSITIVE = "positive"
    STABLE = "stable"
    NEGATIVE = "negative"
    INCOMPARABLE = "incomparable"


# What one pupil adds to a figure: 100/n of a share, one mark in n of a mean mark.
ONE_PUPIL: Final = {Unit.PERCENT: 100.0, Unit.MARK: 1.0}


def dynamics(
    years: pl.DataFrame, *, unit: Unit, direction: Direction, tolerance: float
) -> pl.DataFrame:
    """Compare each school's figure with its figure of the year before.

    Source: domain rules of the programmes: stable if |Δ| ≤ max(tolerance, one pupil),
    exactly so at the edge. One pupil is 100/n of a share, n being the smaller of both
    years', where a pupil weighs most.

    Args:
        years: ``value``, ``n`` (null where no pupils are counted), ``reason`` (why
            the value does not count) and ``incomparable`` (why the years do not
            compare, null if they do), and the first three with the suffix ``_before``.
        unit: Of the values.
        direction: Which end of the scale is the good one.
        tolerance: In the unit of the values.

    Returns:
        For each row ``change`` (value − value before, whatever its direction), null
        where incomparable; ``noise`` (the largest change that is none); ``dynamics``;
        ``incomparable``.

    60 % of 10 pupils after 50 % is the weight of one pupil; 75 % of 20 is more than it:

    >>> rows = {"value": [60.0, 75.0], "n": [10, 20], "reason": [None, None]}
    >>> before = {"value_before": [50.0, 50.0], "n_before": [10, 10]}
    >>> known = {"reason_before": [None, None], "incomparable": [None, None]}
    >>> dynamics(
    ...     pl.DataFrame(rows | before | known),
    ...     unit=Unit.PERCENT,
    ...     direction=Direction.MORE_IS_BETTER,
    ...     tolerance=0.0,
    ... ).select("change", "noise", "dynamics").rows()
    [(10.0, 10.0, 'stable'), (25.0, 10.0, 'positive')]
    """
    reason = _incomparable()
    compared = years.select(
        incomparable=reason,
        change=pl.when(reason.is_null()).then(pl.col("value") - pl.col("value_before")),
        noise=pl.when(reason.is_null()).then(_noise(unit, tolerance)),
    )
    better = pl.col("change")
    if direction is Direction.LESS_IS_BETTER:
        better = -better
    return compared.with_columns(
        dynamics=pl.when(pl.col("change").is_null())
        .then(pl.lit(Dynamics.INCOMPARABLE.value))
        .when(pl.col("change").abs() <= pl.col("noise") + NOISE)
        .then(pl.lit(Dynamics.STABLE.value))
        .when(better > 0)
        .then(pl.lit(Dynamics.POSITIVE.value))
        .otherwise(pl.lit(Dynamics.NEGATIVE.value))
    ).select("change", "noise", "dynamics", "incomparable")


def weight_of_evidence(years: pl.DataFrame) -> pl.DataFrame:
    """Give the size of a change of shares, and how surprising it is by chance.

    Source: Cohen's h = 2·arcsin√p − 2·arcsin√q (0.2 small, 0.5 medium, 0.8 large), and
    the two-sided z-test of two proportions with the pooled variance. It takes pupils
    for independent of each other, which pupils of one class are not quite: a value
    near 0.05 proves nothing.

    Args:
        years: ``numerator`` and ``n`` of a share, and both with ``_before``; null
            numerators are no shares.

    Returns:
        ``effect`` and ``p_value`` for each row, null without pupils in both years.

    30 of 50 pupils after 20 of 50:

    >>> rows = {"numerator": [30], "n": [50], "numerator_before": [20]}
    >>> evidence = weight_of_evidence(pl.DataFrame(rows | {"n_before": [50]}))
    >>> [(round(h, 4), round(p, 4)) for h, p in evidence.rows()]
    [(0.4027, 0.0455)]
    """
    counts = [
        years[name].cast(pl.Float64).to_numpy()
        for name in ("numerator", "n", "numerator_before", "n_before")
    ]
    k, n, k_before, n_before = (np.where(each >= 0, each, np.nan) for each in counts)
    n, n_before = (np.where(each > 0, each, np.nan) for each in (n, n_before))
    effect = 2 * np.arcsin(np.sqrt(k / n)) - 2 * np.arcsin(np.sqrt(k_before / n_before))
    return pl.DataFrame(
        {
            "effect": pl.Series(effect + 0.0, nan_to_null=True),
            "p_value": pl.Series(_p_value(k, n, k_before, n_before), nan_to_null=True),
        }
    )


def _p_value(k: Floats, n: Floats, k_before: Floats, n_before: Floats) -> Floats:
    pooled = (k + k_before) / (n + n_before)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_before))
    gap = np.abs(k / n - k_before / n_before)
    # All or nobody in both years: nothing differs.
    z = np.where(error > 0, gap / np.where(error > 0, error, 1.0), gap)
    p_value: Floats = erfc(z / np.sqrt(2))
    return p_value


def _incomparable() -> pl.Expr:
    """A missing figure of either year comes before all that could differ in them."""
    few = Incomparable.TOO_FEW_PARTICIPANTS.value
    missing = pl.col("value").is_null() | pl.col("value_before").is_null()
    is_few = (pl.col("reason") == few) | (pl.col("reason_before") == few)
    return (
        pl.when(missing)
        .then(pl.lit(Incomparable.NO_DATA.value))
        .when(is_few.fill_null(value=False))
        .then(pl.lit(few))
        .otherwise("incomparable")
        .cast(pl.String)
    )


def _noise(unit: Unit, tolerance: float) -> pl.Expr:
    largest = pl.lit(tolerance, pl.Float64)
    if unit not in ONE_PUPIL:
        return largest
    fewest = pl.min_horizontal("n", "n_before")
    pupil = pl.when(fewest > 0).then(ONE_PUPIL[unit] / fewest)
    return pl.max_horizontal(largest, pupil)
