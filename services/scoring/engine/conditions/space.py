"""Schools as points: their shares, standardised within a municipality and year."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist, squareform

from shared.domain.methods.condition_settings import Clustering
from shared.domain.social_passports import SHARES

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Shares are written to the hundredth; less variation than this is rounding.
NO_SPREAD: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """The schools that enough is known of, as points.

    `placed` says which of the schools those are; `points` has their standardised
    shares, of which `known` are not made up; `condensed` are their distances as scipy
    writes them. `compared` says which of the shares are dimensions.
    """

    placed: Flags
    points: Matrix
    known: Flags
    compared: Flags
    condensed: Matrix

    @property
    def distances(self) -> Matrix:
        """The distance of each point from each."""
        square: Matrix = squareform(self.condensed, checks=False)
        return square


def compared_columns(clustering: Clustering) -> list[str]:
    """Return the columns of the shares that schools are compared by."""
    chosen = clustering.shares
    return [share.percent for share in SHARES if not chosen or share.name in chosen]


def space_of(shares: Matrix, minimum_shares: int) -> Space:
    """Place schools as points.

    A school with fewer than `minimum_shares` known is left out. Of the others a share
    that is not known is taken to be the median of those that are, which pulls the
    school neither way; a share without variation is no dimension. Each is brought to
    a mean of 0 and a standard deviation of 1 (of the schools placed, not of a
    sample), so that no share counts for more because it varies more.

    Args:
        shares: A row for each school, a column for each share in %; NaN is unknown.
        minimum_shares: How many have to be known.
    """
    all_known = ~np.isnan(shares)
    placed = all_known.sum(axis=1) >= minimum_shares
    known = all_known[placed]
    some = known.any(axis=0)
    values = shares[placed][:, some]
    known = known[:, some]
    if not known.all():
        values = np.where(known, values, _medians(values, known))
    centred = values - values.mean(axis=0) if len(values) else values
    spread = np.sqrt((centred**2).mean(axis=0)) if len(values) else np.zeros(0)
    varies = spread > NO_SPREAD
    compared = np.zeros(shares.shape[1], dtype=bool)
    compared[np.flatnonzero(some)[varies]] = True
    points = np.ascontiguousarray(centred[:, varies] / spread[varies])
    return Space(
        placed=placed,
        points=points,
        known=known[:, varies],
        compared=compared,
        condensed=pdist(points) if len(points) > 1 else np.zeros(0),
    )


def _medians(values: Matrix, known: Flags) -> Matrix:
    """Return the median of what is known in each column, which something has to be."""
    count = known.sum(axis=0)
    # NaN comes last.
    ascending = np.sort(values, axis=0)
    columns = np.arange(values.shape[1])
    lower, upper = ascending[(count - 1) // 2, columns], ascending[count // 2, columns]
    medians: Matrix = (lower + upper) / 2
    return medians
