"""Figures over several years, for schools that are too small for one."""

import polars as pl

from services.scoring.engine.small_numbers.tallies import Tally


def pool(
    summaries: pl.DataFrame, tally: Tally, *, year: int, years: int
) -> pl.DataFrame:
    """Sum the counts of each school over `year` and the years before it.

    Pupils are summed, never percentages averaged: 1 of 2 and 8 of 8 are 9 of 10. A
    year in which the school has nobody to count is not one of its years.

    Args:
        summaries: ``municipality_id``, ``school_id``, ``academic_year`` and the counts
            of `measures.summarise`.
        tally: Of the measure that is pooled.
        year: The last of the years.
        years: How many there are at most; 1 is `year` alone.

    Returns:
        ``municipality_id``, ``school_id``, ``pooled_value`` in the unit of the
        measure, ``pooled_n`` and ``pooled_years`` from the first to the last, by
        municipality and school; only schools with anybody to count.

    >>> from services.scoring.engine.small_numbers.tallies import TALLIES
    >>> school = {"municipality_id": [1, 1], "school_id": [7, 7]}
    >>> counts = {"academic_year": [2018, 2020], "n_low": [1, 2], "n_low_of": [4, 6]}
    >>> pooled = pool(
    ...     pl.DataFrame(school | counts), TALLIES["low_share"], year=2020, years=3
    ... )
    >>> pooled.select("pooled_value", "pooled_n", "pooled_years").row(0)
    (30.0, 10, [2018, 2020])
    """
    covered = pl.col("academic_year").is_between(year - years + 1, year)
    counted = summaries.filter(covered).select(
        "municipality_id",
        "school_id",
        pl.col("academic_year").cast(pl.Int16),
        *tally.columns,
    )
    return (
        counted.filter(tally.moment(0) > 0)
        .group_by("municipality_id", "school_id")
        .agg(
            pl.col(tally.names).sum(),
            pooled_years=pl.col("academic_year").unique().sort(),
        )
        .sort("municipality_id", "school_id")
        .select(
            "municipality_id",
            "school_id",
            pooled_value=tally.moment(1) / tally.moment(0),
            pooled_n=tally.moment(0),
            pooled_years="pooled_years",
        )
    )
