"""Division that gives one row the same as it gives a million."""

import polars as pl


def quotient(part: pl.Expr, whole: pl.Expr | float) -> pl.Expr:
    """Divide to the last bit as IEEE 754 has it, in however many rows.

    Where the divisor is one number for all rows, as after a join with a single one,
    polars multiplies by its reciprocal, and the last bit may be another. Then the
    figures of a municipality would depend on whether others are in the frame.

    >>> frame = pl.DataFrame({"part": [5.0, 6.0]})
    >>> frame.select(pl.col("part") / 49.0).item(0, 0) == 5.0 / 49.0
    False
    >>> frame.select(quotient(pl.col("part"), 49.0)).item(0, 0) == 5.0 / 49.0
    True
    """
    return part / (0.0 * part + whole)
