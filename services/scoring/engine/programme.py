"""Programme indicators: shares of schools, and how they stand against a range."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from services.scoring.engine.rounding import rounded_figure
from shared.domain.errors import InvalidInputError, Text

AGREEMENT_SCHEMA = pl.Schema(
    {
        "mentor_school_id": pl.Int64,
        "mentee_school_id": pl.Int64,
        "status": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
        "ended_on": pl.Date,
    }
)

# Suspension pauses the work and not the agreement, which stays signed.
_SIGNED = ("signed", "active", "suspended", "completed")


@dataclass(frozen=True, slots=True)
class ShareOfSchools:
    """How many schools of how many; `percent` is null when there are none at all.

    `school_ids` are the schools of the numerator, in ascending order.
    """

    numerator: int
    denominator: int
    percent: float | None
    school_ids: tuple[int, ...]

    @classmethod
    def of(
        cls, counted: Collection[int], *, among: Collection[int]
    ) -> "ShareOfSchools":
        """Count the schools of `among` that are in `counted`; others are ignored.

        >>> ShareOfSchools.of({7, 99}, among={7, 8, 9, 10}).percent
        25.0
        """
        schools = set(among)
        found = tuple(sorted(schools & set(counted)))
        percent = 100 * len(found) / len(schools) if schools else None
        return cls(len(found), len(schools), percent, found)


class RangeStatus(StrEnum):
    """Where a figure lies against its target range."""

    MET = "met"
    BELOW = "below"
    ABOVE = "above"
    NO_DATA = "no_data"


def network_mentoring(
    schools: Collection[int], agreements: pl.DataFrame, first_day: date, last_day: date
) -> ShareOfSchools:
    """Share of schools, mentors and mentees alike, in network mentoring in a period.

    Source: the Zhigalovo programme, task 2: the share of schools drawn into
    networking by mentoring. A school counts that was in a signed or active agreement
    on at least one day of the period, both ends included, also if the agreement was
    completed or suspended later. A terminated agreement counts up to the day before
    its end; a draft or a proposal never.

    Of four schools, 7 mentors 8 through 2021 and 9 has only a draft: 2 of 4 is 50 %.

    >>> start, end = date(2021, 2, 1), date(2021, 12, 24)
    >>> rows = [(7, 8, "active", start, end, None), (7, 9, "draft", start, end, None)]
    >>> agreements = pl.DataFrame(rows, schema=AGREEMENT_SCHEMA, orient="row")
    >>> year = (date(2021, 1, 1), date(2021, 12, 31))
    >>> network_mentoring({7, 8, 9, 10}, agreements, *year)
    ShareOfSchools(numerator=2, denominator=4, percent=50.0, school_ids=(7, 8))
    """
    counted = agreements.filter(_in_force(first_day, last_day))
    pair = (counted["mentor_school_id"], counted["mentee_school_id"])
    involved = {school for side in pair for school in side.to_list()}
    return ShareOfSchools.of(involved, among=schools)


def against_range(percent: float | None, low: float, high: float) -> RangeStatus:
    """Compare a figure, as people read it, with a target range; both ends are in.

    Raises:
        InvalidInputError: If the range is upside down.

    >>> against_range(50.0, 50, 100), against_range(10.0, 0, 0)
    (<RangeStatus.MET: 'met'>, <RangeStatus.ABOVE: 'above'>)
    """
    if not low <= high:
        raise InvalidInputError(
            Text(
                f"Нижняя граница {low} больше верхней {high}; поменяйте их местами.",
                f"The lower bound {low} exceeds the upper {high}; swap them.",
            )
        )
    if percent is None:
        return RangeStatus.NO_DATA
    figure = rounded_figure(percent)
    if figure < rounded_figure(low):
        return RangeStatus.BELOW
    return RangeStatus.ABOVE if figure > rounded_figure(high) else RangeStatus.MET


def _in_force(first: date, last: date) -> pl.Expr:
    """Tell whether an agreement bound its schools on some day between the two."""
    first_day, last_day = pl.lit(first), pl.lit(last)
    starts_on, ended_on = pl.col("starts_on"), pl.col("ended_on")
    last_planned = pl.min_horizontal("ends_on", "ended_on").fill_null(last_day)
    # On the day of termination the agreement is no longer in force.
    last_before = pl.min_horizontal(pl.col("ends_on"), ended_on.dt.offset_by("-1d"))
    terminated = (pl.col("status") == "terminated") & ended_on.is_not_null()
    in_force_until = pl.when(terminated).then(last_before).otherwise(last_planned)
    return (
        (pl.col("status").is_in(_SIGNED) | terminated)
        & (starts_on <= last_day)
        & (in_force_until >= first_day)
        & (starts_on <= in_force_until)
    )
