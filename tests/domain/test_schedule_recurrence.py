"""What holds for the occurrences of every schedule, checked against dateutil."""

from datetime import date
from typing import Literal

from dateutil.rrule import MONTHLY, YEARLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.calendar import ProgrammePeriod, Window
from shared.domain.schedule import (
    CalendarPeriodEnds,
    Dated,
    DatedThenYearly,
    DayOfPeriods,
    DaysEachYear,
    DaySpan,
    EveryYear,
    MonthsEachYear,
    MonthSpan,
    OnDemand,
    Schedule,
    SchoolHolidays,
    SchoolTermEnds,
    TimesAYear,
    Until,
    UntilEachYear,
    WholeProgramme,
    YearDay,
    occurrences,
)
from tests.domain.schedule_programmes import CALENDAR, UZHUR, ZHIGALOVO, told


def test_a_third_year_comes_again_in_the_fourth() -> None:
    period = ProgrammePeriod(date(2016, 1, 1), date(2022, 12, 30), "calendar")
    due = [due[11:21] for due in told(EveryYear(3), period)]
    assert due == ["2016-12-31", "2019-12-31", "2022-12-30"]


def test_parts_of_a_year_are_whole_months_or_else_equal_in_days() -> None:
    assert [row[:21] for row in told(TimesAYear(2), ZHIGALOVO)] == [
        "2020-09-01 2020-10-31",
        "2020-11-01 2020-12-31",
        "2021-01-01 2021-06-30",
        "2021-07-01 2021-12-31",
        "2022-01-01 2022-06-30",
        "2022-07-01 2022-12-30",
    ]
    lengths = [
        (item.nominal_due_on - item.starts_on).days + 1
        for item in occurrences(TimesAYear(5), period=UZHUR, calendar=CALENDAR)
    ]
    assert lengths == [73] * 10


def test_a_leap_day_returns_as_the_28th_and_again_as_the_29th() -> None:
    period = ProgrammePeriod(date(2020, 1, 1), date(2024, 12, 31), "calendar")
    leap = DatedThenYearly(Window(date(2020, 2, 29), date(2020, 2, 29)))
    assert [row[:10] for row in told(leap, period)] == [
        "2020-02-29",
        "2021-02-28",
        "2022-02-28",
        "2023-02-28",
        "2024-02-29",
    ]


def test_a_month_in_which_the_programme_starts_belongs_to_it() -> None:
    period = ProgrammePeriod(date(2020, 9, 16), date(2021, 9, 10), "academic")
    september = MonthsEachYear((MonthSpan(9, 9),))
    assert [row[:21] for row in told(september, period)] == [
        "2020-09-01 2020-09-30",
        "2021-09-01 2021-09-30",
    ]


MONTHS = st.integers(1, 12)
DAYS = st.dates(date(2018, 1, 1), date(2025, 12, 31))
COUNTED_IN: st.SearchStrategy[Literal["calendar", "academic"]] = st.sampled_from(
    ("calendar", "academic")
)


def ordered(first: date, last: date) -> Window:
    return Window(min(first, last), max(first, last))


WINDOWS = st.builds(ordered, DAYS, DAYS)
PERIODS = st.builds(
    lambda window, counted_in: ProgrammePeriod(
        window.starts_on, window.ends_on, counted_in
    ),
    WINDOWS,
    COUNTED_IN,
)
SPANS = st.builds(MonthSpan, MONTHS, MONTHS)
YEAR_DAYS = st.dates(date(2001, 1, 1), date(2001, 12, 31)).map(
    lambda day: YearDay(day.month, day.day)
)
SCHEDULES: st.SearchStrategy[Schedule] = st.one_of(
    st.lists(WINDOWS, min_size=1, max_size=4, unique=True).map(
        lambda windows: Dated(tuple(windows))
    ),
    WINDOWS.map(DatedThenYearly),
    DAYS.map(Until),
    st.lists(SPANS, min_size=1, max_size=3).map(
        lambda spans: MonthsEachYear(tuple(spans))
    ),
    st.integers(1, 10).map(EveryYear),
    st.integers(2, 12).map(TimesAYear),
    st.sampled_from((SchoolTermEnds("quarter"), SchoolTermEnds("half_year"))),
    st.sampled_from((CalendarPeriodEnds("month"), CalendarPeriodEnds("quarter"))),
    st.lists(YEAR_DAYS, min_size=1, max_size=3, unique=True).map(
        lambda days: UntilEachYear(tuple(days))
    ),
    st.builds(DaySpan, YEAR_DAYS, YEAR_DAYS).map(lambda span: DaysEachYear((span,))),
    st.builds(DayOfPeriods, st.sampled_from(("month", "quarter")), st.integers(1, 31)),
    st.sampled_from((SchoolTermEnds("year"), SchoolTermEnds("quarter", (1, 3)))),
    st.sampled_from((SchoolHolidays((1, 2, 3, 4)), SchoolHolidays((1,)))),
    st.just(WholeProgramme()),
    st.just(OnDemand("request")),
)


@given(SCHEDULES, PERIODS)
def test_occurrences_are_in_order_worked_and_within_the_programme(
    schedule: Schedule, period: ProgrammePeriod
) -> None:
    items = occurrences(schedule, period=period, calendar=CALENDAR)
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    windows = [(item.nominal_due_on, item.starts_on) for item in items]
    assert windows == sorted(set(windows))
    for item in items:
        assert item.starts_on <= item.nominal_due_on
        assert item.starts_on <= period.ends_on
        assert item.due_on <= item.nominal_due_on
        assert CALENDAR.work.is_working_day(item.due_on)
        assert CALENDAR.work.next_working_day_on_or_after(item.due_on) == item.due_on
        assert item.before_programme == (item.nominal_due_on < period.starts_on)


