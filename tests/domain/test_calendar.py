"""Windows, working days, school terms and programme years."""

from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar import (
    ProgrammePeriod,
    SchoolCalendar,
    SchoolYear,
    Window,
    WorkCalendar,
)
from shared.domain.errors import InvalidInputError
from shared.domain.periods import AcademicYear
from shared.domain.production_calendar import DECREED_DAYS_OFF

FEDERAL = WorkCalendar()
DAYS = st.dates(date(2019, 1, 1), date(2024, 12, 31))
COUNTED_IN: st.SearchStrategy[Literal["calendar", "academic"]] = st.sampled_from(
    ("calendar", "academic")
)

# Working days of each month by the official production calendar, five-day week.
OFFICIAL_WORKING_DAYS = {
    2020: (17, 19, 21, 22, 17, 21, 23, 21, 22, 22, 20, 23),
    2021: (15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22),
    2022: (16, 19, 22, 21, 18, 21, 21, 23, 22, 21, 21, 22),
}
# Working days of that calendar which decrees later made non-working.
DECREED_WORKING_DAYS = {
    (2020, 3): 2,
    (2020, 4): 22,
    (2020, 5): 3,
    (2020, 6): 1,
    (2020, 7): 1,
    (2021, 5): 4,
    (2021, 11): 3,
}


def test_a_window_holds_both_its_ends() -> None:
    window = Window(date(2020, 9, 1), date(2020, 9, 30))
    assert window.days == 30
    assert date(2020, 9, 1) in window
    assert date(2020, 9, 30) in window
    assert date(2020, 10, 1) not in window
    assert Window(date(2020, 9, 1), date(2020, 9, 1)).days == 1


def test_windows_that_share_one_day_overlap() -> None:
    september = Window(date(2020, 9, 1), date(2020, 9, 30))
    assert september.overlaps(Window(date(2020, 9, 30), date(2020, 10, 5)))
    assert not september.overlaps(Window(date(2020, 10, 1), date(2020, 10, 5)))


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        Window(date(2020, 9, 2), date(2020, 9, 1))
    assert "01.09.2020" in refusal.value.detail.ru


@pytest.mark.parametrize("year", OFFICIAL_WORKING_DAYS)
def test_working_days_agree_with_the_official_calendar_less_decreed_days(
    year: int,
) -> None:
    worked = [0] * 12
    for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=offset)
        worked[day.month - 1] += FEDERAL.is_working_day(day)
    decreed = [DECREED_WORKING_DAYS.get((year, month), 0) for month in range(1, 13)]
    expected = zip(OFFICIAL_WORKING_DAYS[year], decreed, strict=True)
    assert worked == [official - lost for official, lost in expected]


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2021, 2, 20), True),  # Saturday worked for Monday the 22nd
        (date(2021, 2, 22), False),
        (date(2022, 3, 5), True),  # Saturday worked for Monday the 7th
        (date(2022, 3, 7), False),
        (date(2020, 12, 31), True),
        (date(2021, 12, 31), False),  # moved from 3 January
        (date(2022, 12, 31), False),
        (date(2022, 12, 30), True),
        (date(2020, 1, 4), False),  # given away to 4 May, yet a Saturday of holidays
        (date(2020, 11, 4), False),
        (date(2021, 11, 5), False),
        (date(2021, 11, 3), False),  # decree 595
        (date(2021, 5, 6), False),  # decree 242
        (date(2020, 9, 1), True),
        (date(2020, 9, 5), False),
    ],
)
def test_known_days_of_the_programme_years(day: date, *, is_worked: bool) -> None:
    assert FEDERAL.is_working_day(day) is is_worked


def test_every_decreed_stretch_names_its_act() -> None:
    assert all("№" in decreed.act for decreed in DECREED_DAYS_OFF)


def test_a_municipality_changes_days_both_ways() -> None:
    # Irkutsk oblast rested on 31 December 2020 and worked on the Saturday before.
    irkutsk = WorkCalendar(
        extra_working_days=frozenset({date(2020, 12, 26)}),
        extra_days_off=frozenset({date(2020, 12, 31)}),
    )
    assert irkutsk.last_working_day_on_or_before(date(2020, 12, 31)) == date(
        2020, 12, 30
    )
    assert irkutsk.is_working_day(date(2020, 12, 26))


