"""The ranking of a method: the places of schools by the figure that it names."""

import polars as pl

from shared.domain.methods.ranking import Ranking


def standings(scores: pl.DataFrame, *, method: Ranking) -> pl.DataFrame:
    """Pick the places by what ranks, with the columns of `ranking.rank`.

    Every listed school is in it, with a place or with the reason of having none. `n`
    is 0 where no pupils are counted.

    Args:
        scores: The answer of `school_scores` for one municipality.
        method: Which figure ranks.
    """
    ranks = (pl.col("code") == method.ranked_by) & (pl.col("level") != "group")
    return (
        scores.filter(ranks)
        .select(
            "school_id",
            "value",
            pl.col("n").fill_null(0),
            "place_from",
            "place_to",
            pl.col("ranked").alias("of"),
            "reason",
        )
        .sort("place_from", "school_id", nulls_last=True)
        .rechunk()
    )
