"""The schools of a municipality in a year, as slices of a sorted frame."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one municipality and year."""

    municipality_id: int
    year: int
    rows: slice


def groups_of(frame: pl.DataFrame) -> list[Group]:
    """Return the groups of a frame sorted by municipality and year.

    >>> rows = {"municipality_id": [1, 1, 2], "year": [2020, 2020, 2020]}
    >>> [(each.municipality_id, each.rows) for each in groups_of(pl.DataFrame(rows))]
    [(1, slice(0, 2, None)), (2, slice(2, 3, None))]
    """
    if frame.is_empty():
        return []
    municipalities = frame["municipality_id"].to_numpy()
    years = frame["year"].to_numpy()
    changes = (np.diff(municipalities) != 0) | (np.diff(years) != 0)
    starts = [0, *(np.flatnonzero(changes) + 1).tolist()]
    ends = [*starts[1:], frame.height]
    return [
        Group(int(municipalities[start]), int(years[start]), slice(start, end))
        for start, end in zip(starts, ends, strict=True)
    ]


def matrix_of(frame: pl.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    """Return columns as one array, row by row; null is NaN."""
    matrix = np.empty((frame.height, len(columns)))
    for place, name in enumerate(columns):
        matrix[:, place] = frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return matrix
