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
    """The ends of quarters or half-years of the municipality's school calendar."""

    kind: ClassVar[Literal["school_term_ends"]] = "school_term_ends"
    is_datable: ClassVar[bool] = True
    term: Literal["quarter", "half_year"]


@dataclass(frozen=True, slots=True)
class CalendarPeriodEnds:
    """The ends of months or of quarters of the calendar year."""

    kind: ClassVar[Literal["calendar_period_ends"]] = "calendar_period_ends"
    is_datable: ClassVar[bool] = True
    period: Literal["month", "quarter"]


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
    basis: Literal["request", "need", "regulations"]


Schedule = (
    Dated
    | DatedThenYearly
    | Until
    | MonthsEachYear
    | EveryYear
    | TimesAYear
    | SchoolTermEnds
    | CalendarPeriodEnds
    | WholeProgramme
    | OnDemand
)
