"""From figures and p-values to verdicts, when many tests are made at once."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from shared.domain.methods.objectivity import HOLM
from shared.domain.objectivity_tests import LIMITED, NO_SIGN, NOT_ASSESSABLE, SIGN

_FAMILY: Final = ("municipality_id", "test")


def with_verdicts(
    candidates: pl.DataFrame, significance: Mapping[str, float], adjustment: str
) -> pl.DataFrame:
    """Add ``tests``, ``adjusted_p`` and ``verdict``, and take away what led to them.

    The tests of one kind in a municipality and year are one family. Those with reserve
    are outside it: their p-value is not adjusted, and they never make a sign.

    Args:
        candidates: With the columns of `CANDIDATE_SCHEMA`, of one year.
        significance: How small an adjusted p-value has to be, by test; one that is not
            named has no p-values.
        adjustment: Of `shared.domain.methods.objectivity.ADJUSTMENTS`.
    """
    is_in_family = pl.col("p_value").is_not_null() & ~pl.col("limited")
    adjusted = candidates.with_columns(
        family_p=pl.when(is_in_family).then("p_value")
    ).with_columns(
        tests=pl.col("family_p").count().over(*_FAMILY).cast(pl.Int64),
        adjusted_p=adjusted_p_values(adjustment),
    )
    strictness = pl.col("test").replace_strict(
        dict(significance), default=None, return_dtype=pl.Float64
    )
    found = pl.col("deviates") & (pl.col("adjusted_p") <= strictness).fill_null(
        strictness.is_null()
    )
    verdict = (
        pl.when(pl.col("reason").is_not_null())
        .then(pl.lit(NOT_ASSESSABLE))
        .when(pl.col("limited"))
        .then(pl.lit(LIMITED))
        .when(found)
        .then(pl.lit(SIGN))
        .otherwise(pl.lit(NO_SIGN))
    )
    return adjusted.with_columns(verdict=verdict).drop(
        "family_p", "deviates", "limited"
    )


def adjusted_p_values(adjustment: str) -> pl.Expr:
    """Adjust ``family_p`` within each municipality and test; null stays null.

    Source: Holm (1979), step down: the i-th smallest of m is multiplied by m - i + 1
    and is at least the one before. Benjamini and Hochberg (1995), step up: it is
    multiplied by m/i and is at most the one after. Neither exceeds 1.

    Of 0.01, 0.04 and 0.03, Holm makes 0.03, 0.06 and 0.06:

    >>> frame = pl.DataFrame(
    ...     {"municipality_id": 1, "test": "x", "family_p": [0.01, 0.04, 0.03]}
    ... )
    >>> frame.select(adjusted_p_values(HOLM).round(9)).to_series().to_list()
    [0.03, 0.06, 0.06]
    """
    p, number = pl.col("family_p"), pl.col("family_p").count()
    place = p.rank("ordinal")
    if adjustment == HOLM:
        raised = p * (number - place.cast(pl.Int64) + 1)
        steps = raised.sort_by(place, nulls_last=True).cum_max()
    else:
        raised = p * number / place
        steps = raised.sort_by(place, nulls_last=True).reverse().cum_min().reverse()
    return steps.gather(place - 1).clip(upper_bound=1.0).over(*_FAMILY)
