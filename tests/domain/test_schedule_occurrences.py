"""Dates of schedules in the two programmes."""

from datetime import date

import pytest

from shared.domain.calendar import (
    ProgrammePeriod,
    SchoolCalendar,
    SchoolYear,
    Window,
    WorkCalendar,
)
from shared.domain.errors import InvalidInputError
from shared.domain.periods import AcademicYear
from shared.domain.schedule import (
    SchoolTermEnds,
    Until,
    occurrences,
    parse_term,
)
from tests.domain.schedule_programmes import UZHUR, ZHIGALOVO, school_year, told

AUTUMN = ProgrammePeriod(date(2020, 9, 16), date(2020, 12, 31), "calendar")
# Term, programme, then per occurrence: start, nominal due date, due date, * = past.
EXPECTED: list[tuple[str, ProgrammePeriod, list[str]]] = [
    ("01.09.20 30.12.22", ZHIGALOVO, ["2020-09-01 2022-12-30 2022-12-30"]),
    ("01.01.21 30.12.22", ZHIGALOVO, ["2021-01-01 2022-12-30 2022-12-30"]),
    ("01.11.20 30.12.22", ZHIGALOVO, ["2020-11-01 2022-12-30 2022-12-30"]),
    ("01.09.21 30.12.22", ZHIGALOVO, ["2021-09-01 2022-12-30 2022-12-30"]),
    ("01.09.20 30.12.20", ZHIGALOVO, ["2020-09-01 2020-12-30 2020-12-30"]),
    ("01.09.20 30.09.20", ZHIGALOVO, ["2020-09-01 2020-09-30 2020-09-30"]),
    ("01.09.20 30.10.20", ZHIGALOVO, ["2020-09-01 2020-10-30 2020-10-30"]),
    ("01.09.20 30.11.20", ZHIGALOVO, ["2020-09-01 2020-11-30 2020-11-30"]),
    ("01.12.20 30.12.20", ZHIGALOVO, ["2020-12-01 2020-12-30 2020-12-30"]),
    (
        "01.09.20 30.10.20 далее - ежегодно",
        ZHIGALOVO,
        [
            "2020-09-01 2020-10-30 2020-10-30",
            "2021-09-01 2021-10-30 2021-10-29",
            "2022-09-01 2022-10-30 2022-10-28",
        ],
    ),
    (
        "01.12.20 30.12.20 далее - ежегодно",
        ZHIGALOVO,
        [
            "2020-12-01 2020-12-30 2020-12-30",
            "2021-12-01 2021-12-30 2021-12-30",
            "2022-12-01 2022-12-30 2022-12-30",
        ],
    ),
    ("Сентябрь-октябрь 2020", ZHIGALOVO, ["2020-09-01 2020-10-31 2020-10-30"]),
    (
        "февраль 2020-22",
        ZHIGALOVO,
        [
            "2020-02-01 2020-02-29 2020-02-28 *",
            "2021-02-01 2021-02-28 2021-02-26",
            "2022-02-01 2022-02-28 2022-02-28",
        ],
    ),
    (
        "Июнь 2020, 2021, 2022",
        ZHIGALOVO,
        [
            "2020-06-01 2020-06-30 2020-06-30 *",
            "2021-06-01 2021-06-30 2021-06-30",
            "2022-06-01 2022-06-30 2022-06-30",
        ],
    ),
    (
        "Май 2020, 2021, 2022",
        ZHIGALOVO,
        [
            "2020-05-01 2020-05-31 2020-05-29 *",
            "2021-05-01 2021-05-31 2021-05-31",
            "2022-05-01 2022-05-31 2022-05-31",
        ],
    ),
    (
        "сентябрь 2020 май 2021 май 2022",
        ZHIGALOVO,
        [
            "2020-09-01 2020-09-30 2020-09-30",
            "2021-05-01 2021-05-31 2021-05-31",
            "2022-05-01 2022-05-31 2022-05-31",
        ],
    ),
    (
        "Конец каждой четверти",
        ZHIGALOVO,
        [
            "2020-09-01 2020-10-30 2020-10-30",
            "2020-11-09 2020-12-29 2020-12-29",
            "2021-01-11 2021-03-20 2021-03-19",
            "2021-03-30 2021-05-31 2021-05-31",
            "2021-09-01 2021-10-30 2021-10-29",
            "2021-11-09 2021-12-29 2021-12-29",
            "2022-01-11 2022-03-20 2022-03-18",
            "2022-03-30 2022-05-31 2022-05-31",
            "2022-09-01 2022-10-30 2022-10-28",
            "2022-11-09 2022-12-29 2022-12-29",
        ],
    ),
    (
        "В течение года",
        UZHUR,
        ["2020-09-01 2021-08-31 2021-08-31", "2021-09-01 2022-08-31 2022-08-31"],
    ),
    (
        "Ежегодно",
        UZHUR,
        ["2020-09-01 2021-08-31 2021-08-31", "2021-09-01 2022-08-31 2022-08-31"],
    ),
    (
        "Ежегодно",
        ZHIGALOVO,
        [
            "2020-09-01 2020-12-31 2020-12-31",
            "2021-01-01 2021-12-31 2021-12-30",
            "2022-01-01 2022-12-30 2022-12-30",
        ],
    ),
    (
        "Май-август",
        UZHUR,
        ["2021-05-01 2021-08-31 2021-08-31", "2022-05-01 2022-08-31 2022-08-31"],
    ),
    (
        "Июнь-август",
        UZHUR,
        ["2021-06-01 2021-08-31 2021-08-31", "2022-06-01 2022-08-31 2022-08-31"],
    ),
    (
        "Август",
        UZHUR,
        ["2021-08-01 2021-08-31 2021-08-31", "2022-08-01 2022-08-31 2022-08-31"],
    ),
    (
        "Сентябрь",
        UZHUR,
        ["2020-09-01 2020-09-30 2020-09-30", "2021-09-01 2021-09-30 2021-09-30"],
    ),
    (
        "Май-август",
        ZHIGALOVO,
        ["2021-05-01 2021-08-31 2021-08-31", "2022-05-01 2022-08-31 2022-08-31"],
    ),
    (
        "Декабрь-февраль",
        UZHUR,
        ["2020-12-01 2021-02-28 2021-02-26", "2021-12-01 2022-02-28 2022-02-28"],
    ),
    (
        "Декабрь-февраль",
        ZHIGALOVO,
        [
            "2020-12-01 2021-02-28 2021-02-26",
            "2021-12-01 2022-02-28 2022-02-28",
            "2022-12-01 2023-02-28 2023-02-28",
        ],
    ),
    ("Август 2020 г", UZHUR, ["2020-08-01 2020-08-31 2020-08-31 *"]),
    ("Август 2020 года", UZHUR, ["2020-08-01 2020-08-31 2020-08-31 *"]),
    (
        "Периодически (проведение системного анализа, не менее 2 раз в год)",
        UZHUR,
        [
            "2020-09-01 2021-02-28 2021-02-26",
            "2021-03-01 2021-08-31 2021-08-31",
            "2021-09-01 2022-02-28 2022-02-28",
            "2022-03-01 2022-08-31 2022-08-31",
        ],
    ),
    (
        "По полугодиям",
        UZHUR,
        [
            "2020-09-01 2020-12-29 2020-12-29",
            "2021-01-11 2021-05-31 2021-05-31",
            "2021-09-01 2021-12-29 2021-12-29",
            "2022-01-11 2022-05-31 2022-05-31",
        ],
    ),
    ("1 раз в три года", UZHUR, ["2020-09-01 2021-08-31 2021-08-31"]),
    (
        "В течение срока действия программы",
        UZHUR,
        ["2020-09-01 2022-08-31 2022-08-31"],
    ),
    ("В соответствии с запросом", UZHUR, []),
    ("В соответствии с нормативными документами и МОКК", UZHUR, []),
    ("до 15 октября 2020", UZHUR, ["2020-09-01 2020-10-15 2020-10-15"]),
    ("до 15 августа 2020", UZHUR, ["2020-08-15 2020-08-15 2020-08-14 *"]),
    (
        "до 15 сентября",
        UZHUR,
        ["2020-09-01 2020-09-15 2020-09-15", "2021-09-01 2021-09-15 2021-09-15"],
    ),
    (
        "до 15 сентября",
        ZHIGALOVO,
        [
            "2020-09-01 2020-09-15 2020-09-15",
            "2021-01-01 2021-09-15 2021-09-15",
            "2022-01-01 2022-09-15 2022-09-15",
        ],
    ),
    (
        "до 1 марта",
        UZHUR,
        ["2020-09-01 2021-03-01 2021-03-01", "2021-09-01 2022-03-01 2022-03-01"],
    ),
    ("до 1 марта", AUTUMN, []),
    ("до 25 декабря", AUTUMN, ["2020-09-16 2020-12-25 2020-12-25"]),
    (
        "с 25 декабря по 10 января",
        UZHUR,
        ["2020-12-25 2021-01-10 2020-12-31", "2021-12-25 2022-01-10 2022-01-10"],
    ),
    ("первая неделя сентября", AUTUMN, []),
    (
        "последняя неделя февраля",
        ProgrammePeriod(date(2020, 1, 1), date(2021, 12, 31), "calendar"),
        ["2020-02-23 2020-02-29 2020-02-28", "2021-02-22 2021-02-28 2021-02-26"],
    ),
    (
        "до 31 числа каждого месяца",
        AUTUMN,
        [
            "2020-09-01 2020-09-30 2020-09-30",
            "2020-10-01 2020-10-31 2020-10-30",
            "2020-11-01 2020-11-30 2020-11-30",
            "2020-12-01 2020-12-31 2020-12-31",
        ],
    ),
    (
        "учебный год",
        UZHUR,
        ["2020-09-01 2021-05-31 2021-05-31", "2021-09-01 2022-05-31 2022-05-31"],
    ),
    (
        "I, III четверть",
        UZHUR,
        [
            "2020-09-01 2020-10-30 2020-10-30",
            "2021-01-11 2021-03-20 2021-03-19",
            "2021-09-01 2021-10-30 2021-10-29",
            "2022-01-11 2022-03-20 2022-03-18",
        ],
    ),
    (
        "II полугодие 2019/2020 учебного года",
        UZHUR,
        ["2020-01-11 2020-05-31 2020-05-29 *"],
    ),
    (
        "каникулы",
        AUTUMN,
        [
            "2020-10-31 2020-11-08 2020-11-06",
            "2020-12-30 2021-01-10 2020-12-31",
        ],
    ),
    (
        "на осенних каникулах",
        UZHUR,
        ["2020-10-31 2020-11-08 2020-11-06", "2021-10-31 2021-11-08 2021-11-08"],
    ),
    ("летние каникулы 2021 г.", UZHUR, ["2021-06-01 2021-08-31 2021-08-31"]),
    ("по графику", UZHUR, []),
    ("сентябрь 2022", UZHUR, []),
    ("июль-сентябрь 2022", UZHUR, ["2022-07-01 2022-09-30 2022-09-30"]),
]


