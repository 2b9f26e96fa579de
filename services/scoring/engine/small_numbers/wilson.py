"""Wilson's score interval: how far the share behind a rate may lie from it."""

from statistics import NormalDist

import polars as pl

from shared.domain.errors import InvalidInputError, Text


def wilson_interval(
    successes: pl.Expr, n: pl.Expr, confidence: float
) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the interval of a rate, as shares between 0 and 1.

    Source: E. B. Wilson, «Probable inference, the law of succession, and statistical
    inference» (1927), without correction for continuity. Unlike the usual p ± z·s it
    stays within 0 and 1 and does not shrink to a point at either end.

    The ends are null where `n` is 0 or null, or `successes` is. An end is exactly 0
    without successes and exactly 1 with nothing else, and an interval always holds
    its own rate.

    8 of 10 pupils are 80 %, plausibly 49 to 94 %:

    >>> school = pl.DataFrame({"good": [8], "n": [10]})
    >>> ends = wilson_interval(pl.col("good"), pl.col("n"), 0.95)
    >>> [round(end, 4) for end in school.select(low=ends[0], high=ends[1]).row(0)]
    [0.4902, 0.9433]

    Raises:
        InvalidInputError: `confidence` is not between 0 and 1.
    """
    z_squared = normal_quantile(confidence) ** 2
    part, whole = successes.cast(pl.Float64), n.cast(pl.Float64)
    # With counts instead of shares nothing is divided before the end.
    centre = part + z_squared / 2
    spread = (z_squared * (part * (whole - part) / whole + z_squared / 4)).sqrt()
    low = (
        pl.when(part <= 0).then(0.0).otherwise((centre - spread) / (whole + z_squared))
    )
    high = (
        pl.when(part >= whole)
        .then(1.0)
        .otherwise((centre + spread) / (whole + z_squared))
    )
    counted = (whole > 0) & part.is_not_null()
    return pl.when(counted).then(low), pl.when(counted).then(high)


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors to either side hold `confidence`.

    Source: the quantile (1 + confidence)/2 of the standard normal distribution.

    >>> round(normal_quantile(0.95), 6)
    1.959964

    Raises:
        InvalidInputError: `confidence` is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise InvalidInputError(
            Text(
                f"Доверие {confidence} не годится: нужно число больше 0 и меньше 1, "
                "например 0.95.",
                f"A confidence of {confidence} is of no use: give a number above 0 and "
                "below 1, for example 0.95.",
            )
        )
    return NormalDist().inv_cdf((1 + confidence) / 2)
