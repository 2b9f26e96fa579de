"""Academic and calendar years: their bounds, and that they stay apart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.domain.periods import AcademicYear, CalendarYear

DAYS = st.dates(min_value=date(1993, 1, 1), max_value=date(2099, 12, 31))


def test_an_academic_year_is_named_by_its_start() -> None:
    year = AcademicYear(2019)
    assert year.label == str(year) == "2019/2020"
    assert (year.starts_on, year.ends_on) == (date(2019, 9, 1), date(2020, 8, 31))
    assert int(year) == 2019


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2020, 8, 31), 2019),
        (date(2020, 9, 1), 2020),
        (date(2020, 12, 31), 2020),
        (date(2021, 1, 1), 2020),
    ],
)
def test_the_academic_year_turns_on_the_first_of_september(
    day: date, start: int
) -> None:
    assert AcademicYear.of(day) == AcademicYear(start)


@given(DAYS)
def test_every_day_is_in_exactly_one_year_of_each_kind(day: date) -> None:
    academic, calendar = AcademicYear.of(day), CalendarYear.of(day)
    assert day in academic
    assert day not in academic.previous
    assert day not in academic.next
    assert day in calendar
    assert day not in calendar.previous
    assert day not in calendar.next


@given(DAYS)
def test_years_of_a_kind_follow_each_other_without_a_gap(day: date) -> None:
    for year in (AcademicYear.of(day), CalendarYear.of(day)):
        assert year.next.previous == year
        assert year.ends_on + timedelta(days=1) == year.next.starts_on


def test_the_two_kinds_are_never_equal_and_cannot_be_compared() -> None:
    academic: object = AcademicYear(2020)
    assert academic != CalendarYear(2020)
    with pytest.raises(TypeError):
        sorted([AcademicYear(2020), CalendarYear(2021)])  # type: ignore[type-var]


def test_years_sort_and_a_calendar_year_reads_as_its_digits() -> None:
    assert AcademicYear(2018) < AcademicYear(2019)
    assert str(CalendarYear(2020)) == "2020"
    assert int(CalendarYear(2020)) == 2020
    assert CalendarYear(2020).ends_on == date(2020, 12, 31)


@pytest.mark.parametrize("year", [19, 0, 20191])
def test_an_impossible_year_is_refused_with_its_value(year: int) -> None:
    for kind in (AcademicYear, CalendarYear):
        with pytest.raises(InvalidInputError) as caught:
            kind(year)
        assert caught.value.faults[0].value == str(year)