@pytest.mark.parametrize(("term", "period", "expected"), EXPECTED)
def test_terms_of_the_documents_have_these_dates(
    term: str, period: ProgrammePeriod, expected: list[str]
) -> None:
    assert told(parse_term(term), period) == expected


def test_ends_of_terms_need_a_school_calendar() -> None:
    bare = SchoolCalendar(WorkCalendar())
    with pytest.raises(InvalidInputError, match="quarters of 2020/2021"):
        occurrences(SchoolTermEnds("quarter"), period=UZHUR, calendar=bare)


@pytest.mark.parametrize(
    ("term", "lacking"),
    [
        ("учебный год", "четвертей"),
        ("осенние каникулы", "четвертей"),
        ("I полугодие учебного года", "полугодий"),
    ],
)
def test_terms_of_school_life_ask_for_the_school_calendar(
    term: str, lacking: str
) -> None:
    bare = SchoolCalendar(WorkCalendar())
    with pytest.raises(InvalidInputError) as refusal:
        occurrences(parse_term(term), period=UZHUR, calendar=bare)
    assert lacking in refusal.value.detail.ru


def test_a_calendar_of_three_terms_has_no_fourth_and_no_holidays_by_name() -> None:
    whole = school_year(2020)
    three = SchoolYear(AcademicYear(2020), whole.quarters[:3], whole.half_years)
    calendar = SchoolCalendar(WorkCalendar(), (three,))
    period = ProgrammePeriod(date(2020, 9, 1), date(2021, 8, 31), "academic")
    for term in ("IV четверть", "весенние каникулы"):
        with pytest.raises(InvalidInputError, match="no quarter 4"):
            occurrences(parse_term(term), period=period, calendar=calendar)


