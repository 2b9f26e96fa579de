"""Which of a mentee's needs a mentor is good enough for, and how far it is ahead."""

from typing import Final

import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.engine.matching.needs import (
    ASPECT,
    GROUP,
    PROBLEM,
    SCHOOL,
    SUBJECT,
    levels,
    problem_code,
)
from services.scoring.engine.matching.pairs import PAIR
from services.scoring.engine.matching.units import in_units, units_of
from shared.domain.methods.matching import BARRED, Matching

# Why a mentor cannot help with a need, the first of these that holds.
NOT_OFFERED: Final = "not_offered"
ON_LOW_LIST: Final = "mentor_on_low_list"
HAS_SIGNS: Final = "mentor_has_signs"
NO_FIGURE: Final = "no_figure_of_mentor"
TOO_FEW: Final = "too_few_participants"
NOT_STRONG: Final = "not_strong_enough"
GAP_TOO_SMALL: Final = "gap_too_small"


def fits(
    inputs: MatchingInputs,
    pairs: pl.DataFrame,
    needs: pl.DataFrame,
    standing: pl.DataFrame,
    rules: Matching,
) -> pl.DataFrame:
    """Return for each pair and each need of the mentee whether the mentor is fit.

    Args:
        inputs: Which schools are listed or have signs, and the offers.
        pairs: `PAIR` of those that nothing excludes.
        needs: The answer of `needs.needs`.
        standing: The answer of `needs.figures`.
        rules: What is strong enough, and who is barred.

    Returns:
        `PAIR`, `ASPECT`, what `needs` says of the need, the mentor's
        ``mentor_figure`` and ``mentor_n``, ``is_offered``, ``gap`` in ten-thousandths
        of a full one, and ``reason``, null where the mentor is fit; in their order.
    """
    schools = inputs.schools.select("municipality_id", "school_id", "listed", "signs")
    return (
        pairs.select(PAIR)
        .join(
            needs.rename({"school_id": "mentee_id"}),
            on=["municipality_id", "mentee_id"],
        )
        .join(_of_mentor(schools), on=["municipality_id", "mentor_id"])
        .join(_standing_of_mentor(standing), on=_MENTOR_ASPECT, how="left")
        .join(_offered(inputs.offers), on=_MENTOR_ASPECT, how="left")
        .with_columns(pl.col("is_offered").fill_null(value=False))
        .with_columns(gap=_gap(rules), reason=_reason(rules))
        .select(*PAIR, *ASPECT, *_COLUMNS)
        .sort(*PAIR, *ASPECT)
    )


_MENTOR_ASPECT: Final = ["municipality_id", "mentor_id", *ASPECT]
_COLUMNS: Final = (
    "is_weak",
    "has_deficit",
    "asked",
    "severity",
    "figure",
    "n",
    "mentor_figure",
    "mentor_n",
    "is_offered",
    "gap",
    "reason",
)


def _of_mentor(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"school_id": "mentor_id"})


def _standing_of_mentor(standing: pl.DataFrame) -> pl.DataFrame:
    return _of_mentor(standing).rename({"figure": "mentor_figure", "n": "mentor_n"})


def _offered(offers: pl.DataFrame) -> pl.DataFrame:
    """Offers by subject and by their words, for a request may be in words alone."""
    by_subject = offers.filter(pl.col("subject").is_not_null()).select(
        *SCHOOL, kind=pl.lit(SUBJECT), code="subject"
    )
    by_problem = offers.select(
        *SCHOOL, kind=pl.lit(PROBLEM), code=problem_code(pl.col("problem"))
    )
    offered = pl.concat([by_subject, by_problem]).unique()
    return _of_mentor(offered).with_columns(is_offered=True)


def _gap(rules: Matching) -> pl.Expr:
    """A gap that nobody knows counts as the method says of what is unknown."""
    ahead = pl.col("mentor_figure") - pl.col("figure")
    gap = quotient(ahead, levels(rules, "full_gap"))
    return in_units(gap).fill_null(units_of(rules.unknown_counts_as))


def _reason(rules: Matching) -> pl.Expr:
    gates = rules.gates
    is_problem = pl.col("kind") == PROBLEM
    is_subject = pl.col("kind") == SUBJECT
    bars = (pl.col("kind") == GROUP) & pl.col("code").is_in(gates.low_list_bars_groups)
    figure = pl.col("mentor_figure")
    holds = {
        NOT_OFFERED: is_problem & ~pl.col("is_offered"),
        ON_LOW_LIST: pl.col("listed") & (is_subject | bars),
        HAS_SIGNS: pl.col("signs")
        & is_subject
        & pl.lit(gates.mentor_with_signs == BARRED),
        TOO_FEW: figure.is_null() & (pl.col("mentor_n") > 0),
        NO_FIGURE: figure.is_null() & ~is_problem,
        NOT_STRONG: figure < levels(rules, "strong_at_least"),
        GAP_TOO_SMALL: figure - pl.col("figure") < levels(rules, "least_gap"),
    }
    return pl.coalesce(
        pl.when(condition).then(pl.lit(reason)) for reason, condition in holds.items()
    )
