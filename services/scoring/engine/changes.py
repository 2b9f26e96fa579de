"""What changed between two rankings of the same schools."""

from typing import Final

import polars as pl

from services.scoring.engine.rounding import rounded

UP: Final = "up"
DOWN: Final = "down"
SAME: Final = "same"
ENTERED: Final = "entered"
LEFT: Final = "left"
OUTSIDE: Final = "outside"

_SHOWN = ("value", "n", "place_from", "place_to", "reason")


def changes(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Compare two answers of `ranking.rank`, school by school.

    A move is judged by the better end of a place: from "1–2" to 1 is no move, since
    the school had nobody above it before.

    Returns:
        ``school_id``; the figures and places ``…_before`` and ``…_after`` (null where
        the school is not in that ranking's list); ``value_change`` between the
        figures as people read them; ``place_change``, positive for places gained;
        ``move``: up, down, same, entered, left, or outside both. By school.

    >>> columns = ["school_id", "value", "n", "place_from", "place_to", "reason"]
    >>> old = pl.DataFrame([(7, 50.0, 9, 2, 2, None)], schema=columns, orient="row")
    >>> new = pl.DataFrame([(7, 62.5, 8, 1, 1, None)], schema=columns, orient="row")
    >>> changes(old, new).select("value_change", "place_change", "move").row(0)
    (12.5, 1, 'up')
    """
    joined = _suffixed(before, "before").join(
        _suffixed(after, "after"), on="school_id", how="full", coalesce=True
    )
    was, now = pl.col("place_from_before"), pl.col("place_from_after")
    figures = rounded(pl.col("value_after")) - rounded(pl.col("value_before"))
    return (
        joined.with_columns(
            value_change=rounded(figures),
            place_change=was - now,
            move=_move(was, now),
        )
        .sort("school_id")
        .rechunk()
    )


def _suffixed(ranking: pl.DataFrame, when: str) -> pl.DataFrame:
    shown = [pl.col(name).alias(f"{name}_{when}") for name in _SHOWN]
    return ranking.select("school_id", *shown)


def _move(was: pl.Expr, now: pl.Expr) -> pl.Expr:
    return (
        pl.when(was.is_null() & now.is_null())
        .then(pl.lit(OUTSIDE))
        .when(was.is_null())
        .then(pl.lit(ENTERED))
        .when(now.is_null())
        .then(pl.lit(LEFT))
        .when(now < was)
        .then(pl.lit(UP))
        .when(now > was)
        .then(pl.lit(DOWN))
        .otherwise(pl.lit(SAME))
    )
