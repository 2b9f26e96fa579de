"""A method applied to results: the figures of its schools, and their places."""

from collections.abc import Collection

import polars as pl

from services.scoring.engine.measures import summarise
from services.scoring.engine.ranking import rank
from shared.domain.measures import MEASURES
from shared.domain.methods.ranking import Ranking


def standings(
    results: pl.DataFrame, *, schools: Collection[int], method: Ranking
) -> pl.DataFrame:
    """Rank `schools` by `method`; the answer is that of `ranking.rank`.

    Every school of `schools` is in it, those without results as ``no_data``; results
    of other schools are left aside.
    """
    measure = MEASURES[method.ranked_by]
    listed = pl.DataFrame(
        {"school_id": sorted(set(schools))}, schema={"school_id": pl.Int64}
    )
    figures = summarise(results.filter(_covered(method)), by=["school_id"]).select(
        "school_id", value=pl.col(measure.code), n=pl.col(measure.n_column)
    )
    values = listed.join(figures, on="school_id", how="left").with_columns(
        pl.col("n").fill_null(0)
    )
    return rank(values, direction=method.direction, minimum_n=method.minimum_n)


def _covered(method: Ranking) -> pl.Expr:
    """Tell which results the method counts, by their procedure and subject."""
    chosen = pl.lit(value=True)
    if method.procedures:
        chosen &= pl.col("procedure").is_in(method.procedures)
    if method.subjects:
        chosen &= pl.col("subject").is_in(method.subjects)
    return chosen
