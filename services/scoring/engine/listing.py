"""Which schools of a municipality are counted, and which are ranked."""

from collections.abc import Collection

import polars as pl

SCHOOL_SCHEMA = pl.Schema({"school_id": pl.Int64, "kind": pl.String})

_is_branch = pl.col("kind") == "branch"


def counted_schools(schools: pl.DataFrame) -> list[int]:
    """Return the schools of which a share is a share: a branch is part of a school.

    >>> rows = [(7, "secondary"), (8, "branch")]
    >>> counted_schools(pl.DataFrame(rows, schema=SCHOOL_SCHEMA, orient="row"))
    [7]
    """
    return schools.filter(~_is_branch)["school_id"].sort().to_list()


def ranked_schools(
    schools: pl.DataFrame, results: pl.DataFrame, absent: Collection[int] = ()
) -> list[int]:
    """Return the schools that a year lists, with or without a place in a ranking.

    A branch is listed where it has results of its own; otherwise its pupils stand in
    its school's, and "no data" would be said of a branch that is not missing. So is a
    school that is `absent` in the year: one that was closed in the course of it may
    have results.
    """
    has_results = pl.col("school_id").is_in(results["school_id"].unique().implode())
    listed = schools.filter(is_listed(has_results, absent))
    return listed["school_id"].sort().to_list()


def is_listed(has_results: pl.Expr, absent: Collection[int]) -> pl.Expr:
    """Tell which schools a year lists, by their ``kind``; see `ranked_schools`."""
    missing = pl.Series(sorted(absent), dtype=pl.Int64)
    is_there = ~pl.col("school_id").is_in(missing.implode())
    return has_results | (~_is_branch & is_there)
