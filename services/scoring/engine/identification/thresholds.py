"""From how many pupils a result is low, in whole numbers."""

from fractions import Fraction

import polars as pl

_DENOMINATOR_LIMIT = 1_000_000


def fewest_low(n: pl.Expr, *, percent: float, pupils: int) -> pl.Expr:
    """Return the fewest low pupils of `n` that make a result low.

    Source: a result is low if 100·low/N ≥ `percent` (domain rule of ШНОР) and at
    least so many `pupils` are low. Reckoned in integers, so that 30 % of 10 pupils
    is 3 and never 3.0000000000000004.

    Of 10 pupils 30 % are 3, of 11 pupils 4; of 3 pupils 1, if 1 is enough:

    >>> classes = pl.DataFrame({"n": [10, 11, 3]})
    >>> fewest = fewest_low(pl.col("n"), percent=30.0, pupils=1)
    >>> classes.select(fewest).to_series().to_list()
    [3, 4, 1]

    A share may be given with decimals:

    >>> classes.select(fewest_low(pl.col("n"), percent=33.3, pupils=2))["n"].to_list()
    [4, 4, 2]
    """
    share = Fraction(repr(percent)).limit_denominator(_DENOMINATOR_LIMIT) / 100
    whole = share.denominator
    rounded_up = (n.cast(pl.Int64) * share.numerator + (whole - 1)) // whole
    return pl.max_horizontal(rounded_up, pl.lit(pupils, dtype=pl.Int64)).alias("n")


def low_percent(low: pl.Expr, n: pl.Expr) -> pl.Expr:
    """Return the low share in per cent, null over nobody.

    Source: 100·n2/N, for ЕГЭ 100·n_below_minimum/N.

    >>> pl.DataFrame({"low": [3], "n": [10]}).select(
    ...     low_percent(pl.col("low"), pl.col("n"))
    ... ).item()
    30.0
    """
    return pl.when(n > 0).then(100 * low / n)
