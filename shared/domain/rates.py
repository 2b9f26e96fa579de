"""Rates over few pupils: their counts, and their interval."""

import math
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of `n` pupils; the rate is in per cent."""

    numerator: int
    n: int

    @property
    def percent(self) -> float | None:
        """The rate; None over nobody."""
        return 100 * self.numerator / self.n if self.n else None


def rate_of(percent: float | None, n: int) -> Rate:
    """Return the counts behind a rate, which are whole numbers.

    >>> rate_of(100 * 2 / 3, 3)
    Rate(numerator=2, n=3)
    """
    return Rate(0 if percent is None else round(percent * n / 100), n)


def wilson_percent(rate: Rate, confidence: float) -> tuple[float, float] | None:
    """Return the ends of Wilson's interval of a rate, in per cent; None over nobody.

    Source: E. B. Wilson, «Probable inference, the law of succession, and statistical
    inference» (1927), without correction for continuity; `confidence` is in per cent.

    8 of 10 pupils are 80 %, plausibly 49 to 94 %:

    >>> [round(end, 2) for end in wilson_percent(Rate(8, 10), 95)]
    [49.02, 94.33]
    """
    part, whole = rate.numerator, rate.n
    if not whole:
        return None
    squared = NormalDist().inv_cdf((1 + confidence / 100) / 2) ** 2
    centre = part + squared / 2
    spread = math.sqrt(squared * (part * (whole - part) / whole + squared / 4))
    low = 0.0 if part <= 0 else (centre - spread) / (whole + squared)
    high = 1.0 if part >= whole else (centre + spread) / (whole + squared)
    return 100 * low, 100 * high
