"""How well the flags of the year before foretold the results of this one."""

import polars as pl

from services.scoring.engine.identification.evidence import CONFIDENCE
from services.scoring.engine.identification.statuses import Status
from services.scoring.engine.small_numbers.wilson import wilson_interval

FLAGS: dict[str, tuple[Status, ...]] = {
    "on_list": (Status.ON_LIST,),
    "risk_group": (Status.RISK_GROUP,),
    "on_list_or_risk_group": (Status.ON_LIST, Status.RISK_GROUP),
}
"""What is tested as a forecast: which statuses of the year before are a flag."""

BACK_TEST_SCHEMA = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "flag": pl.String,
        "flagged_low": pl.Int64,
        "flagged_not_low": pl.Int64,
        "missed_low": pl.Int64,
        "unflagged_not_low": pl.Int64,
        "not_assessed": pl.Int64,
        "precision": pl.Float64,
        "precision_from": pl.Float64,
        "precision_to": pl.Float64,
        "recall": pl.Float64,
        "recall_from": pl.Float64,
        "recall_to": pl.Float64,
    }
)
"""Counts of schools by flag and by whether the year is low, and shares in per cent."""


def back_test(identified: pl.DataFrame) -> pl.DataFrame:
    """Compare last year's flags with whether this year alone is low.

    Source: precision is the share of flagged schools that are low, recall the share of
    low schools that were flagged; intervals by Wilson's score at 95 %. A school that
    either year cannot assess is counted apart and in neither.

    Three were flagged, two of them are low, and one low school was missed:

    >>> statuses = ["on_list", "on_list", "on_list", "not_on_list", "not_assessable"]
    >>> schools = pl.DataFrame(
    ...     {
    ...         "municipality_id": 1,
    ...         "status_before": statuses,
    ...         "low_in_year": ["yes", "yes", "no", "yes", "yes"],
    ...     }
    ... )
    >>> test = back_test(schools).row(0, named=True)
    >>> test["flagged_low"], test["flagged_not_low"], test["missed_low"]
    (2, 1, 1)
    >>> round(test["precision"], 2), round(test["recall"], 2), test["not_assessed"]
    (66.67, 66.67, 1)

    Returns:
        Rows of `BACK_TEST_SCHEMA`: one per municipality and flag.
    """
    tests = [_test(identified, flag, statuses) for flag, statuses in FLAGS.items()]
    return pl.concat(tests).sort("municipality_id", maintain_order=True)


def _test(
    identified: pl.DataFrame, flag: str, statuses: tuple[Status, ...]
) -> pl.DataFrame:
    is_flagged = pl.col("status_before").is_in([status.value for status in statuses])
    is_low = pl.col("low_in_year") == "yes"
    is_assessed = (pl.col("status_before") != Status.NOT_ASSESSABLE.value) & (
        pl.col("low_in_year") != "unknown"
    )
    counts = identified.group_by("municipality_id").agg(
        flagged_low=(is_assessed & is_flagged & is_low).sum(),
        flagged_not_low=(is_assessed & is_flagged & ~is_low).sum(),
        missed_low=(is_assessed & ~is_flagged & is_low).sum(),
        unflagged_not_low=(is_assessed & ~is_flagged & ~is_low).sum(),
        not_assessed=(~is_assessed).sum(),
    )
    hits = pl.col("flagged_low")
    return (
        counts.sort("municipality_id")
        .with_columns(
            *_share("precision", hits, hits + pl.col("flagged_not_low")),
            *_share("recall", hits, hits + pl.col("missed_low")),
            flag=pl.lit(flag),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in BACK_TEST_SCHEMA.items())
    )


def _share(name: str, part: pl.Expr, whole: pl.Expr) -> list[pl.Expr]:
    low, high = wilson_interval(part, whole, CONFIDENCE)
    return [
        pl.when(whole > 0).then(100 * part / whole).alias(name),
        (100 * low).alias(f"{name}_from"),
        (100 * high).alias(f"{name}_to"),
    ]