def test_a_day_both_worked_and_off_is_refused() -> None:
    day = frozenset({date(2020, 12, 26)})
    with pytest.raises(InvalidInputError, match=r"26\.12\.2020"):
        WorkCalendar(extra_working_days=day, extra_days_off=day)


def test_the_new_year_holidays_are_stepped_over_in_both_directions() -> None:
    day = date(2021, 1, 5)
    assert FEDERAL.last_working_day_on_or_before(day) == date(2020, 12, 31)
    assert FEDERAL.next_working_day_on_or_after(day) == date(2021, 1, 11)


@given(DAYS)
def test_the_neighbouring_working_days_are_worked_and_nearest(day: date) -> None:
    before = FEDERAL.last_working_day_on_or_before(day)
    after = FEDERAL.next_working_day_on_or_after(day)
    assert before <= day <= after
    assert FEDERAL.is_working_day(before)
    assert FEDERAL.is_working_day(after)
    between = range(1, (after - before).days)
    assert not any(
        FEDERAL.is_working_day(before + timedelta(days=offset))
        for offset in between
        if before + timedelta(days=offset) != day
    )


QUARTERS = (
    Window(date(2020, 9, 1), date(2020, 10, 30)),
    Window(date(2020, 11, 9), date(2020, 12, 29)),
)


def test_terms_are_those_of_their_academic_year() -> None:
    year = SchoolYear(AcademicYear(2020), quarters=QUARTERS, half_years=QUARTERS[:1])
    calendar = SchoolCalendar(FEDERAL, (year,))
    assert calendar.terms(AcademicYear(2020), "quarter") == QUARTERS
    assert calendar.terms(AcademicYear(2020), "half_year") == QUARTERS[:1]


def test_missing_terms_are_named_by_kind_and_year() -> None:
    year = SchoolYear(AcademicYear(2020), quarters=QUARTERS, half_years=())
    calendar = SchoolCalendar(FEDERAL, (year,))
    with pytest.raises(InvalidInputError, match="half-years of 2020/2021"):
        calendar.terms(AcademicYear(2020), "half_year")
    with pytest.raises(InvalidInputError, match="quarters of 2021/2022"):
        calendar.terms(AcademicYear(2021), "quarter")


@pytest.mark.parametrize(
    "quarters",
    [
        QUARTERS[::-1],
        (QUARTERS[0], Window(date(2020, 10, 30), date(2020, 12, 29))),
        (Window(date(2020, 8, 31), date(2020, 10, 30)),),
        (Window(date(2021, 8, 1), date(2021, 9, 1)),),
    ],
)
def test_terms_out_of_order_or_out_of_the_year_are_refused(
    quarters: tuple[Window, ...],
) -> None:
    with pytest.raises(InvalidInputError, match=r"2020/2021, quarter [12] \(20"):
        SchoolYear(AcademicYear(2020), quarters=quarters, half_years=())


def test_an_academic_year_is_described_once() -> None:
    year = SchoolYear(AcademicYear(2020), quarters=QUARTERS, half_years=())
    with pytest.raises(InvalidInputError, match="twice"):
        SchoolCalendar(FEDERAL, (year, year))


def test_calendar_years_are_clipped_to_the_programme() -> None:
    zhigalovo = ProgrammePeriod(date(2020, 9, 1), date(2022, 12, 30), "calendar")
    assert zhigalovo.years() == (
        Window(date(2020, 9, 1), date(2020, 12, 31)),
        Window(date(2021, 1, 1), date(2021, 12, 31)),
        Window(date(2022, 1, 1), date(2022, 12, 30)),
    )


def test_academic_years_turn_in_september() -> None:
    uzhur = ProgrammePeriod(date(2020, 9, 1), date(2022, 8, 31), "academic")
    assert uzhur.years() == (
        Window(date(2020, 9, 1), date(2021, 8, 31)),
        Window(date(2021, 9, 1), date(2022, 8, 31)),
    )


@given(DAYS, DAYS, COUNTED_IN)
def test_programme_years_cover_the_programme_without_gaps(
    one: date, other: date, counted_in: Literal["calendar", "academic"]
) -> None:
    first, last = sorted((one, other))
    years = ProgrammePeriod(first, last, counted_in).years()
    assert years[0].starts_on == first
    assert years[-1].ends_on == last
    assert sum(year.days for year in years) == (last - first).days + 1


def test_a_programme_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        ProgrammePeriod(date(2022, 1, 1), date(2021, 1, 1), "calendar")
