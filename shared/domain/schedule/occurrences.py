"""The dated occurrences of a schedule within a programme."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from dateutil.relativedelta import relativedelta

from shared.domain.calendar import ONE_DAY, ProgrammePeriod, SchoolCalendar, Window
from shared.domain.schedule.kinds import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    DayOfPeriods,
    DaysEachYear,
    EveryYear,
    MonthsEachYear,
    OnDemand,
    Schedule,
    SchoolHolidays,
    SchoolTermEnds,
    TimesAYear,
    Until,
    UntilEachYear,
    WholeProgramme,
)
from shared.domain.schedule.months import months_window
from shared.domain.schedule.school_windows import school_windows
from shared.domain.schedule.yearly_days import (
    days_due,
    days_each_year,
    days_of_periods,
)

_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One window of a schedule, numbered from 1 in the order of due dates.

    `due_on` is `nominal_due_on` or, where that is not worked, the last working day
    before it, which may lie before `starts_on`. `before_programme` holds if the
    window ended before the programme started: past, not to be reminded.
    """

    number: int
    starts_on: date
    nominal_due_on: date
    due_on: date
    before_programme: bool


def occurrences(
    schedule: Schedule, *, period: ProgrammePeriod, calendar: SchoolCalendar
) -> tuple[Occurrence, ...]:
    """Return the occurrences that start on or before the programme's last day.

    A window that the document dates keeps its dates, also past the programme's end.
    Recurring schedules begin with the first window that ends within the programme.

    Raises:
        InvalidInputError: The school calendar lacks terms that the schedule needs.
    """
    windows = {
        window
        for window in _windows(schedule, period, calendar)
        if window.starts_on <= period.ends_on
    }
    ordered = sorted(windows, key=lambda window: (window.ends_on, window.starts_on))
    return tuple(
        Occurrence(
            number=number,
            starts_on=window.starts_on,
            nominal_due_on=window.ends_on,
            due_on=calendar.work.last_working_day_on_or_before(window.ends_on),
            before_programme=window.ends_on < period.starts_on,
        )
        for number, window in enumerate(ordered, start=1)
    )


def _windows(  # noqa: C901, PLR0911, PLR0912 - one case for each kind of schedule
    schedule: Schedule, period: ProgrammePeriod, calendar: SchoolCalendar
) -> Iterable[Window]:
    match schedule:
        case Dated(windows):
            return windows
        case DatedThenYearly(window):
            return _yearly(window, period)
        case Until(due_on):
            return [Window(min(period.starts_on, due_on), due_on)]
        case MonthsEachYear():
            return _not_over(_months_each_year(schedule, period), period)
        case EveryYear(interval):
            return period.years()[::interval]
        case TimesAYear(times):
            return (part for year in period.years() for part in _parts(year, times))
        case UntilEachYear():
            return days_due(schedule, period)
        case DaysEachYear():
            return _not_over(days_each_year(schedule, period), period)
        case SchoolTermEnds() | SchoolHolidays():
            windows_of_school = school_windows(schedule, period, calendar)
            if schedule.years:
                return windows_of_school
            return _not_over(windows_of_school, period)
        case CalendarPeriodEnds():
            return _not_over(_calendar_periods(schedule, period), period)
        case DayOfPeriods():
            return days_of_periods(schedule, period)
        case WholeProgramme():
            return [period.window]
        case OnDemand():
            return ()
        case _:
            assert_never(schedule)


def _not_over(windows: Iterable[Window], period: ProgrammePeriod) -> Iterator[Window]:
    """Leave out what ended before the programme, as a recurrence has no past."""
    return (window for window in windows if window.ends_on >= period.starts_on)


def _yearly(window: Window, period: ProgrammePeriod) -> Iterator[Window]:
    # Counted from the first window each time: 29 February is 28 in common years only.
    for years in range(max(0, period.ends_on.year - window.starts_on.year) + 1):
        shift = relativedelta(years=years)
        yield Window(window.starts_on + shift, window.ends_on + shift)


def _months_each_year(
    schedule: MonthsEachYear, period: ProgrammePeriod
) -> Iterator[Window]:
    """Yield each span once per year of the programme: where its first month lies."""
    for year in period.whole_years():
        for span in schedule.spans:
            for number in {year.starts_on.year, year.ends_on.year}:
                window = months_window(number, span.first, span.last)
                if window.starts_on in year:
                    yield window


def _parts(year: Window, times: int) -> Iterator[Window]:
    """Cut a year into equal parts: whole months where they divide, otherwise days."""
    months = (
        _MONTHS_IN_YEAR * (year.ends_on.year - year.starts_on.year)
        + (year.ends_on.month - year.starts_on.month)
        + 1
    )
    times = min(times, year.days)
    first = year.starts_on
    for part in range(1, times + 1):
        if part == times:
            after = year.ends_on + ONE_DAY
        elif months % times == 0:
            after = year.starts_on.replace(day=1) + relativedelta(
                months=part * months // times
            )
        else:
            after = year.starts_on + timedelta(days=part * year.days // times)
        yield Window(first, after - ONE_DAY)
        first = after


def _calendar_periods(
    schedule: CalendarPeriodEnds, period: ProgrammePeriod
) -> Iterator[Window]:
    length = 1 if schedule.period == "month" else 3
    for year in range(period.starts_on.year, period.ends_on.year + 1):
        for month in range(1, _MONTHS_IN_YEAR + 1, length):
            yield months_window(year, month, month + length - 1)