@given(st.integers(2, 12), PERIODS)
def test_parts_cover_each_programme_year_without_gaps(
    times: int, period: ProgrammePeriod
) -> None:
    items = occurrences(TimesAYear(times), period=period, calendar=CALENDAR)
    covered = sum((item.nominal_due_on - item.starts_on).days + 1 for item in items)
    assert covered == period.window.days
    ends = {item.nominal_due_on for item in items}
    assert {year.ends_on for year in period.years()} <= ends


@given(st.dates(date(2018, 1, 1), date(2022, 12, 31)), st.integers(0, 365), PERIODS)
def test_yearly_windows_agree_with_rrule(
    start: date, length: int, period: ProgrammePeriod
) -> None:
    if (start.month, start.day) == (2, 29):
        start = date(start.year, 3, 1)  # rrule leaves out years without the leap day
    window = Window(start, date.fromordinal(start.toordinal() + length))
    items = occurrences(DatedThenYearly(window), period=period, calendar=CALENDAR)
    rule = rrule(YEARLY, dtstart=start, until=period.ends_on)
    assert [item.starts_on for item in items] == [day.date() for day in rule]


@given(PERIODS)
def test_month_ends_agree_with_rrule(period: ProgrammePeriod) -> None:
    items = occurrences(CalendarPeriodEnds("month"), period=period, calendar=CALENDAR)
    first = date(period.starts_on.year, period.starts_on.month, 1)
    rule = rrule(MONTHLY, dtstart=first, until=period.ends_on, bymonthday=1)
    assert [item.starts_on for item in items] == [day.date() for day in rule]
    ends = rrule(MONTHLY, dtstart=first, count=len(items), bymonthday=-1)
    assert [item.nominal_due_on for item in items] == [day.date() for day in ends]


@given(PERIODS)
def test_calendar_quarters_agree_with_rrule(period: ProgrammePeriod) -> None:
    items = occurrences(CalendarPeriodEnds("quarter"), period=period, calendar=CALENDAR)
    ends = rrule(
        MONTHLY,
        dtstart=period.starts_on,
        count=len(items),
        bymonth=(3, 6, 9, 12),
        bymonthday=-1,
    )
    assert [item.nominal_due_on for item in items] == [day.date() for day in ends]


@given(MONTHS, st.integers(2018, 2022), st.integers(0, 4), COUNTED_IN)
def test_a_month_without_a_year_comes_once_in_each_whole_programme_year(
    month: int, start: int, more: int, counted_in: Literal["calendar", "academic"]
) -> None:
    turn = 1 if counted_in == "calendar" else 9
    last = date.fromordinal(date(start + more + 1, turn, 1).toordinal() - 1)
    period = ProgrammePeriod(date(start, turn, 1), last, counted_in)
    schedule = MonthsEachYear((MonthSpan(month, month),))
    items = occurrences(schedule, period=period, calendar=CALENDAR)
    rule = rrule(
        MONTHLY, dtstart=period.starts_on, until=last, bymonth=month, bymonthday=1
    )
    assert [item.starts_on for item in items] == [day.date() for day in rule]
    assert len(items) == more + 1


@given(YEAR_DAYS, PERIODS)
def test_last_days_without_a_year_agree_with_rrule(
    day: YearDay, period: ProgrammePeriod
) -> None:
    items = occurrences(UntilEachYear((day,)), period=period, calendar=CALENDAR)
    rule = rrule(
        YEARLY,
        dtstart=period.starts_on,
        until=period.ends_on,
        bymonth=day.month,
        bymonthday=day.day,
    )
    assert [item.nominal_due_on for item in items] == [each.date() for each in rule]


@given(YEAR_DAYS, YEAR_DAYS, st.integers(2018, 2022), st.integers(0, 4), COUNTED_IN)
def test_days_without_a_year_agree_with_rrule(
    first: YearDay,
    last: YearDay,
    start: int,
    more: int,
    counted_in: Literal["calendar", "academic"],
) -> None:
    turn = 1 if counted_in == "calendar" else 9
    end = date.fromordinal(date(start + more + 1, turn, 1).toordinal() - 1)
    period = ProgrammePeriod(date(start, turn, 1), end, counted_in)
    schedule = DaysEachYear((DaySpan(first, last),))
    items = occurrences(schedule, period=period, calendar=CALENDAR)
    starts = rrule(
        YEARLY,
        dtstart=period.starts_on,
        until=end,
        bymonth=first.month,
        bymonthday=first.day,
    )
    assert [item.starts_on for item in items] == [each.date() for each in starts]
    for item in items:
        (due,) = rrule(
            YEARLY,
            dtstart=item.starts_on,
            count=1,
            bymonth=last.month,
            bymonthday=last.day,
        )
        assert item.nominal_due_on == due.date()


@given(st.sampled_from(("month", "quarter")), st.integers(1, 31), PERIODS)
def test_days_of_months_and_quarters_agree_with_rrule(
    of: Literal["month", "quarter"], day: int, period: ProgrammePeriod
) -> None:
    items = occurrences(DayOfPeriods(of, day), period=period, calendar=CALENDAR)
    # Of the days up to this one the last that the month has.
    rule = rrule(
        MONTHLY,
        dtstart=date(period.starts_on.year, 1, 1),
        until=period.ends_on,
        bymonth=range(1, 13) if of == "month" else (1, 4, 7, 10),
        bymonthday=range(1, day + 1),
        bysetpos=-1,
    )
    due = [each.date() for each in rule if each.date() >= period.starts_on]
    assert [item.nominal_due_on for item in items] == due
