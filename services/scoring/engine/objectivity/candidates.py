"""What one test says of the schools before its verdicts: figures, p-values, reasons."""

from typing import Final

import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.objectivity.papers import OWN, PUPIL_SCHEMA

TOO_FEW: Final = "too_few_participants"
TOO_FEW_OTHERS: Final = "too_few_in_other_schools"
OTHERS_ALL_ALIKE: Final = "other_schools_all_alike"
NO_SPREAD: Final = "no_spread"
NO_BOUNDARIES: Final = "no_boundaries"
NO_NEIGHBOURS: Final = "no_scores_around_boundary"
INCOMPARABLE: Final = "incomparable_years"

CANDIDATE_SCHEMA: Final = pl.Schema(
    {
        **{name: PUPIL_SCHEMA[name] for name in OWN},
        "test": pl.String(),
        "mark": pl.Int16(),
        "measure": pl.String(),
        "n": pl.Int64(),
        "n_reference": pl.Int64(),
        "figure": pl.Float64(),
        "reference": pl.Float64(),
        "p_value": pl.Float64(),
        "deviates": pl.Boolean(),
        "limited": pl.Boolean(),
        "reason": pl.String(),
        "detail": pl.String(),
    }
)
"""`n` pupils are behind `figure`, `n_reference` others behind `reference`.

`deviates` says that the figure lies where a sign would be, whatever its p-value;
`limited` that there are too few pupils for more than a hint, `reason` why there is no
answer at all. `mark` and `measure` tell apart what a test looks at in one paper.
"""


def as_candidates(frame: pl.DataFrame, test: str) -> pl.DataFrame:
    """Give the frame the columns of `CANDIDATE_SCHEMA`; what it lacks is null.

    Where there is a reason there is no p-value.
    """
    columns = [
        pl.col(name) if name in frame.columns else pl.lit(None).alias(name)
        for name in CANDIDATE_SCHEMA
        if name != "test"
    ]
    return (
        frame.select(*columns, test=pl.lit(test))
        .select(pl.col(name).cast(type_) for name, type_ in CANDIDATE_SCHEMA.items())
        .with_columns(
            p_value=pl.when(pl.col("reason").is_null()).then("p_value"),
            limited=pl.col("limited").fill_null(value=False),
        )
    )


def first_reason(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    """Return the first reason whose condition holds, null where none does."""
    return pl.coalesce(
        *(pl.when(condition).then(pl.lit(reason)) for condition, reason in reasons),
        pl.lit(None, pl.String),
    ).alias("reason")


def percent(part: str, whole: str) -> pl.Expr:
    """Return a share in per cent, null where there is nobody."""
    return pl.when(pl.col(whole) > 0).then(quotient(100 * pl.col(part), pl.col(whole)))
