"""The years of a programme, and which years of records belong to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from shared.domain.periods import AcademicYear, CalendarYear

Years = Literal["calendar", "academic"]


class Phase(StrEnum):
    """Where a day lies against a year."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One year of a programme: a calendar year, or the academic one of that start.

    `is_first` and `is_last` tell its place in the programme's own years.
    """

    years: Years
    year: int
    is_first: bool = False
    is_last: bool = False

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return self._span.starts_on

    @property
    def last_day(self) -> date:
        """Its last day, inclusive."""
        return self._span.ends_on

    @property
    def calendar_year(self) -> int:
        """The calendar year of yearly records: for an academic year that of its end.

        >>> Period(years="academic", year=2020).calendar_year
        2021
        """
        return self.year if self.years == "calendar" else self.year + 1

    @property
    def academic_year(self) -> int:
        """The academic year whose results count: for a calendar year that ended in it.

        >>> Period(years="calendar", year=2021).academic_year
        2020
        """
        return self.year - 1 if self.years == "calendar" else self.year

    @property
    def before(self) -> "Period":
        """The year before, whatever its place in the programme."""
        return Period(years=self.years, year=self.year - 1)

    def phase(self, day: date) -> Phase:
        """Tell whether the year is still to come on that day, running, or over."""
        if day < self.first_day:
            return Phase.AHEAD
        return Phase.OVER if day > self.last_day else Phase.RUNNING

    @property
    def _span(self) -> AcademicYear | CalendarYear:
        if self.years == "academic":
            return AcademicYear(self.year)
        return CalendarYear(self.year)


def periods_of(starts_on: date, ends_on: date, years: Years) -> list[Period]:
    """Return the years that a programme touches, in its own reckoning.

    >>> of = periods_of(date(2020, 9, 1), date(2022, 8, 31), "academic")
    >>> [each.year for each in of], of[1].is_last
    ([2020, 2021], True)
    """
    if years == "academic":
        first, last = AcademicYear.of(starts_on).start, AcademicYear.of(ends_on).start
    else:
        first, last = starts_on.year, ends_on.year
    return [
        Period(years=years, year=year, is_first=year == first, is_last=year == last)
        for year in range(first, last + 1)
    ]


def next_turn(periods: Iterable[Period], as_of: date) -> date | None:
    """Return the first day after `as_of` on which an answer may be another.

    That is the next day while a year is running, the first day of one to come, and
    none once all are over.

    >>> next_turn([Period(years="calendar", year=2021)], date(2020, 9, 16))
    datetime.date(2021, 1, 1)
    """
    turns = []
    for period in periods:
        match period.phase(as_of):
            case Phase.AHEAD:
                turns.append(period.first_day)
            case Phase.RUNNING:
                turns.append(as_of + timedelta(days=1))
            case Phase.OVER:
                pass
    return min(turns, default=None)
