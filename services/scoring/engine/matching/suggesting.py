"""Mentors for all schools of a municipality that need one, with the next best."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.matching.assignment import INFEASIBLE, Integers, assign
from services.scoring.engine.matching.benefit import MENTEE, benefits
from services.scoring.engine.matching.fit import fits
from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.engine.matching.needs import ASPECT, SCHOOL, figures, needs
from services.scoring.engine.matching.pairs import PAIR, pairs, places
from services.scoring.engine.matching.units import units_of
from shared.domain.methods.matching import Matching

TOO_LITTLE_BENEFIT: Final = "too_little_benefit"

# What became of a school; the first of these that holds.
HAS_MENTOR: Final = "has_mentor"
NOT_ASSESSABLE: Final = "not_assessable"
NO_NEED: Final = "no_need"
SUGGESTED: Final = "suggested"
NO_FEASIBLE_MENTOR: Final = "no_feasible_mentor"
NO_PLACES_LEFT: Final = "no_places_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What is suggested, what else could be, and what cannot.

    `suggestions` are the pairs of the best assignment and the alternatives to them:
    the answer of `benefits` with ``is_chosen``, ``rank`` (from 1 for each mentee) and
    ``cost``, by how much all pairs together would bring less if this pair had to be.
    `schools` tells of each school its ``outcome`` and the number of its ``feasible``
    mentors. `needs` and `fits` are the answers of their functions; `excluded` has
    `PAIR`, ``reason`` and, where the reason is of one need, `ASPECT` and
    ``mentor_figure`` over ``mentor_n`` pupils.
    """

    suggestions: pl.DataFrame
    schools: pl.DataFrame
    needs: pl.DataFrame
    fits: pl.DataFrame
    excluded: pl.DataFrame


def suggest(inputs: MatchingInputs, rules: Matching) -> Suggestions:
    """Suggest mentors within each municipality, so that all together bring the most.

    Each municipality's answer is what it would be were it alone, and does not depend
    on the order of rows. Of several best assignments it is the one that gives the
    schools, in the order of their ids, the mentors with the smallest ids.
    """
    schools = places(inputs)
    standing = figures(inputs, rules)
    wanted = needs(inputs, standing, rules).join(
        schools.select(SCHOOL), on=SCHOOL, how="semi"
    )
    has_mentor = pl.col("mentors") >= rules.gates.most_mentors
    without = schools.filter(~has_mentor).select(SCHOOL)
    needy = wanted.join(without, on=SCHOOL, how="semi").select(SCHOOL).unique()
    candidates = pairs(inputs, schools, needy, rules.gates)
    possible = candidates.filter(pl.col("reason").is_null())
    fit = fits(inputs, possible, wanted, standing, rules)
    worth = benefits(inputs, schools, wanted, fit, rules)
    enough = pl.col("benefit") >= units_of(rules.gates.least_benefit)
    assigned = _assigned(worth.filter(enough))
    return Suggestions(
        suggestions=_ranked(assigned, rules.alternatives),
        schools=_outcomes(schools, standing, wanted, assigned, has_mentor),
        needs=wanted,
        fits=fit.join(assigned, on=PAIR, how="semi"),
        excluded=_excluded(candidates, fit, worth.filter(~enough)),
    )


def _assigned(feasible: pl.DataFrame) -> pl.DataFrame:
    """Add ``is_chosen`` and ``cost``; pairs come by municipality, mentee and mentor."""
    names = ("mentee_id", "mentor_id", "benefit", "free_places")
    columns = [feasible[name].to_numpy() for name in names]
    starts = np.flatnonzero(feasible["municipality_id"].rle_id().diff().fill_null(1))
    solved = [
        _solved(*(column[start:end] for column in columns))
        for start, end in pairwise([*starts.tolist(), feasible.height])
    ]
    chosen = np.concatenate([np.empty(0, np.bool_), *(each for each, _ in solved)])
    costs = np.concatenate([np.empty(0, np.int64), *(each for _, each in solved)])
    return feasible.with_columns(is_chosen=pl.Series(chosen), cost=pl.Series(costs))


