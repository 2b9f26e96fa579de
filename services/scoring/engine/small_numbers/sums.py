"""Sums of floats within groups that come out the same in any company."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]


def group_numbers(frame: pl.DataFrame, by: Sequence[str]) -> tuple[Groups, int]:
    """Number the groups of a sorted frame from 0; return also how many there are."""
    runs = frame.select(pl.struct(by).rle_id().cast(pl.Int64)).to_series()
    numbers = runs.to_numpy()
    return numbers, int(numbers[-1]) + 1 if numbers.size else 0


def sum_within(groups: Groups, values: Floats, count: int) -> Floats:
    """Sum `values` group by group.

    One after another in the order of the rows, so that a group's sum is the same bit
    for bit alone or among thousands, whatever the number of threads.
    """
    sums: Floats = np.bincount(groups, weights=values, minlength=count).astype(
        np.float64
    )
    return sums
