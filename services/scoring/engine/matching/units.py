"""Parts of one as whole numbers, so that their sums are exact."""

from typing import Final

import polars as pl

from services.scoring.engine.rounding import rounded

# Four decimals: finer than anything that is known of schools.
ONE: Final = 10_000
_DECIMALS: Final = 4


def in_units(share: pl.Expr) -> pl.Expr:
    """Return a share between 0 and 1 in ten-thousandths; what lies beyond is cut off.

    >>> frame = pl.DataFrame({"share": [0.12345, 1.5, -1.0, None]})
    >>> frame.select(in_units(pl.col("share"))).to_series().to_list()
    [1235, 10000, 0, None]
    """
    kept = rounded(share.clip(0.0, 1.0), decimals=_DECIMALS)
    return (kept * ONE).round().cast(pl.Int64)


def as_share(units: pl.Expr) -> pl.Expr:
    """Return ten-thousandths as the number that they are.

    >>> pl.DataFrame({"units": [9500]}).select(as_share(pl.col("units"))).item()
    0.95
    """
    return rounded(units / ONE, decimals=_DECIMALS)


def units_of(value: float) -> int:
    """Return a number of a method in ten-thousandths."""
    return round(value * ONE)
