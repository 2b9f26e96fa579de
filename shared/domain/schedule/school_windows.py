"""Terms, years and holidays of schools, by the municipality's own calendar."""

from collections.abc import Iterator, Sequence

from shared.domain.calendar import (
    ONE_DAY,
    ProgrammePeriod,
    SchoolCalendar,
    SchoolTermsMissingError,
    Window,
)
from shared.domain.errors import Text
from shared.domain.periods import AcademicYear
from shared.domain.schedule.kinds import SchoolHolidays, SchoolTermEnds

_QUARTERS = 4
_NUMBERS = {
    "quarter": Text("четверти", "quarter"),
    "half_year": Text("полугодия", "half-year"),
}


def school_windows(
    schedule: SchoolTermEnds | SchoolHolidays,
    period: ProgrammePeriod,
    calendar: SchoolCalendar,
) -> Iterator[Window]:
    """Yield the windows within each school year that is named, or of the programme.

    Raises:
        SchoolTermsMissingError: the calendar lacks what the schedule asks for.
    """
    first = AcademicYear.of(period.starts_on).start
    last = AcademicYear.of(period.ends_on).start
    for start in schedule.years or range(first, last + 1):
        year = AcademicYear(start)
        if isinstance(schedule, SchoolHolidays):
            quarters = calendar.terms(year, "quarter")
            for number in schedule.after:
                yield _holidays(year, quarters, number)
        elif schedule.term == "year":
            yield _school_year(calendar, year)
        else:
            terms = calendar.terms(year, schedule.term)
            for number in schedule.numbers or range(1, len(terms) + 1):
                if number > len(terms):
                    raise _lacking(year, number, _NUMBERS[schedule.term])
                yield terms[number - 1]


def _school_year(calendar: SchoolCalendar, year: AcademicYear) -> Window:
    """Return the days from the first term to the last: quarters before half-years."""
    try:
        terms = calendar.terms(year, "quarter")
    except SchoolTermsMissingError as missing:
        try:
            terms = calendar.terms(year, "half_year")
        except SchoolTermsMissingError:
            raise missing from None
    return Window(terms[0].starts_on, terms[-1].ends_on)


def _holidays(year: AcademicYear, quarters: Sequence[Window], number: int) -> Window:
    if len(quarters) != _QUARTERS:
        raise _lacking(year, _QUARTERS, _NUMBERS["quarter"])
    first = quarters[number - 1].ends_on + ONE_DAY
    after = year.ends_on + ONE_DAY
    if number < _QUARTERS:
        after = quarters[number].starts_on
    if first >= after:
        raise SchoolTermsMissingError(
            Text(
                f"По школьному календарю {year.label} учебного года после четверти "
                f"{number} нет каникул. Исправьте даты четвертей: "
                "POST /v1/school-calendar.",
                f"By the school calendar of {year.label} no holidays follow quarter "
                f"{number}. Correct the dates of the quarters: "
                "POST /v1/school-calendar.",
            )
        )
    return Window(first, after - ONE_DAY)


def _lacking(year: AcademicYear, number: int, term: Text) -> SchoolTermsMissingError:
    return SchoolTermsMissingError(
        Text(
            f"В школьном календаре {year.label} учебного года нет {term.ru} {number}. "
            "Внесите даты: POST /v1/school-calendar, или исправьте срок.",
            f"The school calendar of {year.label} has no {term.en} {number}. Enter its "
            "dates: POST /v1/school-calendar, or correct the term.",
        )
    )
