"""The interval of any figure: Wilson's for a rate, a posterior one for a mean."""

from dataclasses import dataclass

import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.small_numbers.tallies import Tally
from services.scoring.engine.small_numbers.wilson import wilson_interval
from shared.domain.student import student_quantile


@dataclass(frozen=True, slots=True)
class Sums:
    """Pupils behind a figure, and the sums of their weights and of the squares."""

    n: pl.Expr
    points: pl.Expr
    squares: pl.Expr


def figure_interval(
    tally: Tally, confidence: float, sums: Sums | None = None
) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of a figure's interval, in its own unit.

    Null where nobody is counted. The sums, unless they are given, are those of the
    columns of `Tally.columns`.

    8 of 10 pupils, as a rate in per cent:

    >>> from services.scoring.engine.small_numbers.tallies import TALLIES
    >>> ends = figure_interval(TALLIES["quality_rate"], 0.95)
    >>> school = pl.DataFrame({"tally_0": [8], "tally_1": [2]})
    >>> [round(end, 2) for end in school.select(low=ends[0], high=ends[1]).row(0)]
    [49.02, 94.33]
    """
    sums = sums or _sums_of(tally)
    if not tally.is_rate:
        return _mean_interval(tally, confidence, sums)
    low, high = wilson_interval(quotient(sums.points, 100), sums.n, confidence)
    return 100 * low, 100 * high


def standard_error(tally: Tally, sums: Sums | None = None) -> pl.Expr:
    """Return the standard error of a figure, in its own unit; null without pupils.

    It is the posterior's standard deviation where one pupil, spread evenly over the
    weights, is added to those counted, and so is never 0: five pupils with the same
    mark do not prove that a sixth would have it, too.

    Source: variance of a linear function of a Dirichlet distribution with W. Perks's
    prior (1947), which for a rate is that of Jeffreys.
    """
    sums = sums or _sums_of(tally)
    mean = _with_one_more(tally, sums.points, 1, sums.n)
    mean_square = _with_one_more(tally, sums.squares, 2, sums.n)
    variance = (mean_square - mean * mean) / (sums.n + 2)
    return pl.when(sums.n > 0).then(variance.sqrt())


def _sums_of(tally: Tally) -> Sums:
    return Sums(*(tally.moment(power) for power in range(3)))


def _mean_interval(
    tally: Tally, confidence: float, sums: Sums
) -> tuple[pl.Expr, pl.Expr]:
    """Reach to both sides of the posterior mean, within the scale of the weights.

    By Student's t distribution with a degree of freedom for each pupil counted: the
    one that is added makes up for the mean. The figure itself lies in its interval,
    whatever the confidence. `shared.domain.means.estimate` shows a worked example.
    """
    reach = _quantiles(sums.n, confidence) * standard_error(tally, sums)
    centre = _with_one_more(tally, sums.points, 1, sums.n)
    figure = sums.points / sums.n
    ends = (
        pl.min_horizontal(
            (centre - reach).clip(lower_bound=min(tally.weights)), figure
        ),
        pl.max_horizontal(
            (centre + reach).clip(upper_bound=max(tally.weights)), figure
        ),
    )
    low, high = (pl.when(sums.n > 0).then(end) for end in ends)
    return low, high


def _quantiles(n: pl.Expr, confidence: float) -> pl.Expr:
    def each(pupils: pl.Series) -> pl.Series:
        counts = pupils.fill_null(0).to_list()
        quantiles = [
            student_quantile(100 * confidence, max(count, 1)) for count in counts
        ]
        return pl.Series(quantiles, dtype=pl.Float64)

    return n.map_batches(each, return_dtype=pl.Float64, is_elementwise=True)


def _with_one_more(tally: Tally, total: pl.Expr, power: int, n: pl.Expr) -> pl.Expr:
    """Return the mean of a power with one more pupil spread over all weights."""
    spread = sum(int(weight**power) for weight in tally.weights)
    kinds = len(tally.weights)
    return (kinds * total + spread) / (kinds * (n + 1))