def test_a_school_year_without_quarters_is_that_of_its_half_years() -> None:
    halves = SchoolYear(AcademicYear(2020), (), school_year(2020).half_years)
    calendar = SchoolCalendar(WorkCalendar(), (halves,))
    period = ProgrammePeriod(date(2020, 9, 1), date(2021, 8, 31), "academic")
    (item,) = occurrences(parse_term("учебный год"), period=period, calendar=calendar)
    assert (item.starts_on, item.due_on) == (date(2020, 9, 1), date(2021, 5, 31))


def test_quarters_without_a_pause_between_them_leave_no_holidays() -> None:
    first = Window(date(2020, 9, 1), date(2020, 10, 31))
    quarters = (
        first,
        Window(date(2020, 11, 1), date(2020, 12, 29)),
        *school_year(2020).quarters[2:],
    )
    calendar = SchoolCalendar(
        WorkCalendar(), (SchoolYear(AcademicYear(2020), quarters, ()),)
    )
    period = ProgrammePeriod(date(2020, 9, 1), date(2021, 8, 31), "academic")
    with pytest.raises(InvalidInputError, match="no holidays follow quarter 1"):
        occurrences(parse_term("осенние каникулы"), period=period, calendar=calendar)


def test_a_due_date_moves_over_days_off_of_the_municipality() -> None:
    away = WorkCalendar(extra_days_off=frozenset({date(2020, 10, 15)}))
    (item,) = occurrences(
        Until(date(2020, 10, 15)), period=UZHUR, calendar=SchoolCalendar(away)
    )
    assert (item.nominal_due_on, item.due_on) == (
        date(2020, 10, 15),
        date(2020, 10, 14),
    )
