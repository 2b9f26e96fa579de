"""What the clusters of a municipality's year follow from, as a fingerprint."""

from hashlib import sha256
from typing import Final

import polars as pl

from services.scoring.engine.conditions.groups import groups_of, matrix_of
from services.scoring.engine.conditions.index import KEYS, PERCENTS

KEY_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "year": pl.Int64, "clusters_key": pl.String}
)


def cluster_keys(passports: pl.DataFrame, method_hash: str) -> pl.DataFrame:
    """Return a fingerprint of the passports of each municipality's year.

    Clusters follow from these and the method alone, so that equal keys mean equal
    clusters, whenever they were found.

    Args:
        passports: With the columns of `PASSPORT_SCHEMA`, in any order.
        method_hash: Of the version of the method.

    Returns:
        The columns of `KEY_SCHEMA`, by municipality and year.
    """
    ordered = passports.sort(KEYS)
    schools = ordered["school_id"].to_numpy()
    shares = matrix_of(ordered, PERCENTS)
    rows = []
    for group in groups_of(ordered):
        seen = sha256(method_hash.encode())
        seen.update(schools[group.rows].tobytes())
        seen.update(shares[group.rows].tobytes())
        rows.append((group.municipality_id, group.year, seen.hexdigest()))
    return pl.DataFrame(rows, schema=KEY_SCHEMA, orient="row")
