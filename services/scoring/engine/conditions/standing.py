"""What conditions and results make of a school: as expected, difficult, resilient."""

from typing import Final

import polars as pl

from shared.domain.methods.condition_settings import LowEnd
from shared.domain.methods.conditions import Conditions

GROUP: Final = ("municipality_id", "year")
ABOVE: Final = "above_expected"
AS_EXPECTED: Final = "as_expected"
BELOW: Final = "below_expected"
NOT_ASSESSABLE: Final = "not_assessable"
DIFFICULT: Final = "difficult"
NOT_DIFFICULT: Final = "not_difficult"
RESILIENT: Final = "resilient"
NOT_RESILIENT: Final = "not_resilient"


def with_standing(schools: pl.DataFrame, method: Conditions) -> pl.DataFrame:
    """Add to each school its status, quadrant, ШНСУ status and resilience.

    Source: domain.md §5.

    Args:
        schools: ``municipality_id``, ``year``, ``school_id``, ``index``, ``outcome``,
            ``z``, ``expected_reason``; null and a reason where something is missing.
        method: The method.

    Returns:
        The rows with ``status``, ``quadrant``, ``difficulty`` and ``resilience``, and
        the medians that the quadrants come from.
    """
    settings = method.expected
    better = pl.col("z") if settings.more_is_better else -pl.col("z")
    return (
        schools.with_columns(status=_status(better, settings.differs_from))
        .with_columns(_medians())
        .with_columns(
            quadrant=_quadrant(
                more_is_better=settings.more_is_better,
                schools=settings.quadrants_from,
            ),
            difficulty=_difficulty(method.difficult),
        )
        .with_columns(resilience=_resilience(better, method))
    )


def low_end(end: LowEnd) -> pl.Expr:
    """Tell which schools' index lies in a low end; null where nobody can tell.

    A lowest third of 13 schools is 4 of them, never more than a third; a tie that
    crosses its edge stays outside as a whole. With two schools there is no third.

    >>> third = LowEnd(parts=1, of=3, below=None)
    >>> index = {"index": [0.5, 0.1, None, 0.4, 0.2, 0.2, 0.9]}
    >>> group = {"municipality_id": 1, "year": 2020}
    >>> pl.DataFrame(group | index).select(low_end(third)).to_series().to_list()
    [False, True, None, False, False, False, False]
    """
    index = pl.col("index")
    if end.below is not None:
        return index < end.below
    known = index.count().over(GROUP)
    at_most = index.rank("max").over(GROUP).cast(pl.Int64)
    low = at_most * end.of <= known * end.parts
    return pl.when(index.is_not_null() & (known * end.parts >= end.of)).then(low)


def _status(better: pl.Expr, differs_from: float) -> pl.Expr:
    return (
        pl.when(better.is_null())
        .then(pl.lit(NOT_ASSESSABLE))
        .when(better >= differs_from)
        .then(pl.lit(ABOVE))
        .when(better <= -differs_from)
        .then(pl.lit(BELOW))
        .otherwise(pl.lit(AS_EXPECTED))
    )


def _both() -> pl.Expr:
    """Whether a school has both figures, over enough pupils."""
    unfit = pl.col("expected_reason").is_in(["no_results", "too_few_participants"])
    return pl.col("index").is_not_null() & ~unfit.fill_null(value=False)


def _medians() -> list[pl.Expr]:
    return [
        pl.col(name).filter(_both()).median().over(GROUP).alias(f"median_{name}")
        for name in ("index", "outcome")
    ]


def _quadrant(*, more_is_better: bool, schools: int) -> pl.Expr:
    """Split by the medians; a figure equal to the median is on its good side.

    Where all are equal there is nothing to split, nor among too few schools.
    """
    good = pl.col("index") >= pl.col("median_index")
    outcome, median = pl.col("outcome"), pl.col("median_outcome")
    high = outcome >= median if more_is_better else outcome <= median
    varies = [
        pl.col(name).filter(_both()).n_unique().over(GROUP) > 1
        for name in ("index", "outcome")
    ]
    enough = _both().sum().over(GROUP) >= schools
    return pl.when(_both() & enough & varies[0] & varies[1]).then(
        pl.concat_str(
            pl.when(good).then(pl.lit("good")).otherwise(pl.lit("hard")),
            pl.lit("_conditions_"),
            pl.when(high).then(pl.lit("high")).otherwise(pl.lit("low")),
            pl.lit("_results"),
        )
    )


def _difficulty(end: LowEnd) -> pl.Expr:
    low = low_end(end)
    return (
        pl.when(low.is_null())
        .then(pl.lit(NOT_ASSESSABLE))
        .when(low)
        .then(pl.lit(DIFFICULT))
        .otherwise(pl.lit(NOT_DIFFICULT))
    )


def _resilience(better: pl.Expr, method: Conditions) -> pl.Expr:
    """Resilient are schools in the hardest conditions with results above expected."""
    low = low_end(method.resilient)
    return (
        pl.when(low.is_null() | better.is_null())
        .then(pl.lit(NOT_ASSESSABLE))
        .when(low & (better >= method.expected.differs_from))
        .then(pl.lit(RESILIENT))
        .otherwise(pl.lit(NOT_RESILIENT))
    )
