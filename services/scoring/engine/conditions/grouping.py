"""The clusters of one municipality's schools in one year."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from services.scoring.engine.conditions.kmeans import (
    Labels,
    Partition,
    improved,
    partitions,
)
from services.scoring.engine.conditions.silhouettes import silhouette
from services.scoring.engine.conditions.space import Matrix, Space
from shared.domain.methods.condition_settings import Clustering

TOO_FEW_SCHOOLS: Final = "too_few_schools"
NO_VARIATION: Final = "no_variation"
NO_CLUSTERS: Final = "no_clusters"
# Silhouettes that differ by less are the same, and fewer clusters are simpler.
SAME: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grouping:
    """Clusters 1 to k of the schools placed, or the reason why there are none.

    `tried` has the silhouette of each number of clusters that was possible.
    """

    labels: Labels
    k: int = 0
    silhouette: float | None = None
    tried: tuple[tuple[int, float], ...] = ()
    reason: str | None = None


def grouping_of(space: Space, index: Matrix, settings: Clustering) -> Grouping:
    """Cut schools into as many clusters as the silhouette says they are.

    Clusters are numbered by the mean index of their schools: cluster 1 has the
    hardest conditions. So a number means the same in each run and each year, and does
    not hang on how a cluster was found.

    Args:
        space: The schools as points.
        index: The index of each school placed; NaN where it has none.
        settings: How many clusters there may be, and how small.
    """
    n = len(space.points)
    none = np.zeros(n, dtype=np.int64)
    largest = min(settings.most, n // settings.minimum_size, n - 1)
    if n < settings.minimum_schools or largest < settings.fewest:
        return Grouping(labels=none, reason=TOO_FEW_SCHOOLS)
    if not space.points.shape[1]:
        return Grouping(labels=none, reason=NO_VARIATION)
    ks = range(settings.fewest, largest + 1)
    size = settings.minimum_size
    distances = space.distances
    found = {
        cut.k: cut
        for cut in partitions(space.points, space.condensed, ks, minimum_size=size)
        if cut.k >= settings.fewest
    }
    if not found:
        return Grouping(labels=none, reason=NO_CLUSTERS)
    tried = {k: silhouette(distances, cut.labels, k) for k, cut in found.items()}
    k = _best(tried)
    cut = improved(space.points, found[k], minimum_size=size)
    return Grouping(
        labels=_by_index(cut, index),
        k=k,
        silhouette=silhouette(distances, cut.labels, k),
        tried=tuple(sorted(tried.items())),
    )


def _best(tried: dict[int, float]) -> int:
    highest = max(tried.values())
    return min(k for k, width in tried.items() if width >= highest - SAME)


def _by_index(cut: Partition, index: Matrix) -> Labels:
    """Number clusters from 1 by the mean index; one without any index comes last."""
    known = ~np.isnan(index)
    sums = np.bincount(cut.labels[known], index[known], minlength=cut.k)
    counts = np.bincount(cut.labels[known], minlength=cut.k)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    # Equal means keep the order of their first schools.
    numbers: Labels = np.argsort(np.argsort(means, kind="stable"))[cut.labels] + 1
    return numbers


def matched(labels: Labels, before: Labels, k: int, k_before: int) -> NDArray[np.int64]:
    """Return for each cluster the one of the year before that it goes on from.

    Pairs are chosen so that as many schools as possible stay in theirs (the Hungarian
    method); 0 stands for none, as for a cluster that shares no school with its pair.

    Source: Kuhn, The Hungarian method for the assignment problem (1955).

    Three schools of cluster 1 were in cluster 2, and the two of cluster 2 in 1:

    >>> matched(np.array([1, 1, 1, 2, 2]), np.array([2, 2, 2, 1, 1]), 2, 2).tolist()
    [2, 1]

    Args:
        labels: The clusters of schools in this year, 0 for none.
        before: Those of the same schools in the year before, 0 for none.
        k: How many clusters there are.
        k_before: How many there were.
    """
    both = (labels > 0) & (before > 0)
    common = np.zeros((k, k_before), dtype=np.int64)
    np.add.at(common, (labels[both] - 1, before[both] - 1), 1)
    rows, columns = linear_sum_assignment(-common)
    pairs = np.zeros(k, dtype=np.int64)
    stays = common[rows, columns] > 0
    pairs[rows[stays]] = columns[stays] + 1
    return pairs
