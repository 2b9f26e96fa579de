"""K-means from many starts at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from services.scoring.engine.conditions.space import Matrix

Labels = NDArray[np.int64]

LINKAGES: Final = ("ward",)
SEEDED_STARTS: Final = 5
SEED: Final = 20200901
MOST_STEPS: Final = 300
# A gain below this part of the sum of squares is rounding.
NO_GAIN: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Partition:
    """Clusters 0 to k − 1 of points, and the sum of squares within them."""

    labels: Labels
    k: int
    inertia: float

    @classmethod
    def of(cls, points: Matrix, labels: Labels) -> "Partition":
        """Number the clusters in the order in which their first points come."""
        _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
        numbers = np.argsort(np.argsort(firsts))[inverse].astype(np.int64)
        k = len(firsts)
        centres, _ = centres_of(points, numbers, k)
        inertia = float(((points - centres[numbers]) ** 2).sum())
        return cls(labels=numbers, k=k, inertia=inertia)

    @property
    def smallest(self) -> int:
        """The size of the smallest cluster."""
        return int(np.bincount(self.labels).min())


def partitions(
    points: Matrix, condensed: Matrix, ks: Sequence[int], *, minimum_size: int = 1
) -> list[Partition]:
    """Cut points into k clusters, for each k, so that they are near their centres.

    Lloyd's steps from the cut of a Ward tree and from centres drawn as
    k-means++ draws them, by a generator with a constant seed: the same points in the
    same order always give the same clusters. Of the runs for a k whose clusters all
    have `minimum_size` points the one with the least sum of squares is taken; where
    there is none, the best run gives up its smallest clusters, and has fewer than k.

    Source: Lloyd, Least squares quantization in PCM (1982); Arthur and Vassilvitskii,
    k-means++ (2007).

    >>> from scipy.spatial.distance import pdist
    >>> points = np.array([[0.0], [1], [9], [10]])
    >>> found = partitions(points, pdist(points), [2])[0]
    >>> found.labels.tolist(), found.inertia
    ([0, 0, 1, 1], 1.0)
    """
    most = max(ks)
    settled = settle(points, _starts(points, condensed, ks), most)
    inertias, sizes = _sums_of_squares(points, settled, most)
    wanted = np.tile(ks, len(settled) // len(ks))
    filled = sizes > 0
    # With fewer clusters than asked for, or too small ones, a run is the last choice.
    worse = 2 * (filled.sum(axis=1) < wanted) + ((sizes < minimum_size) & filled).any(1)
    order = np.lexsort((inertias, worse))
    best = [settled[order[wanted[order] == k][0]] for k in ks]
    return [
        _without_small(points, Partition.of(points, labels), minimum_size)
        for labels in best
    ]


def _starts(points: Matrix, condensed: Matrix, ks: Sequence[int]) -> Labels:
    """Return labels to start from: a row for each start and k."""
    starts = [cut for how in LINKAGES for cut in _cuts(linkage(condensed, how), ks)]
    lengths = (points**2).sum(axis=1)
    for drawn in _drawn(points, max(ks)):
        centres = points[drawn]
        squares = lengths[:, None] - 2 * (points @ centres.T) + (centres**2).sum(axis=1)
        starts += [squares[:, :k].argmin(axis=1) for k in ks]
    return np.array(starts, dtype=np.int64)


def _cuts(tree: Matrix, ks: Sequence[int]) -> list[Labels]:
    """Cut a tree of merges into k clusters, for each k.

    As scipy's fcluster by ``maxclust`` does, which takes longer for all of its checks
    than everything else here.
    """
    n = len(tree) + 1
    labels = np.arange(n)
    cuts = {}
    for step, (one, other) in enumerate(tree[:, :2].astype(np.int64).tolist()):
        if n - step in ks:
            cuts[n - step] = _numbered(labels)
        labels[(labels == one) | (labels == other)] = n + step
    return [cuts[k] for k in ks]


def _numbered(labels: Labels) -> Labels:
    """Number labels from 0 by their size."""
    numbers: Labels = np.unique(labels, return_inverse=True)[1]
    return numbers


def _drawn(points: Matrix, k: int) -> Labels:
    """Draw points to be centres, each likelier the further it is from those before.

    Returns:
        Numbers of points: a row for each start, a column for each centre.
    """
    generator = np.random.default_rng(SEED)
    chances = generator.random((k, SEEDED_STARTS, 1))
    drawn = np.empty((SEEDED_STARTS, k), dtype=np.int64)
    nearest = np.ones((SEEDED_STARTS, len(points)))
    for step, chance in enumerate(chances):
        cumulated = nearest.cumsum(axis=1)
        chosen = (cumulated <= chance * cumulated[:, -1:]).sum(axis=1)
        drawn[:, step] = np.minimum(chosen, len(points) - 1)
        squares = _squares(points, points[drawn[:, step]]).T
        nearest = squares if step == 0 else np.minimum(nearest, squares)
    return drawn


def _sums_of_squares(
    points: Matrix, labels: Labels, most: int
) -> tuple[Matrix, NDArray[np.int64]]:
    """Return the sum of squares within the clusters of each run, and their sizes."""
    members = (labels[:, None, :] == np.arange(most)[:, None]).astype(np.float64)
    sizes = members.sum(axis=2)
    squares = ((members @ points) ** 2).sum(axis=2) / np.maximum(sizes, 1)
    return (points**2).sum() - squares.sum(axis=1), sizes.astype(np.int64)


def settle(points: Matrix, starts: Labels, most: int) -> Labels:
    """Take Lloyd's steps in all runs at once until no point changes its cluster.

    A cluster that loses its last point stays empty.
    """
    labels = starts.copy()
    moving = np.arange(len(labels))
    clusters = np.arange(most)[:, None]
    transposed = np.ascontiguousarray(points.T)
    for _ in range(MOST_STEPS):
        current = labels[moving]
        members = (current[:, None, :] == clusters).astype(np.float64)
        flat = members.reshape(len(moving) * most, len(points))
        sizes = flat.sum(axis=1)
        centres = (flat @ points) / np.maximum(sizes, 1)[:, None]
        squares = (centres**2).sum(axis=1)[:, None] - 2 * (centres @ transposed)
        squares[sizes == 0] = np.inf
        nearest = squares.reshape(members.shape).argmin(axis=1)
        moved = (nearest != current).any(axis=1)
        labels[moving] = nearest
        moving = moving[moved]
        if not len(moving):
            break
    return labels


def _without_small(points: Matrix, found: Partition, minimum_size: int) -> Partition:
    """Give up the smallest cluster, and settle again, until none is too small."""
    while found.k > 1 and found.smallest < minimum_size:
        centres, sizes = centres_of(points, found.labels, found.k)
        kept = np.delete(centres, int(sizes.argmin()), axis=0)
        start = _squares(points, kept).argmin(axis=1)[None, :]
        found = Partition.of(points, settle(points, start, len(kept))[0])
    return found


def improved(points: Matrix, found: Partition, *, minimum_size: int = 1) -> Partition:
    """Move single points while that lowers the sum of squares; keep all clusters.

    A point that leaves a cluster of n takes n/(n − 1) of its squared distance with
    it, and brings n/(n + 1) of that to one it joins, which can pay where Lloyd's
    steps have come to rest. Clusters of `minimum_size` let no point go.

    Source: Hartigan, Clustering Algorithms (1975).
    """
    labels = found.labels.copy()
    every = np.arange(len(points))
    for _ in range(MOST_STEPS):
        centres, sizes = centres_of(points, labels, found.k)
        squares = _squares(points, centres)
        joining = squares * (sizes / (sizes + 1))
        joining[every, labels] = np.inf
        own = sizes[labels]
        leaving = squares[every, labels] * (own / np.maximum(own - 1, 1))
        change = np.where(own > minimum_size, joining.min(axis=1) - leaving, np.inf)
        point = int(change.argmin())
        if not change[point] < -NO_GAIN * found.inertia:
            break
        labels[point] = joining[point].argmin()
    return Partition.of(points, labels)


def centres_of(points: Matrix, labels: Labels, k: int) -> tuple[Matrix, Matrix]:
    """Return the mean of each cluster's points, and their number."""
    members = (labels == np.arange(k)[:, None]).astype(np.float64)
    sizes = members.sum(axis=1)
    return (members @ points) / np.maximum(sizes, 1)[:, None], sizes


def _squares(points: Matrix, centres: Matrix) -> Matrix:
    squares: Matrix = ((points[:, None, :] - centres) ** 2).sum(axis=2)
    return squares
