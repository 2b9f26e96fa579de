"""The indicators of a programme, each in each of its years, against their ranges."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.scoring.engine.programme import (
    ProgrammeInputs,
    RangeStatus,
    ShareOfSchools,
    compute,
)
from shared.domain.periods import AcademicYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An indicator in one year; without a range where the programme states none.

    `years` tells what `year` is: a calendar year, or the start of an academic one.
    """

    indicator_id: int
    code: str
    years: Literal["calendar", "academic"]
    year: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TargetValue:
    """The share of schools that an indicator came to, and where that lies."""

    target: Target
    share: ShareOfSchools | None
    status: RangeStatus


def programme_years(
    starts_on: date, ends_on: date, years: Literal["calendar", "academic"]
) -> list[int]:
    """Return the years that a programme touches, in its own reckoning.

    >>> programme_years(date(2020, 9, 1), date(2022, 8, 31), "academic")
    [2020, 2021]
    """
    if years == "academic":
        first, last = AcademicYear.of(starts_on).start, AcademicYear.of(ends_on).start
    else:
        first, last = starts_on.year, ends_on.year
    return list(range(first, last + 1))


def value_of(target: Target, inputs: ProgrammeInputs) -> TargetValue:
    """Count an indicator and hold it against its range.

    The rules at hand count calendar years, so that an indicator of academic years
    has no data; without a range there is nothing to be met or missed.
    """
    value = compute(target.code, inputs)
    if target.years == "academic":
        return TargetValue(target, None, RangeStatus.NO_DATA)
    if target.low is None or target.high is None:
        return TargetValue(target, value.share, RangeStatus.NO_DATA)
    return TargetValue(target, value.share, value.against(target.low, target.high))
