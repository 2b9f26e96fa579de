"""Statistical ties: schools in a row that nobody can tell apart."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]


def bands(places: Numbers, values: Floats, low: Floats, high: Floats) -> Numbers:
    """Put each school into a band; within a band no two differ significantly.

    From the best school downwards, a school begins the next band if it differs
    significantly from any school of the band so far; schools that share a place share
    their band. So bands are disjoint, follow each other, and every two neighbouring
    bands hold two schools that differ. Schools of different bands need not: where one
    band ends depends on all before it.

    Two figures differ significantly if the interval of their difference does not reach
    0. The end of it that is nearer to 0, for a > b, is
    (a - b) - √((a - low a)² + (high b - b)²), made of the intervals that are shown
    with the figures, so that a reader can check it.

    Source: R. Newcombe's hybrid score interval (1998), for any figures G. Zou and
    A. Donner (2008).

    80 % (71–87), 78 % (69–85) and 50 % (40–60) of a hundred pupils each:

    >>> shown = [[80.0, 71.1, 86.7], [78.0, 68.9, 85.0], [50.0, 40.4, 59.6]]
    >>> bands(np.array([1, 2, 3]), *np.array(shown).T).tolist()
    [1, 1, 2]

    Args:
        places: The first place of each school, in any order; of schools that share
            theirs all have the same.
        values: The ranked figures.
        low: Lower ends of their intervals.
        high: Upper ends.

    Returns:
        For each school its band, 1 being that of the best.
    """
    order = np.argsort(places, kind="stable")
    ties = np.unique(places, return_inverse=True)[1][order]
    apart = _differ(*(column[order] for column in (values, low, high)))
    numbers = np.empty(len(places), dtype=np.int32)
    numbers[order] = _cut(apart & (ties[:, None] < ties[None, :]), ties)
    return numbers


def _differ(values: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Tell of every two schools whether their figures differ significantly."""
    gap = values[:, None] - values[None, :]
    above = gap > np.hypot((values - low)[:, None], (high - values)[None, :])
    return above | above.T


def _cut(apart: NDArray[np.bool_], ties: NDArray[np.intp]) -> Numbers:
    """Number the bands of schools in their order; `apart` knows rivals above only."""
    size = len(ties)
    # The last school above that differs; of schools with one place that of them all.
    above = np.where(apart, np.arange(size)[:, None], -1).max(axis=0, initial=-1)
    rival = np.full(size, -1)
    np.maximum.at(rival, ties, above)
    rival = rival[ties]
    numbers = np.zeros(size, dtype=np.int32)
    begin, band = 0, 0
    while begin < size:
        band += 1
        opens = np.flatnonzero(rival[begin:] >= begin)
        end = begin + int(opens[0]) if opens.size else size
        numbers[begin:end] = band
        begin = end
    return numbers
