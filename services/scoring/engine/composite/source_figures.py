"""The figures of an indicator that a measure or a group of МСОКО is the source of."""

from typing import Final

import polars as pl

from shared.domain.measures import MEASURES
from shared.domain.methods.indicator_sources import MeasureSource, MsokoSource

# What a measure counts of its pupils; one that is no share of them is not here.
NUMERATORS: Final = {
    "quality_rate": pl.col("n4") + pl.col("n5"),
    "success_rate": pl.col("n3") + pl.col("n4") + pl.col("n5"),
    "low_share": pl.col("n_low"),
    "confirmed_marks": pl.col("n_equal"),
}


def measure_figures(
    source: MeasureSource, counts: pl.DataFrame, n_all: pl.DataFrame
) -> pl.DataFrame:
    """Return a measure of each school with any results.

    Args:
        source: The measure.
        counts: The answer of `summarise` over the chosen results, by school.
        n_all: How many results a school has, chosen or not: ``n_all``.
    """
    measure = MEASURES[source.measure]
    figures = counts.select(
        "school_id",
        value=pl.col(measure.code),
        n=pl.col(measure.n_column),
        numerator=NUMERATORS.get(source.measure, pl.lit(None, pl.Int64)),
    )
    together = n_all.select("school_id").join(figures, on="school_id", how="left")
    return with_results(together, counts, n_all).with_columns(pl.col("n").fill_null(0))


def with_results(
    figures: pl.DataFrame, counts: pl.DataFrame, n_all: pl.DataFrame
) -> pl.DataFrame:
    """Say how many results of each school were counted, and how many were not.

    Returns:
        `figures` with ``n_results`` and ``n_left_out``, null where there is no result.
    """
    results = n_all.join(
        counts.select("school_id", "n_results"), on="school_id", how="left"
    ).select("school_id", "n_all", pl.col("n_results").fill_null(0))
    return figures.join(
        results.select(
            "school_id", "n_results", n_left_out=pl.col("n_all") - pl.col("n_results")
        ),
        on="school_id",
        how="left",
    )


def msoko_figures(source: MsokoSource, scores: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return the score of each school in a group of МСОКО, in per cent.

    `scores` has `MSOKO_SCHEMA`.
    """
    in_group = pl.col("group") == source.group
    in_year = pl.col("academic_year") == year
    return scores.filter(in_group & in_year).select(
        "school_id",
        value=100 * pl.col("score") / pl.col("maximum"),
        n=pl.lit(None, pl.Int64),
        numerator=pl.lit(None, pl.Int64),
        n_results=pl.lit(1, pl.Int64),
        n_left_out=pl.lit(0, pl.Int64),
    )