def _solved(
    mentees: Integers, mentors: Integers, benefit: Integers, free_places: Integers
) -> tuple[NDArray[np.bool_], Integers]:
    """Tell of each pair of one municipality if it is chosen, and what it costs."""
    ids, rows = np.unique(mentees, return_inverse=True)
    others, first, columns = np.unique(mentors, return_index=True, return_inverse=True)
    matrix = np.full((len(ids), len(others)), INFEASIBLE, dtype=np.int64)
    matrix[rows, columns] = benefit
    best = assign(matrix, free_places[first])
    return best.mentors[rows] == columns, best.costs[rows, columns]


def _ranked(assigned: pl.DataFrame, alternatives: int) -> pl.DataFrame:
    """Keep each mentee's suggestion and the alternatives that cost the whole least."""
    order = assigned.sort(
        *MENTEE,
        "is_chosen",
        "cost",
        "benefit",
        "mentor_id",
        descending=[False, False, True, False, True, False],
    )
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(*MENTEE)
    kept = alternatives + pl.col("is_chosen").any().over(*MENTEE).cast(pl.Int64)
    return order.with_columns(rank=rank).filter(pl.col("rank") <= kept)


def _outcomes(
    schools: pl.DataFrame,
    standing: pl.DataFrame,
    wanted: pl.DataFrame,
    assigned: pl.DataFrame,
    has_mentor: pl.Expr,
) -> pl.DataFrame:
    """Tell what became of each school, and how many mentors it could have had."""
    assessed = standing.group_by(SCHOOL).agg(
        is_assessed=pl.col("figure").is_not_null().any()
    )
    needy = wanted.select(SCHOOL).unique().with_columns(needs_help=True)
    found = assigned.group_by("municipality_id", school_id="mentee_id").agg(
        feasible=pl.len().cast(pl.Int64), has_suggestion=pl.col("is_chosen").any()
    )
    joined = (
        schools.join(assessed, on=SCHOOL, how="left")
        .join(needy, on=SCHOOL, how="left")
        .join(found, on=SCHOOL, how="left")
    )
    flags = ("is_assessed", "needs_help", "has_suggestion")
    known = joined.with_columns(
        pl.col(*flags).fill_null(value=False), pl.col("feasible").fill_null(0)
    )
    return known.select(*SCHOOL, "feasible", outcome=_outcome(has_mentor)).sort(SCHOOL)


def _outcome(has_mentor: pl.Expr) -> pl.Expr:
    needs_help = pl.col("needs_help")
    holds = {
        NOT_ASSESSABLE: ~needs_help & ~pl.col("is_assessed"),
        NO_NEED: ~needs_help,
        HAS_MENTOR: has_mentor,
        SUGGESTED: pl.col("has_suggestion"),
        NO_FEASIBLE_MENTOR: pl.col("feasible") == 0,
    }
    found = pl.coalesce(
        pl.when(condition).then(pl.lit(outcome)) for outcome, condition in holds.items()
    )
    return found.fill_null(NO_PLACES_LEFT)


def _excluded(
    candidates: pl.DataFrame, fit: pl.DataFrame, too_little: pl.DataFrame
) -> pl.DataFrame:
    """Give each excluded pair one reason: for its gravest need, if it is of a need."""
    of_pair = candidates.filter(pl.col("reason").is_not_null())
    nothing = fit.filter(pl.col("reason").is_not_null().all().over(*PAIR))
    gravest = nothing.sort(
        *PAIR, "severity", *ASPECT, descending=[False] * 3 + [True] + [False] * 2
    ).unique(PAIR, keep="first", maintain_order=True)
    weak = too_little.select(PAIR).with_columns(reason=pl.lit(TOO_LITTLE_BENEFIT))
    columns = [*PAIR, "reason", *ASPECT, "mentor_figure", "mentor_n"]
    parts = [
        of_pair.select(*PAIR, "reason"),
        gravest.select(columns),
        weak,
    ]
    return pl.concat(parts, how="diagonal").select(columns).sort(PAIR)
