"""The kinds of schedule that a programme's term may be."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from shared.domain.calendar import Window


@dataclass(frozen=True, slots=True)
class Dated:
    """Windows with their years written out, in order; each is due at its end."""

    kind: ClassVar[Literal["dated"]] = "dated"
    is_datable: ClassVar[bool] = True
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class DatedThenYearly:
    """A window of at most a year that returns each year to the programme's end."""

    kind: ClassVar[Literal["dated_then_yearly"]] = "dated_then_yearly"
    is_datable: ClassVar[bool] = True
    window: Window


@dataclass(frozen=True, slots=True)
class Until:
    """A last day without a first one; the work may start with the programme."""

    kind: ClassVar[Literal["until"]] = "until"
    is_datable: ClassVar[bool] = True
    due_on: date


@dataclass(frozen=True, slots=True, order=True)
class MonthSpan:
    """Whole months by number, 1 to 12; a first after the last crosses the new year."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class MonthsEachYear:
    """Months without a year: within each year of the programme."""

    kind: ClassVar[Literal["months_each_year"]] = "months_each_year"
    is_datable: ClassVar[bool] = True
    spans: tuple[MonthSpan, ...]


@dataclass(frozen=True, slots=True, order=True)
class YearDay:
    """A day without a year: month 1 to 12, and its day or, below 0, from its end.

    A day that the month lacks in a common year is its last one: 29 February is 28.
    """

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class UntilEachYear:
    """Last days without a year: each within each year of the programme."""

    kind: ClassVar[Literal["until_each_year"]] = "until_each_year"
    is_datable: ClassVar[bool] = True
    days: tuple[YearDay, ...]


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """Days without a year, both included; a first after the last crosses the year."""

    first: YearDay
    last: YearDay


@dataclass(frozen=True, slots=True)
class DaysEachYear:
    """Days without a year: within each year of the programme; due at their end."""

    kind: ClassVar[Literal["days_each_year"]] = "days_each_year"
    is_datable: ClassVar[bool] = True
    spans: tuple[DaySpan, ...]


@dataclass(frozen=True, slots=True)
class EveryYear:
    """Once in every `interval`-th year of the programme from the first, at its end."""

    kind: ClassVar[Literal["every_year"]] = "every_year"
    is_datable: ClassVar[bool] = True
    interval: int = 1


@dataclass(frozen=True, slots=True)
class TimesAYear:
    """At least so many times a year: equal parts of each year of the programme."""

    kind: ClassVar[Literal["times_a_year"]] = "times_a_year"
    is_datable: ClassVar[bool] = True
    times: int


@dataclass(frozen=True, slots=True)
class SchoolTermEnds:
    """The ends of quarters, half-years or years of the municipality's school calendar.

    `numbers` are those of the terms within a school year, `years` the calendar years
    in which the school years start; empty, they are all those of the programme. A
    school year lasts from the first day of its first term to the last of its last.
    """

    kind: ClassVar[Literal["school_term_ends"]] = "school_term_ends"
    is_datable: ClassVar[bool] = True
    term: Literal["quarter", "half_year", "year"]
    numbers: tuple[int, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolHolidays:
    """Holidays after the quarters of these numbers, by the municipality's calendar.

    1 is autumn, 2 winter, 3 spring, and 4 summer, which ends with the academic year.
    `years` are as in `SchoolTermEnds`.
    """

    kind: ClassVar[Literal["school_holidays"]] = "school_holidays"
    is_datable: ClassVar[bool] = True
    after: tuple[int, ...]
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarPeriodEnds:
    """The ends of months or of quarters of the calendar year."""

    kind: ClassVar[Literal["calendar_period_ends"]] = "calendar_period_ends"
    is_datable: ClassVar[bool] = True
    period: Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class DayOfPeriods:
    """By this day of each month, or of the first month of each calendar quarter.

    A month that lacks the day is due on its last one.
    """

    kind: ClassVar[Literal["day_of_periods"]] = "day_of_periods"
    is_datable: ClassVar[bool] = True
    period: Literal["month", "quarter"]
    day: int


@dataclass(frozen=True, slots=True)
class WholeProgramme:
    """The programme's own period."""

    kind: ClassVar[Literal["whole_programme"]] = "whole_programme"
    is_datable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class OnDemand:
    """No date: a deadline is opened by hand when its basis arises."""

    kind: ClassVar[Literal["on_demand"]] = "on_demand"
    is_datable: ClassVar[bool] = False
    basis: Literal["request", "need", "regulations", "timetable"]


Schedule = (
    Dated
    | DatedThenYearly
    | Until
    | MonthsEachYear
    | UntilEachYear
    | DaysEachYear
    | EveryYear
    | TimesAYear
    | SchoolTermEnds
    | SchoolHolidays
    | CalendarPeriodEnds
    | DayOfPeriods
    | WholeProgramme
    | OnDemand
)
