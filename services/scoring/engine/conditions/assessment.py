"""All that is computed of schools' conditions, for many municipalities and years."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from services.scoring.engine.conditions.clusters import Clusters, find_clusters
from services.scoring.engine.conditions.expected import (
    Expectations,
    expectations,
)
from services.scoring.engine.conditions.index import (
    KEYS,
    NO_PASSPORT,
    ends_of,
    index_of,
)
from services.scoring.engine.conditions.standing import GROUP, with_standing
from shared.domain.methods.condition_index import IndexSource
from shared.domain.methods.conditions import Conditions

NO_PUBLISHED_INDEX: Final = "no_published_index"
LISTED_SCHEMA: Final = pl.Schema(dict.fromkeys(KEYS, pl.Int64))
PUBLISHED_SCHEMA: Final = pl.Schema(
    dict.fromkeys(KEYS, pl.Int64) | {"published_index": pl.Float64}
)
OUTCOME_SCHEMA: Final = pl.Schema(
    dict.fromkeys(KEYS, pl.Int64) | {"outcome": pl.Float64, "n": pl.Int64}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInputs:
    """What an assessment counts from.

    `schools` are those to be listed, by municipality and year; `passports` may hold
    more years than are listed: the clusters of a year go on from those of the year
    before, and a reference may fix an earlier year.
    """

    schools: pl.DataFrame
    passports: pl.DataFrame
    published: pl.DataFrame
    outcomes: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A row for each municipality and year, and one for each school listed."""

    models: pl.DataFrame
    schools: pl.DataFrame


def assess(inputs: ConditionInputs, method: Conditions) -> Assessment:
    """Compute index, expected result, standing, cluster and peers of each school.

    Each municipality and year is computed as if it stood alone, so many in one frame
    give bit for bit what each of them does.
    """
    ends = ends_of(inputs.passports, method.shares, method.reference)
    schools = _with_index(inputs, ends, method)
    listed = schools.select(GROUP).unique()
    expected = expectations(schools, method.expected)
    clusters = find_clusters(_needed(inputs.passports, listed), method)
    standing = with_standing(expected.schools, method)
    return Assessment(
        models=_models(standing, expected, clusters, ends, method),
        schools=_schools(standing, clusters, method),
    )


def _needed(passports: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Return the passports of the years listed and of the years before them."""
    years = pl.concat([listed, listed.with_columns(pl.col("year") - 1)]).unique()
    return passports.join(years, on=GROUP, how="semi", maintain_order="left")


def _with_index(
    inputs: ConditionInputs, ends: pl.DataFrame, method: Conditions
) -> pl.DataFrame:
    """Return the schools listed, with all that is known of them, sorted."""
    computed = index_of(
        inputs.passports, ends, method.shares, minimum_shares=method.minimum_shares
    )
    joined = inputs.schools.sort(KEYS)
    for known in (
        inputs.passports,
        computed.rename({"index": "computed_index"}),
        inputs.published,
        inputs.outcomes,
    ):
        joined = joined.join(known, on=KEYS, how="left", maintain_order="left")
    if method.index is IndexSource.PUBLISHED:
        missing = pl.col("published_index").is_null()
        return joined.with_columns(
            pl.col("published_index").alias("index"),
            pl.when(missing).then(pl.lit(NO_PUBLISHED_INDEX)).alias("index_reason"),
        )
    has_none = pl.col("shares_known").is_null()
    return joined.with_columns(
        pl.col("computed_index").alias("index"),
        pl.when(has_none)
        .then(pl.lit(NO_PASSPORT))
        .otherwise("index_reason")
        .alias("index_reason"),
    )


def _schools(
    standing: pl.DataFrame, clusters: Clusters, method: Conditions
) -> pl.DataFrame:
    shares = pl.struct(pl.col(use.percent).alias(use.name) for use in method.shares)
    joined = standing
    for known in (clusters.schools, clusters.peers):
        joined = joined.join(known, on=KEYS, how="left", maintain_order="left")
    return joined.select(
        *KEYS,
        "index",
        "computed_index",
        "published_index",
        "index_reason",
        pl.col("shares_known", "shares_used").fill_null(0),
        shares.struct.json_encode().alias("shares"),
        "outcome",
        pl.col("n").fill_null(0),
        *PREDICTED,
        "status",
        "quadrant",
        "difficulty",
        "resilience",
        "cluster",
        pl.when(pl.col("shares_compared").is_null())
        .then(pl.lit(NO_PASSPORT))
        .otherwise("cluster_reason")
        .alias("cluster_reason"),
        "previous_cluster",
        pl.col("shares_compared").fill_null(0),
        pl.col("peers").fill_null("[]"),
    ).rechunk()


PREDICTED: Final = (
    "expected",
    "residual",
    "standard_error",
    "z",
    "expected_low",
    "expected_high",
    "fitted",
    "leverage",
    "expected_reason",
)


def _models(
    standing: pl.DataFrame,
    expected: Expectations,
    clusters: Clusters,
    ends: pl.DataFrame,
    method: Conditions,
) -> pl.DataFrame:
    index = pl.col("index")
    listed = standing.group_by(GROUP).agg(
        schools_listed=pl.len().cast(pl.Int64),
        schools_with_index=index.count().cast(pl.Int64),
        index_low=index.min(),
        index_high=index.max(),
        median_index=pl.col("median_index").first(),
        median_outcome=pl.col("median_outcome").first(),
    )
    scale = pl.struct(
        pl.struct(
            pl.col(f"{use.name}_low").alias("low"),
            pl.col(f"{use.name}_high").alias("high"),
        ).alias(use.name)
        for use in method.shares
    )
    scales = ends.select(
        *GROUP, "reference_year", scale.struct.json_encode().alias("reference")
    )
    joined = expected.models
    for known in (listed, scales, clusters.groupings):
        joined = joined.join(known, on=GROUP, how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("reference", "clustering").fill_null("{}")
    ).rechunk()
