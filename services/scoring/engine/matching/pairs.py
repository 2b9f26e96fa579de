"""Which two schools could be mentor and mentee at all, whatever the need."""

from typing import Final

import polars as pl

from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.engine.matching.needs import SCHOOL
from shared.domain.methods.matching import Gates

PAIR: Final = ("municipality_id", "mentee_id", "mentor_id")

# Why a pair is excluded, the first of these that holds.
SAME_SCHOOL: Final = "same_school"
OPEN_AGREEMENT: Final = "open_agreement"
SAME_PAIR_BEFORE: Final = "same_pair_before"
DECLINED: Final = "declined"
NO_CAPACITY: Final = "no_capacity"
ALL_PLACES_TAKEN: Final = "all_places_taken"


def places(inputs: MatchingInputs) -> pl.DataFrame:
    """Return each school's places and free ones, and its open agreements as mentee.

    Returns:
        The columns of `SCHOOL_SCHEMA`, ``free_places`` (not below 0) and
        ``mentors``, the number of those it has.
    """
    is_open = inputs.agreements.filter(pl.col("years_ago").is_null())
    given = is_open.group_by("municipality_id", school_id="mentor_id").agg(
        given=pl.len().cast(pl.Int64)
    )
    had = is_open.group_by("municipality_id", school_id="mentee_id").agg(
        mentors=pl.len().cast(pl.Int64)
    )
    return (
        inputs.schools.join(given, on=SCHOOL, how="left")
        .join(had, on=SCHOOL, how="left")
        .with_columns(pl.col("given", "mentors").fill_null(0))
        .with_columns(
            free_places=(pl.col("places") - pl.col("given")).clip(lower_bound=0)
        )
        .drop("given")
        .sort(SCHOOL)
    )


def pairs(
    inputs: MatchingInputs, schools: pl.DataFrame, needy: pl.DataFrame, gates: Gates
) -> pl.DataFrame:
    """Return each needy school with every other one, and what excludes the pair.

    Args:
        inputs: The agreements, and the pairs that were declined.
        schools: The answer of `places`.
        needy: `SCHOOL` of those that need a mentor.
        gates: When a pair can come again.

    Returns:
        `PAIR` and ``reason``, null where nothing excludes the pair; in their order.
    """
    mentees = needy.join(schools, on=SCHOOL).select(
        "municipality_id", mentee_id="school_id", mentee_root=_root()
    )
    mentors = schools.select(
        "municipality_id", "places", "free_places", mentor_id="school_id", root=_root()
    )
    both = mentees.join(mentors, on="municipality_id").filter(
        pl.col("mentee_id") != pl.col("mentor_id")
    )
    history = _history(inputs.agreements, gates)
    declined = inputs.declined.select(PAIR).unique().with_columns(declined=True)
    return (
        both.join(history, on=PAIR, how="left")
        .join(declined, on=PAIR, how="left")
        .select(*PAIR, reason=_reason())
        .sort(PAIR)
    )


def _root() -> pl.Expr:
    """A branch is part of its school."""
    return pl.coalesce("parent_id", "school_id")


def _history(agreements: pl.DataFrame, gates: Gates) -> pl.DataFrame:
    years_ago = pl.col("years_ago")
    return agreements.group_by(PAIR).agg(
        is_open=years_ago.is_null().any(),
        was_before=(years_ago < gates.years_before_same_pair).any(),
    )


def _reason() -> pl.Expr:
    holds = {
        SAME_SCHOOL: pl.col("root") == pl.col("mentee_root"),
        OPEN_AGREEMENT: pl.col("is_open"),
        SAME_PAIR_BEFORE: pl.col("was_before"),
        DECLINED: pl.col("declined"),
        NO_CAPACITY: pl.col("places") == 0,
        ALL_PLACES_TAKEN: pl.col("free_places") == 0,
    }
    return pl.coalesce(
        pl.when(condition).then(pl.lit(reason)) for reason, condition in holds.items()
    )
