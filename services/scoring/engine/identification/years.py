"""Whether a school's year is low by a rule: yes, no, or not to be known."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.identification.units import SCHOOL_KEYS
from shared.domain.methods.identification import LOOKBACK, Identification

YES: Final = 1
NO: Final = 0
UNKNOWN: Final = -1

Counts = NDArray[np.int64]
"""An integer for each school and year, shape (schools, LOOKBACK + 1)."""

YEARS: Final = LOOKBACK + 1


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """How many units of a school's year are known, unknown and low.

    `unassessed` units have results that say nothing; `unknown` are these and the
    required subjects without any result. `lacking` is how many low units the year
    lacks to be low itself, counting unknown ones as not low; `outcome` is whether it
    is low. `by_subject` are, for each of the rule's subjects where each is required,
    the low units, the unassessed ones and all.
    """

    low: Counts
    known: Counts
    unassessed: Counts
    unknown: Counts
    lacking: Counts
    outcome: Counts
    by_subject: list[tuple[Counts, Counts, Counts]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The units that count, beside the place of their school and year in a grid.

    `units` has the columns of `count_units` without the excluded, ``assessable`` and,
    of those, ``fewest`` and ``fewest_to_leave`` low pupils.
    """

    units: pl.DataFrame
    cell: NDArray[np.int64]
    schools: int

    def count(self, chosen: NDArray[np.bool_]) -> Counts:
        """Count the chosen units of each school's year."""
        counts = np.bincount(self.cell[chosen], minlength=self.schools * YEARS)
        return counts.reshape(self.schools, YEARS)


def place_units(units: pl.DataFrame, schools: pl.DataFrame, *, year: int) -> UnitTable:
    """Find each unit's place in the grid of `schools` and of the years to `year`.

    Units of other years and schools, and excluded ones, are left out. `schools` has
    `SCHOOL_KEYS`, in the order that the grid has.
    """
    first = year - LOOKBACK
    placed = units.filter(
        pl.col("academic_year").is_between(first, year) & ~pl.col("excluded")
    ).join(
        schools.select(*SCHOOL_KEYS).with_row_index("place"),
        on=list(SCHOOL_KEYS),
        maintain_order="left",
    )
    cell = placed.select(
        pl.col("place").cast(pl.Int64) * YEARS
        + (pl.col("academic_year").cast(pl.Int64) - first)
    )
    return UnitTable(placed, cell.to_series().to_numpy(), schools.height)


def count_years(table: UnitTable, rule: Identification, fewest: pl.Expr) -> UnitCounts:
    """Count the units of each year that are low by the `fewest` low pupils."""
    columns = table.units.select(
        "assessable",
        "subject",
        is_low=(pl.col("assessable") & (pl.col("n_low") >= fewest)).fill_null(
            value=False
        ),
    )
    assessable = columns["assessable"].to_numpy()
    is_low = columns["is_low"].to_numpy()
    low, known = table.count(is_low), table.count(assessable)
    unassessed = table.count(~assessable)
    by_subject = []
    if rule.require_each_subject:
        for subject in rule.subjects:
            of_subject = (columns["subject"] == subject).to_numpy()
            by_subject.append(
                (
                    table.count(of_subject & is_low),
                    table.count(of_subject & ~assessable),
                    table.count(of_subject),
                )
            )
    return _judged(rule, low, known, unassessed, by_subject)


def _judged(
    rule: Identification,
    low: Counts,
    known: Counts,
    unassessed: Counts,
    by_subject: list[tuple[Counts, Counts, Counts]],
) -> UnitCounts:
    """Tell what the counts of a year amount to.

    A required subject without any result is one more unit that is not known.
    """
    lacking_subjects = np.zeros_like(low)
    unknown = unassessed.copy()
    for low_of, _, all_of in by_subject:
        lacking_subjects += low_of == 0
        unknown += all_of == 0
    is_possible = low + unknown >= rule.in_at_least
    for low_of, unassessed_of, all_of in by_subject:
        is_possible &= (low_of + unassessed_of > 0) | (all_of == 0)
    lacking = np.maximum(rule.in_at_least - low, lacking_subjects).clip(min=0)
    outcome = np.where(is_possible, UNKNOWN, NO)
    # Without a single known result there is nothing to say "no" from.
    outcome[known == 0] = UNKNOWN
    outcome[lacking == 0] = YES
    return UnitCounts(low, known, unassessed, unknown, lacking, outcome, by_subject)


def judge_windows(outcomes: Counts, rule: Identification) -> Counts:
    """Tell for each year whether enough years of the window that it ends are low.

    A year before the first is as little known as one without results.
    """
    judged = np.empty_like(outcomes)
    for year in range(YEARS):
        window = outcomes[:, max(0, year - rule.window_years + 1) : year + 1]
        low = (window == YES).sum(axis=1)
        before = rule.window_years - window.shape[1]
        unknown = (window == UNKNOWN).sum(axis=1) + before
        judged[:, year] = np.where(
            low >= rule.persistence,
            YES,
            np.where(low + unknown < rule.persistence, NO, UNKNOWN),
        )
    return judged
