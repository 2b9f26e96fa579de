"""A school's status by a rule, from its years: on the list, near it, leaving it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.identification.years import (
    NO,
    UNKNOWN,
    YEARS,
    YES,
    Counts,
    UnitCounts,
    UnitTable,
    count_years,
    judge_windows,
)
from shared.domain.methods.identification import Identification


class Status(StrEnum):
    """What a rule says of a school in a year."""

    ON_LIST = "on_list"
    RISK_GROUP = "risk_group"
    LEAVING = "leaving"
    NOT_ON_LIST = "not_on_list"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where schools stand in the last year of the grid.

    `listed_before` are schools that the list still held a year before: for them the
    lower threshold of leaving counts. `clear_years` is how many clear years such a
    school has behind it, 0 for others. `year` and `window` judge the last year alone
    and its window, `counts` are those behind it, by each school's own threshold;
    `window_outcomes` are the window's years.
    """

    status: NDArray[np.str_]
    listed_before: NDArray[np.bool_]
    clear_years: NDArray[np.int64]
    window: NDArray[np.int64]
    window_outcomes: Counts
    counts: UnitCounts
    entry: UnitCounts


def stand(table: UnitTable, rule: Identification) -> Standing:
    """Find the status of each school of the table's grid.

    A school is on the list if the rule is met, in the risk group if it nearly is, and
    leaving for `leave_after` clear years after it was. Nothing is kept from year to
    year: what the list held before follows from the results of the years before.
    """
    entry = count_years(table, rule, pl.col("fewest"))
    stay = count_years(table, rule, pl.col("fewest_to_leave"))
    listed_before, clear_years, window = _walk(
        judge_windows(entry.outcome, rule), judge_windows(stay.outcome, rule), rule
    )
    counts = _chosen(listed_before, stay, entry)
    near = _is_near(table, rule, counts, listed_before)
    status = np.select(
        [window == YES, window == UNKNOWN, clear_years > 0, near],
        [Status.ON_LIST, Status.NOT_ASSESSABLE, Status.LEAVING, Status.RISK_GROUP],
        Status.NOT_ON_LIST,
    )
    return Standing(
        status=status,
        listed_before=listed_before,
        clear_years=clear_years,
        window=window,
        window_outcomes=counts.outcome[:, -rule.window_years :],
        counts=counts,
        entry=entry,
    )


def _walk(
    entry: Counts, stay: Counts, rule: Identification
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Go through the years; a year that is not known neither lists nor clears."""
    off = -1
    clear = np.full(entry.shape[0], off, dtype=np.int64)
    listed, met = clear > off, entry[:, 0]
    for year in range(YEARS):
        listed = clear > off
        met = np.where(listed, stay[:, year], entry[:, year])
        clear = np.where(met == YES, 0, clear + (listed & (met == NO)))
        clear = np.where(clear > rule.leave_after, off, clear)
    return listed, clear.clip(min=0) * (met == NO), met


def _chosen(
    listed: NDArray[np.bool_], stay: UnitCounts, entry: UnitCounts
) -> UnitCounts:
    """Take the counts by the threshold that holds for each school."""
    rows = listed[:, np.newaxis]

    def of(one: Counts, other: Counts) -> Counts:
        return np.where(rows, one, other)

    return UnitCounts(
        low=of(stay.low, entry.low),
        known=entry.known,
        unassessed=entry.unassessed,
        unknown=entry.unknown,
        lacking=of(stay.lacking, entry.lacking),
        outcome=of(stay.outcome, entry.outcome),
        by_subject=[
            (of(mine[0], theirs[0]), mine[1], mine[2])
            for mine, theirs in zip(stay.by_subject, entry.by_subject, strict=True)
        ],
    )


def _is_near(
    table: UnitTable,
    rule: Identification,
    counts: UnitCounts,
    listed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell which schools lack few low units, or few pupils in each of enough units.

    A unit without any low pupil is never near: else one pupil would be the margin of
    every small school.
    """
    window = slice(-rule.window_years, None)
    short = np.sort(counts.lacking[:, window], axis=1)[:, : rule.persistence].sum(
        axis=1
    )
    some = counts.low[:, window].sum(axis=1) > 0
    few_units = some & (short <= rule.margin_procedures)
    staying, entering = (
        judge_windows(
            count_years(table, rule, pl.max_horizontal(fewest, 1)).outcome, rule
        )[:, -1]
        for fewest in (
            pl.col("fewest_to_leave") - rule.margin_pupils,
            pl.col("fewest") - rule.margin_pupils,
        )
    )
    is_near: NDArray[np.bool_] = few_units | (
        np.where(listed, staying, entering) == YES
    )
    return is_near
