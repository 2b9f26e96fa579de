"""The evidence of a status: each unit, what it held, and how far it is from low."""

import polars as pl

from services.scoring.engine.identification.thresholds import low_percent
from services.scoring.engine.identification.units import SCHOOL_KEYS, UNIT_KEYS
from services.scoring.engine.small_numbers.wilson import wilson_interval
from shared.domain.methods.identification import Identification

CONFIDENCE = 0.95

EVIDENCE_SCHEMA = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "academic_year": pl.Int16,
        "procedure": pl.String,
        "subject": pl.String,
        "programme_grade": pl.Int16,
        "n": pl.Int64,
        "n_low": pl.Int64,
        "low_share": pl.Float64,
        "share_from": pl.Float64,
        "share_to": pl.Float64,
        "threshold": pl.Float64,
        "fewest_low": pl.Int64,
        "state": pl.String,
        "pupils": pl.Int64,
        "points": pl.Float64,
        "peers_median": pl.Float64,
        "peers": pl.Int64,
    }
)
"""One row per school, year of the window and unit.

Shares are per cent, from and to the ends of Wilson's interval. `threshold` and
`fewest_low` are what makes the result low. `state` is ``low``, ``not_low``, ``too_few``
(participants), ``no_low_count`` or ``excluded``. `pupils` would have to change their
mark for the result to cross the threshold, `points` is how far the share lies above it;
both null unless the result was assessed. `peers_median` is the median share of the
municipality's `peers` schools with an assessed result of the same unit and year.
"""


def list_evidence(
    units: pl.DataFrame, held: pl.DataFrame, rule: Identification, *, year: int
) -> pl.DataFrame:
    """Set out the units of a window's years with the columns of `EVIDENCE_SCHEMA`.

    Args:
        units: As `count_units` gives them, with ``assessable``, ``fewest`` and
            ``fewest_to_leave``.
        held: `SCHOOL_KEYS` of the schools to list, with ``listed_before``: whether the
            threshold of leaving holds for the school.
        rule: Whose thresholds and window.
        year: The last of the window.
    """
    window = pl.col("academic_year").is_between(year - rule.window_years + 1, year)
    percent = low_percent(pl.col("n_low"), pl.col("n"))
    peers = ["municipality_id", "academic_year", *UNIT_KEYS]
    share_from, share_to = wilson_interval(pl.col("n_low"), pl.col("n"), CONFIDENCE)
    assessed = pl.when("assessable")
    return (
        units.filter(window)
        .join(held, on=list(SCHOOL_KEYS))
        .sort(*SCHOOL_KEYS, "academic_year", *UNIT_KEYS, nulls_last=True)
        .with_columns(
            low_share=percent,
            share_from=100 * share_from,
            share_to=100 * share_to,
            threshold=pl.when("listed_before")
            .then(rule.leave_share_at_least)
            .otherwise(rule.low_share_at_least),
            fewest_low=own_threshold(),
            state=_state(),
            pupils=pupils_to_cross(),
            peers_median=assessed.then(percent).median().over(peers),
            peers=pl.col("assessable").sum().over(peers),
        )
        .with_columns(points=assessed.then(pl.col("low_share") - pl.col("threshold")))
        .select(pl.col(name).cast(dtype) for name, dtype in EVIDENCE_SCHEMA.items())
    )


def own_threshold() -> pl.Expr:
    """The fewest low pupils by the threshold that holds for the unit's school."""
    return pl.when("listed_before").then("fewest_to_leave").otherwise("fewest")


def pupils_to_cross() -> pl.Expr:
    """How many pupils' marks would take an assessed unit over its threshold.

    Of 10 pupils 3 low ones are enough: with 2 one more is needed, with 4 two fewer;
    a threshold of more pupils than there are is never crossed.

    >>> pl.DataFrame(
    ...     {
    ...         "assessable": True,
    ...         "listed_before": False,
    ...         "n": 10,
    ...         "n_low": [2, 4, 4],
    ...         "fewest": [3, 3, 11],
    ...         "fewest_to_leave": 3,
    ...     }
    ... ).select(pupils_to_cross()).to_series().to_list()
    [1, 2, None]
    """
    low, fewest = pl.col("n_low"), own_threshold()
    distance = pl.when(low >= fewest).then(low - fewest + 1).otherwise(fewest - low)
    is_reachable = pl.col("assessable") & (fewest <= pl.col("n"))
    return pl.when(is_reachable).then(distance)


def _state() -> pl.Expr:
    return (
        pl.when("excluded")
        .then(pl.lit("excluded"))
        .when(pl.col("n_low").is_null())
        .then(pl.lit("no_low_count"))
        .when(~pl.col("assessable"))
        .then(pl.lit("too_few"))
        .when(pl.col("n_low") >= own_threshold())
        .then(pl.lit("low"))
        .otherwise(pl.lit("not_low"))
    )
