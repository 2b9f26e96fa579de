"""Which schools of a municipality are counted, and which are ranked."""

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


def ranked_schools(schools: pl.DataFrame, results: pl.DataFrame) -> list[int]:
    """Return the schools that a ranking lists, with or without a place in it.

    A branch is listed where it has results of its own; otherwise its pupils stand in
    its school's, and "no data" would be said of a branch that is not missing.
    """
    with_results = pl.col("school_id").is_in(results["school_id"].unique().to_list())
    return schools.filter(is_listed(with_results))["school_id"].sort().to_list()


def is_listed(has_results: pl.Expr) -> pl.Expr:
    """Tell which schools a ranking lists, by their ``kind``; see `ranked_schools`."""
    return ~_is_branch | has_results
