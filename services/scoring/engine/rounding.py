"""The one place where a figure is rounded, for people and for comparing places.

The rule is half away from zero ("half up" for the figures here, which are not
negative): 0.125 becomes 0.13, as the arithmetic taught at school and as reports of
schools have it. Half-even would be kinder to sums of many rounded figures, but
nothing here is ever computed from a rounded figure, and a reader who checks 12.5 of
100 by hand must get what the page says.
"""

import math

import polars as pl

DECIMALS = 2

# A half that floats hold as 0.49999999999999 is still a half. Shares of fewer than
# 10**8 pupils lie further than this from a half unless they are exactly one.
_NOISE = 1e-9


def rounded(value: pl.Expr, *, decimals: int = DECIMALS) -> pl.Expr:
    """Round a column half away from zero; null stays null, and -0.0 becomes 0.0.

    Exact for every share of fewer than 10**8, and for a float that differs from a
    half by noise only.

    >>> frame = pl.DataFrame({"value": [1.005, 66.665, -0.125, None]})
    >>> frame.select(rounded(pl.col("value"))).to_series().to_list()
    [1.01, 66.67, -0.13, None]
    """
    scale = 10**decimals
    units = (value.abs() * scale + (0.5 + _NOISE)).floor()
    # Polars divides a column by a constant as a product with the inverse, which
    # makes 163/100 1.6300000000000001; its own rounding takes that back.
    size = (units / scale).round(decimals)
    return pl.when(value < 0).then(-size).otherwise(size) + 0.0


def rounded_figure(value: float, *, decimals: int = DECIMALS) -> float:
    """Round one finite figure by the rule of `rounded`.

    >>> rounded_figure(1.005)
    1.01
    """
    scale = 10**decimals
    size = math.floor(abs(value) * scale + (0.5 + _NOISE)) / scale
    return math.copysign(size, value) + 0.0
