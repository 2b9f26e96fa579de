"""Quantiles of Student's t distribution: how wide a mean of few must be stated."""

import math
from functools import lru_cache
from operator import truediv
from statistics import NormalDist
from typing import Final

_MOST_SUMMED: Final = 100
_HALVINGS: Final = 60


@lru_cache(maxsize=4096)
def student_quantile(confidence: float, degrees: int) -> float:
    """Return how many standard errors to either side hold `confidence` per cent.

    Source: M. Abramowitz and I. Stegun, «Handbook of Mathematical Functions» (1964):
    up to a hundred degrees of freedom the finite sums 26.7.3 and 26.7.4 are inverted by
    halving, and beyond that the expansion 26.7.5 is taken, which is then as exact.

    >>> [round(student_quantile(95, degrees), 3) for degrees in (1, 5, 30, 1000)]
    [12.706, 2.571, 2.042, 1.962]

    Args:
        confidence: In per cent, between 0 and 100.
        degrees: Degrees of freedom, at least 1.
    """
    share = confidence / 100
    if degrees > _MOST_SUMMED:
        return _expanded(NormalDist().inv_cdf((1 + share) / 2), degrees)
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _held(middle, degrees) < share else (low, middle)
    return math.sqrt(degrees) * math.tan((low + high) / 2)


def _held(angle: float, degrees: int) -> float:
    """Return the probability between ±√degrees · tan(angle)."""
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = degrees % 2 == 1
    term = cosine if is_odd else 1.0
    total = term if degrees > 1 else 0.0
    for upper in range(3 + is_odd, degrees, 2):
        term *= cosine * cosine * (upper - 2) / (upper - 1)
        total += term
    return 2 / math.pi * (angle + sine * total) if is_odd else sine * total


def _expanded(z: float, degrees: int) -> float:
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    powers = (float(degrees) ** power for power in range(1, len(terms) + 1))
    return z + math.fsum(map(truediv, terms, powers))
