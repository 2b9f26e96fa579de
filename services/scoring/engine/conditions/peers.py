"""The schools whose conditions are most like a school's."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.conditions.groups import Group
from services.scoring.engine.conditions.index import KEYS
from services.scoring.engine.conditions.space import Space

Columns = dict[str, NDArray[Any]]

PREFIX: Final = len('{"peers":')
PEER_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "year": pl.Int64,
        "school_id": pl.Int64,
        "peer_id": pl.Int64,
        "place": pl.Int64,
        "distance": pl.Float64,
        "shares": pl.Int64,
    }
)


def nearest(
    group: Group, space: Space, schools: NDArray[np.int64], count: int
) -> Columns:
    """Return the nearest schools of each, the nearest first.

    The distance is the root of the mean squared difference of the shares compared,
    each in its own standard deviations: at 1 the schools differ in a usual share by
    as much as schools do usually. Of equally near schools that of the lower number
    comes first.

    Args:
        group: The municipality and the year.
        space: The schools as points.
        schools: The number of each school placed, ascending.
        count: How many peers each has, if there are so many.

    Returns:
        The columns of `PEER_SCHEMA`, nothing where there are no peers; ``place`` runs
        from 1, and ``shares`` tells of how many of the shares compared both schools'
        are known and not made up.
    """
    n, dimensions = space.points.shape
    count = min(count, n - 1)
    if count < 1 or not dimensions:
        return {}
    distances = space.distances
    np.fill_diagonal(distances, np.inf)
    order = distances.argsort(axis=1, kind="stable")[:, :count]
    known = space.known.astype(np.int64)
    every = np.arange(n)[:, None]
    return {
        "municipality_id": np.full(n * count, group.municipality_id),
        "year": np.full(n * count, group.year),
        "school_id": np.repeat(schools, count),
        "peer_id": schools[order].ravel(),
        "place": np.tile(np.arange(1, count + 1), n),
        "distance": distances[every, order].ravel() / np.sqrt(dimensions),
        "shares": (known @ known.T)[every, order].ravel(),
    }


def as_json(groups: Iterable[Columns]) -> pl.DataFrame:
    """Put the peers of each school in one text: the keys and ``peers``, a JSON list."""
    parts = [group for group in groups if group]
    columns: Columns = {
        name: np.concatenate([part[name] for part in parts]) if parts else np.zeros(0)
        for name in PEER_SCHEMA
    }
    each = pl.struct(
        pl.col("peer_id").alias("school_id"), "distance", "shares"
    ).sort_by("place")
    peers = pl.DataFrame(columns, schema=PEER_SCHEMA)
    listed = peers.group_by(KEYS).agg(each.alias("peers"))
    # A list alone cannot be encoded; what surrounds it here is {"peers": and }.
    text = pl.struct("peers").struct.json_encode().str.head(-1).str.slice(PREFIX)
    return listed.select(*KEYS, text.alias("peers")).sort(KEYS)
