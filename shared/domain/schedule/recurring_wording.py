"""Days of each year and terms of the school calendar, told to people."""

from typing import Literal

from shared.domain.errors import Text
from shared.domain.periods import AcademicYear
from shared.domain.schedule.kinds import (
    DayOfPeriods,
    DaySpan,
    SchoolHolidays,
    SchoolTermEnds,
    YearDay,
)
from shared.domain.schedule.months import ENGLISH_NAMES, RUSSIAN_GENITIVES

_FEBRUARY_DAYS = 28
_ROMAN = ("", "I", "II", "III", "IV")
_EACH_TERM = {
    "quarter": Text(
        "к концу каждой школьной четверти", "by the end of each school quarter"
    ),
    "half_year": Text(
        "к концу каждого школьного полугодия", "by the end of each school half-year"
    ),
    "year": Text(
        "в течение учебного года, к последнему дню учёбы по школьному календарю",
        "during the school year, by the last day of lessons by the school calendar",
    ),
}
_TERM_NAMES = {
    "quarter": Text("школьной четверти", "of the school quarters"),
    "half_year": Text("школьного полугодия", "of the school half-years"),
}
_HOLIDAYS = (
    Text("", ""),
    Text("осенние", "autumn"),
    Text("зимние", "winter"),
    Text("весенние", "spring"),
    Text("летние", "summer"),
)


def told_span(span: DaySpan) -> Text:
    """Return “с 1 октября по 7 октября”, or the one day that it is."""
    first, last = told_day(span.first), told_day(span.last)
    if first == last:
        return first
    return Text(f"с {first.ru} по {last.ru}", f"from {first.en} to {last.en}")


def told_day(day: YearDay) -> Text:
    """Return “1 октября”; a day that leap years move is told for both."""
    number = day.day if day.day > 0 else _FEBRUARY_DAYS + 1 + day.day
    ru, en = RUSSIAN_GENITIVES[day.month], ENGLISH_NAMES[day.month]
    if day.day > 0:
        return Text(f"{number} {ru}", f"{number} {en}")
    return Text(
        f"{number} {ru} (в високосный год {number + 1})",
        f"{number} {en} ({number + 1} in a leap year)",
    )


def told_day_of_periods(schedule: DayOfPeriods) -> Text:
    """Return by which day of which month work is due."""
    if schedule.period == "month":
        return Text(
            f"до {schedule.day} числа каждого месяца",
            f"by day {schedule.day} of each month",
        )
    return Text(
        f"до {schedule.day} числа первого месяца каждого квартала календарного года",
        f"by day {schedule.day} of the first month of each quarter of the calendar "
        "year",
    )


def told_school_terms(schedule: SchoolTermEnds) -> Text:
    """Return which terms of the school calendar end the work, and of which years."""
    if schedule.term == "year" or not schedule.numbers:
        return _in_years(_EACH_TERM[schedule.term], schedule.years)
    return _in_years(_numbered(schedule.term, schedule.numbers), schedule.years)


def told_holidays(schedule: SchoolHolidays) -> Text:
    """Return which holidays of the school calendar the work is for."""
    names = [_HOLIDAYS[number] for number in schedule.after]
    told = Text(
        f"{', '.join(name.ru for name in names)} каникулы по школьному календарю",
        f"the {', '.join(name.en for name in names)} holidays by the school calendar",
    )
    return _in_years(told, schedule.years)


def _numbered(term: Literal["quarter", "half_year"], numbers: tuple[int, ...]) -> Text:
    roman = ", ".join(_ROMAN[number] for number in numbers)
    name = _TERM_NAMES[term]
    return Text(
        f"к концу {roman} {name.ru} по школьному календарю",
        f"by the ends {name.en} {roman} by the school calendar",
    )


def _in_years(told: Text, years: tuple[int, ...]) -> Text:
    if not years:
        return told
    labels = ", ".join(AcademicYear(year).label for year in years)
    return Text(f"{told.ru}, {labels} учебный год", f"{told.en}, {labels}")
