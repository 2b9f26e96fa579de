"""Exact binomial tests over columns; `scipy.stats.binomtest` makes one at a time."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Whole: TypeAlias = NDArray[np.int64]
Real: TypeAlias = NDArray[np.float64]

# Outcomes that are as likely as the observed one up to this are counted with it, for
# noise must not tell them apart; the figure is that of R and of scipy.
EQUALLY_LIKELY = 1 + 1e-7


def two_sided(successes: Whole, trials: Whole, chance: Real) -> Real:
    """Return the p-values of exact two-sided binomial tests.

    Each is the probability of all outcomes that are at most as likely as the observed
    one (the method of small p-values).

    Source: Clopper and Pearson's exact test in the form of R's ``binom.test`` and of
    ``scipy.stats.binomtest(…, alternative="two-sided")``.

    Args:
        successes: How many succeeded, of `trials`.
        trials: At least 1 each.
        chance: What each trial succeeds with by the null hypothesis, from 0 to 1.

    Of 10 marks 9 are confirmed where half would be: the outcomes 0, 1, 9 and 10 are at
    most as likely, and (1 + 10 + 10 + 1)/1024 = 0.021484375.

    >>> two_sided(np.array([9]), np.array([10]), np.array([0.5])).round(9).tolist()
    [0.021484375]
    """
    likely = binom.pmf(successes, trials, chance) * EQUALLY_LIKELY
    expected = chance * trials
    p_values = np.ones(len(trials))
    for is_on_side, tails in (
        (successes < expected, _from_below),
        (successes > expected, _from_above),
    ):
        p_values[is_on_side] = tails(
            successes[is_on_side],
            trials[is_on_side],
            chance[is_on_side],
            likely[is_on_side],
            expected[is_on_side],
        )
    return np.minimum(p_values, 1.0)


def greater(successes: Whole, trials: Whole, chance: Real) -> Real:
    """Return the p-values of exact tests for more successes than expected.

    Source: the upper tail of the binomial distribution, as
    ``scipy.stats.binomtest(…, alternative="greater")``.

    Three heads or more in three throws of a fair coin: 1/8.

    >>> greater(np.array([3]), np.array([3]), np.array([0.5])).round(9).tolist()
    [0.125]
    """
    tail: Real = np.asarray(binom.sf(successes - 1, trials, chance))
    return tail


def _from_below(k: Whole, n: Whole, p: Real, likely: Real, mean: Real) -> Real:
    """Add to the lower tail the part of the upper one that is no more likely."""
    first = _first(
        lambda each: binom.pmf(each, n, p) <= likely, np.ceil(mean).astype(int), n + 1
    )
    return np.asarray(binom.cdf(k, n, p) + binom.sf(first - 1, n, p))


def _from_above(k: Whole, n: Whole, p: Real, likely: Real, mean: Real) -> Real:
    """Add to the upper tail the part of the lower one that is no more likely."""
    # Above the mode the likelihood falls, so below it the search is for its end.
    end = _first(
        lambda each: binom.pmf(each, n, p) > likely,
        np.zeros_like(n),
        np.floor(mean).astype(int) + 1,
    )
    return np.asarray(binom.cdf(end - 1, n, p) + binom.sf(k - 1, n, p))


def _first(
    holds: Callable[[Whole], NDArray[np.bool_]], low: Whole, end: Whole
) -> Whole:
    """Return the first number from `low` on for which `holds`; `end` where none does.

    `holds` is false up to some number and true from there on.
    """
    low, high = low.astype(np.int64), end.astype(np.int64)
    while bool((low < high).any()):
        middle = (low + high) // 2
        is_open = low < high
        found = holds(middle)
        high = np.where(is_open & found, middle, high)
        low = np.where(is_open & ~found, middle + 1, low)
    return low
