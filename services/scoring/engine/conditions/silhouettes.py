"""How well clusters are set apart."""

import numpy as np

from services.scoring.engine.conditions.kmeans import Labels
from services.scoring.engine.conditions.space import Matrix


def silhouette(distances: Matrix, labels: Labels, k: int) -> float:
    """Return how well clusters are set apart: the mean of (b − a)/max(a, b).

    Of each point, a is the mean distance from the others of its cluster, and b the
    least mean distance from those of another; a point alone in its cluster has 0.

    Source: Rousseeuw, Silhouettes (1987).

    Of the points 0, 1, 9 and 10 in pairs the outer have a = 1, b = 9.5 and the inner
    a = 1, b = 8.5: (2 · 8.5/9.5 + 2 · 7.5/8.5)/4.

    >>> from scipy.spatial.distance import pdist, squareform
    >>> square = squareform(pdist(np.array([[0.0], [1], [9], [10]])))
    >>> round(silhouette(square, np.array([0, 0, 1, 1]), 2), 6)
    0.888545

    Args:
        distances: Of each point from each.
        labels: Clusters from 0 to k − 1, none of them empty.
        k: At least 2.
    """
    sizes = np.bincount(labels, minlength=k)
    # A product of matrices would hang on the number of threads in its last bits.
    sums = np.column_stack([distances[:, labels == each].sum(1) for each in range(k)])
    every = np.arange(len(labels))
    own = sums[every, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / sizes
    means[every, labels] = np.inf
    other = means.min(axis=1)
    widest = np.maximum(own, other)
    apart = (sizes[labels] > 1) & (widest > 0)
    width = np.divide(other - own, widest, out=np.zeros_like(own), where=apart)
    return float(width.mean())
