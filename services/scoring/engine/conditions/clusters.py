"""Clusters of schools in like conditions, and each school's nearest peers."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.conditions.grouping import (
    Grouping,
    grouping_of,
    matched,
)
from services.scoring.engine.conditions.groups import Group, groups_of, matrix_of
from services.scoring.engine.conditions.index import (
    KEYS,
    TOO_FEW_SHARES,
    ends_of,
    index_of,
)
from services.scoring.engine.conditions.peers import as_json, nearest
from services.scoring.engine.conditions.space import (
    Matrix,
    Space,
    compared_columns,
    space_of,
)
from shared.domain.methods.conditions import Conditions

CLUSTER_SCHEMA: Final = pl.Schema(
    dict.fromkeys(KEYS, pl.Int64)
    | {
        "cluster": pl.Int64,
        "cluster_reason": pl.String,
        "previous_cluster": pl.Int64,
        "shares_compared": pl.Int64,
    }
)
GROUPING_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "year": pl.Int64,
        "clusters": pl.Int64,
        "silhouette": pl.Float64,
        "clusters_reason": pl.String,
        "clustering": pl.String,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """The clusters of schools (`CLUSTER_SCHEMA`), how they came about, and peers.

    `groupings` has a row for each municipality and year, with details as JSON; `peers`
    has ``municipality_id``, ``year``, ``school_id`` and JSON, for schools with peers.
    """

    schools: pl.DataFrame
    groupings: pl.DataFrame
    peers: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    group: Group
    schools: NDArray[np.int64]
    space: Space
    grouping: Grouping


def cluster_schools(shares: pl.DataFrame, settings: Conditions) -> pl.DataFrame:
    """Return the cluster of each school, for each municipality and year by itself.

    Cluster 1 has the hardest conditions (see `grouping_of`). The clusters of a year
    follow from its passports and the method alone; ``previous_cluster`` is the one of
    the year before, made in the same way of that year's passports, that the school's
    cluster goes on from, and null where those passports are not in `shares`.

    Args:
        shares: Passports with the columns of `PASSPORT_SCHEMA`, in any order.
        settings: The method.

    Returns:
        The columns of `CLUSTER_SCHEMA`, by municipality, year and school; ``cluster``
        is null for a reason.
    """
    return find_clusters(shares, settings).schools


def find_clusters(shares: pl.DataFrame, settings: Conditions) -> Clusters:
    """Return what `cluster_schools` does, how it came about, and the nearest peers."""
    passports = shares.sort(KEYS)
    points = matrix_of(passports, compared_columns(settings.clusters))
    index = _index(passports, settings)
    schools = passports["school_id"].to_numpy()
    found: dict[tuple[int, int], _Found] = {}
    for group in groups_of(passports):
        space = space_of(points[group.rows], settings.clusters.minimum_shares)
        found[group.municipality_id, group.year] = _Found(
            group=group,
            schools=schools[group.rows],
            space=space,
            grouping=grouping_of(
                space, index[group.rows][space.placed], settings.clusters
            ),
        )
    before = {
        key: _labels_before(each, found.get((key[0], key[1] - 1)))
        for key, each in found.items()
    }
    return Clusters(
        schools=_schools(passports, found, before),
        groupings=_groupings(found, before),
        peers=_peers(found, settings.clusters.peers),
    )


def _index(passports: pl.DataFrame, settings: Conditions) -> Matrix:
    """Return the index that clusters are put in order by.

    Bounds that are counted are those of the year itself here, so that a year's
    clusters hang on no other year.
    """
    reference = replace(settings.reference, year=None)
    ends = ends_of(passports, settings.shares, reference)
    index = index_of(passports, ends, settings.shares, minimum_shares=1)
    return matrix_of(index, ["index"])[:, 0]


def _labels_before(now: _Found, last: _Found | None) -> NDArray[np.int64]:
    """Return the cluster of the year before that each cluster goes on from."""
    none = np.zeros(now.grouping.k, dtype=np.int64)
    if last is None or not last.grouping.k or not now.grouping.k:
        return none
    schools, earlier = now.schools[now.space.placed], last.schools[last.space.placed]
    places = np.minimum(np.searchsorted(earlier, schools), len(earlier) - 1)
    same = earlier[places] == schools
    labels = np.where(same, last.grouping.labels[places], 0)
    return matched(now.grouping.labels, labels, now.grouping.k, last.grouping.k)


def _schools(
    passports: pl.DataFrame,
    found: dict[tuple[int, int], _Found],
    before: dict[tuple[int, int], NDArray[np.int64]],
) -> pl.DataFrame:
    cluster = np.zeros(passports.height, dtype=np.int64)
    previous = np.zeros(passports.height, dtype=np.int64)
    compared = np.zeros(passports.height, dtype=np.int64)
    placed = np.zeros(passports.height, dtype=bool)
    reasons: list[str | None] = []
    for key, each in found.items():
        rows = each.group.rows
        placed[rows] = each.space.placed
        labels = each.grouping.labels
        cluster[rows][each.space.placed] = labels
        compared[rows][each.space.placed] = each.space.known.sum(axis=1)
        if each.grouping.k:
            previous[rows][each.space.placed] = before[key][labels - 1]
        reasons += [each.grouping.reason] * len(each.schools)
    columns = {
        "cluster": cluster,
        "previous_cluster": previous,
        "shares_compared": compared,
        "placed": placed,
    }
    return (
        passports.select(KEYS)
        .with_columns(**{name: pl.Series(values) for name, values in columns.items()})
        .with_columns(cluster_reason=pl.Series(reasons, dtype=pl.String))
        .select(
            *KEYS,
            pl.when(pl.col("cluster") > 0).then("cluster").alias("cluster"),
            pl.when("placed")
            .then("cluster_reason")
            .otherwise(pl.lit(TOO_FEW_SHARES))
            .alias("cluster_reason"),
            pl.when(pl.col("previous_cluster") > 0)
            .then("previous_cluster")
            .alias("previous_cluster"),
            "shares_compared",
        )
        .cast(CLUSTER_SCHEMA)
    )


def _groupings(
    found: dict[tuple[int, int], _Found],
    before: dict[tuple[int, int], NDArray[np.int64]],
) -> pl.DataFrame:
    rows = [
        (
            *key,
            each.grouping.k or None,
            each.grouping.silhouette,
            each.grouping.reason,
            json.dumps(_details(each, before[key])),
        )
        for key, each in found.items()
    ]
    return pl.DataFrame(rows, schema=GROUPING_SCHEMA, orient="row")


def _details(found: _Found, before: NDArray[np.int64]) -> dict[str, Any]:
    grouping = found.grouping
    sizes = np.bincount(grouping.labels, minlength=grouping.k + 1)[1:]
    return {
        "schools": int(found.space.placed.sum()),
        "tried": [{"clusters": k, "silhouette": width} for k, width in grouping.tried],
        "clusters": [
            {"cluster": place + 1, "schools": int(size), "previous": int(was) or None}
            for place, (size, was) in enumerate(zip(sizes, before, strict=True))
        ],
    }


def _peers(found: dict[tuple[int, int], _Found], count: int) -> pl.DataFrame:
    return as_json(
        nearest(each.group, each.space, each.schools[each.space.placed], count)
        for each in found.values()
    )
