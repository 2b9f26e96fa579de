"""Days without a year, dated within the years of a programme."""

from collections.abc import Iterator
from datetime import date

from shared.domain.calendar import ProgrammePeriod, Window
from shared.domain.schedule.kinds import (
    DayOfPeriods,
    DaysEachYear,
    UntilEachYear,
    YearDay,
)
from shared.domain.schedule.months import last_day

_MONTHS_IN_YEAR = 12


def days_due(schedule: UntilEachYear, period: ProgrammePeriod) -> Iterator[Window]:
    """Yield, of each year of the programme, its days up to each due one.

    Days before the programme starts and after it ends are nobody's.
    """
    for year in period.whole_years():
        for due in schedule.days:
            for number in {year.starts_on.year, year.ends_on.year}:
                day = _on(due, number)
                if day in year and day in period.window:
                    yield Window(max(year.starts_on, period.starts_on), day)


def days_each_year(schedule: DaysEachYear, period: ProgrammePeriod) -> Iterator[Window]:
    """Yield each span once per year of the programme: where its first day lies."""
    for year in period.whole_years():
        for span in schedule.spans:
            for number in {year.starts_on.year, year.ends_on.year}:
                first = _on(span.first, number)
                last = _on(span.last, number)
                if last < first:
                    last = _on(span.last, number + 1)
                if first in year:
                    yield Window(first, last)


def days_of_periods(
    schedule: DayOfPeriods, period: ProgrammePeriod
) -> Iterator[Window]:
    """Yield the days from the first of each month, or quarter, to the due one."""
    step = 1 if schedule.period == "month" else 3
    for year in range(period.starts_on.year, period.ends_on.year + 1):
        for month in range(1, _MONTHS_IN_YEAR + 1, step):
            due = _on(YearDay(month, schedule.day), year)
            if due in period.window:
                yield Window(date(year, month, 1), due)


def _on(day: YearDay, year: int) -> date:
    last = last_day(year, day.month)
    number = day.day if day.day > 0 else last.day + 1 + day.day
    return last.replace(day=min(number, last.day))
