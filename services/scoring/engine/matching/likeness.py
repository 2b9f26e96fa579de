"""Under which conditions schools work, for a mentor's should be like its mentee's."""

import polars as pl

from services.scoring.engine.conditions.index import ends_of, index_of
from services.scoring.engine.matching.needs import SCHOOL
from shared.domain.methods.conditions import Conditions


def conditions(
    passports: pl.DataFrame, rules: Conditions, *, first_year: int
) -> pl.DataFrame:
    """Return the newest index of each school that has one since `first_year`.

    Args:
        passports: With the columns of `PASSPORT_SCHEMA`, of all years that a scale may
            come from.
        rules: The method by which the index is reckoned.
        first_year: An older index says nothing of a school as it is.

    Returns:
        `SCHOOL` and ``conditions``, from 0 to 1; in the order of `SCHOOL`.
    """
    ends = ends_of(passports, rules.shares, rules.reference)
    indices = index_of(
        passports, ends, rules.shares, minimum_shares=rules.minimum_shares
    )
    return (
        indices.filter(pl.col("index").is_not_null(), pl.col("year") >= first_year)
        .sort(*SCHOOL, "year")
        .group_by(SCHOOL, maintain_order=True)
        .agg(conditions=pl.col("index").last())
    )
