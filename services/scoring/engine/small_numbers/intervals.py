"""The interval of any figure: Wilson's for a rate, a posterior one for a mean."""

import polars as pl

from services.scoring.engine.small_numbers.tallies import Tally
from services.scoring.engine.small_numbers.wilson import (
    normal_quantile,
    wilson_interval,
)


def figure_interval(tally: Tally, confidence: float) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of a figure's interval, in its own unit.

    Null where nobody is counted. Reads the columns of `Tally.columns`.

    8 of 10 pupils, as a rate in per cent:

    >>> from services.scoring.engine.small_numbers.tallies import TALLIES
    >>> ends = figure_interval(TALLIES["quality_rate"], 0.95)
    >>> school = pl.DataFrame({"tally_0": [8], "tally_1": [2]})
    >>> [round(end, 2) for end in school.select(low=ends[0], high=ends[1]).row(0)]
    [49.02, 94.33]
    """
    if not tally.is_rate:
        return _mean_interval(tally, confidence)
    low, high = wilson_interval(pl.col("tally_0"), tally.moment(0), confidence)
    return 100 * low, 100 * high


def standard_error(tally: Tally) -> pl.Expr:
    """Return the standard error of a figure, in its own unit; null without pupils.

    It is the posterior's standard deviation where one pupil, spread evenly over the
    weights, is added to those counted, and so is never 0: five pupils with the same
    mark do not prove that a sixth would have it, too.

    Source: variance of a linear function of a Dirichlet distribution with W. Perks's
    prior (1947), which for a rate is that of Jeffreys.
    """
    size = tally.moment(0) + 1
    mean = _with_one_more(tally, 1)
    variance = (_with_one_more(tally, 2) - mean * mean) / (size + 1)
    return pl.when(tally.moment(0) > 0).then(variance.sqrt())


def _mean_interval(tally: Tally, confidence: float) -> tuple[pl.Expr, pl.Expr]:
    """Reach to both sides of the posterior mean, within the scale of the weights.

    The figure itself lies in its interval, whatever the confidence.
    """
    reach = normal_quantile(confidence) * standard_error(tally)
    centre = _with_one_more(tally, 1)
    figure = tally.moment(1) / tally.moment(0)
    low = pl.min_horizontal(
        (centre - reach).clip(lower_bound=min(tally.weights)), figure
    )
    high = pl.max_horizontal(
        (centre + reach).clip(upper_bound=max(tally.weights)), figure
    )
    counted = tally.moment(0) > 0
    return pl.when(counted).then(low), pl.when(counted).then(high)


def _with_one_more(tally: Tally, power: int) -> pl.Expr:
    """Return the mean of a power with one more pupil spread over all weights."""
    spread = sum(int(weight**power) for weight in tally.weights)
    kinds = len(tally.weights)
    return (kinds * tally.moment(power) + spread) / (kinds * (tally.moment(0) + 1))
