"""The clusters of schools that rankings are made within."""

import asyncio
from typing import Final

import polars as pl

from services.scoring.engine.conditions.cluster_keys import cluster_keys
from services.scoring.engine.conditions.clusters import cluster_schools
from services.scoring.repository.areas import Area
from services.scoring.repository.clusters import read_found_clusters
from services.scoring.repository.conditions import read_passports
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.method import Method
from shared.persistence.work import Work

CLUSTERS_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "school_id": pl.Int64, "cluster": pl.String}
)


async def clusters_of(
    work: Work, area: Area, year: int, method: Method[Conditions]
) -> pl.DataFrame:
    """Return the clusters of schools in like conditions, as the conditions have them.

    They follow from the passports of the year and the method alone. Where the current
    run of conditions has found them from the very same, they are taken from it, and
    counted anew elsewhere: both are equal, so the two topics may be computed in any
    order.

    Returns:
        The columns of `CLUSTERS_SCHEMA`, without schools that are in no cluster.
    """
    passports = await read_passports(work, area, {year})
    found = await read_found_clusters(work, area, year)
    return await asyncio.to_thread(_clusters, passports, found, method)


def _clusters(
    passports: pl.DataFrame, found: pl.DataFrame, method: Method[Conditions]
) -> pl.DataFrame:
    wanted = cluster_keys(passports, method.content_hash)
    keys = ["municipality_id", "clusters_key"]
    known = found.join(wanted, on=keys, how="semi")
    others = wanted.join(found, on=keys, how="anti")
    columns = [pl.col(name).cast(dtype) for name, dtype in CLUSTERS_SCHEMA.items()]
    clusters = [known.select(columns)]
    if not others.is_empty():
        missing = passports.join(others, on="municipality_id", how="semi")
        clusters.append(cluster_schools(missing, method.spec).select(columns))
    return pl.concat(clusters).drop_nulls()
