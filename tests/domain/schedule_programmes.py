"""The two programmes' periods and a school calendar, for tests of schedules."""

from datetime import date

from shared.domain.calendar import (
    ProgrammePeriod,
    SchoolCalendar,
    SchoolYear,
    Window,
    WorkCalendar,
)
from shared.domain.periods import AcademicYear
from shared.domain.schedule import Schedule, occurrences

ZHIGALOVO = ProgrammePeriod(date(2020, 9, 1), date(2022, 12, 30), "calendar")
UZHUR = ProgrammePeriod(date(2020, 9, 1), date(2022, 8, 31), "academic")


def school_year(start: int) -> SchoolYear:
    quarters = (
        Window(date(start, 9, 1), date(start, 10, 30)),
        Window(date(start, 11, 9), date(start, 12, 29)),
        Window(date(start + 1, 1, 11), date(start + 1, 3, 20)),
        Window(date(start + 1, 3, 30), date(start + 1, 5, 31)),
    )
    half_years = (
        Window(quarters[0].starts_on, quarters[1].ends_on),
        Window(quarters[2].starts_on, quarters[3].ends_on),
    )
    return SchoolYear(AcademicYear(start), quarters=quarters, half_years=half_years)


CALENDAR = SchoolCalendar(
    WorkCalendar(), tuple(school_year(start) for start in range(2015, 2030))
)


def told(schedule: Schedule, period: ProgrammePeriod) -> list[str]:
    """Return each start, nominal due date and due date; * marks the past."""
    return [
        f"{item.starts_on} {item.nominal_due_on} {item.due_on}"
        + (" *" if item.before_programme else "")
        for item in occurrences(schedule, period=period, calendar=CALENDAR)
    ]
