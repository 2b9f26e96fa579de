"""Which year a report is of, which order freezes it, and what changed between two."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from shared.domain.errors import DomainError
from shared.domain.periods import AcademicYear, CalendarYear
from shared.domain.programme_reports import (
    Order,
    ReportOrderUsedError,
    ReportOutOfOrderError,
    ReportRefusedError,
    check_order,
    chosen_year,
    deviation_of,
    title_of,
)
from shared.domain.report_changes import COUNTS, changes_between

PERIOD = (date(2020, 9, 1), date(2022, 12, 31))
YEAR = CalendarYear(2020)
TODAY = date(2021, 1, 20)
LAST = Order("5", date(2021, 1, 15))


@pytest.mark.parametrize(
    ("kind", "today", "year"),
    [
        ("calendar", date(2019, 5, 1), CalendarYear(2020)),
        ("calendar", date(2021, 5, 1), CalendarYear(2021)),
        ("calendar", date(2030, 5, 1), CalendarYear(2022)),
        ("academic", date(2021, 5, 1), AcademicYear(2020)),
        ("academic", date(2030, 5, 1), AcademicYear(2022)),
    ],
)
def test_without_a_wish_the_report_is_of_the_nearest_year(
    kind: str, today: date, year: AcademicYear | CalendarYear
) -> None:
    assert chosen_year(kind, *PERIOD, wanted=None, today=today) == year


@pytest.mark.parametrize("wanted", [2019, 2023])
def test_a_year_outside_the_programme_has_no_report(wanted: int) -> None:
    with pytest.raises(ReportRefusedError) as refused:
        chosen_year("calendar", *PERIOD, wanted=wanted, today=TODAY)
    assert refused.value.faults[0].value == str(wanted)


def test_titles_tell_years_apart() -> None:
    assert title_of(YEAR).ru == "2020 год"
    assert title_of(AcademicYear(2020)).ru == "2020/2021 учебный год"


@pytest.mark.parametrize(
    ("share", "deviation"), [(25.0, -5.0), (30.0, 0.0), (50.0, 0.0), (62.5, 12.5)]
)
def test_a_deviation_is_counted_from_the_nearer_end(
    share: float, deviation: float
) -> None:
    assert deviation_of(share, 30.0, 50.0) == deviation


def test_without_a_share_or_a_range_there_is_no_deviation() -> None:
    assert deviation_of(None, 30.0, 50.0) is None
    assert deviation_of(40.0, None, None) is None


@pytest.mark.parametrize(
    ("on", "is_used", "error"),
    [
        (date(2021, 1, 21), False, ReportRefusedError),
        (date(2019, 12, 31), False, ReportRefusedError),
        (date(2021, 1, 15), True, ReportOrderUsedError),
        (date(2021, 1, 14), False, ReportOutOfOrderError),
    ],
)
def test_orders_that_freeze_nothing(
    on: date, *, is_used: bool, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        check_order(Order("6", on), YEAR, today=TODAY, last=LAST, is_used=is_used)


@pytest.mark.parametrize("on", [LAST.on, TODAY])
def test_a_new_order_of_the_same_day_or_later_freezes_a_report(on: date) -> None:
    check_order(Order("6", on), YEAR, today=TODAY, last=LAST, is_used=False)


def report() -> dict[str, Any]:
    counts = dict.fromkeys(COUNTS, 0)
    indicator = {
        "code": "a",
        "title": "Доля школ",
        "unit": "percent_of_schools",
        "target_text": "30–50 %",
        "low": 30.0,
        "high": 50.0,
        "percent": 25.0,
        "numerator": 3,
        "denominator": 12,
        "status": "below",
        "deviation": -5.0,
        "explanation": None,
    }
    return {
        "passport": {
            "title": "Программа",
            "goal": "Цель",
            "starts_on": "2020-09-01",
            "ends_on": "2022-12-31",
            "period_text": "2020–2022",
            "executors_text": "Школы",
            "expected_results": [],
            "tasks": [{"number": 1, "title": "Задача"}],
        },
        "indicators": [indicator],
        "roadmap": {
            "measures": [
                {"measure_id": 7, "number": "1.1", "title": "Курсы", **counts}
            ],
            "schools": [{"school_id": None, "school_name": None, **counts}],
        },
        "budget": {
            "items": [
                {
                    "purpose": "Курсы",
                    "source": "municipal",
                    "planned": "10.00",
                    "spent": None,
                    "comment": None,
                }
            ]
        },
        "amendments": [],
    }


def test_equal_reports_differ_in_nothing() -> None:
    assert changes_between(report(), report()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda each: each["passport"].update(goal="Иная"),
            ("passport", "Программа", "goal", "Цель", "Иная"),
        ),
        (
            lambda each: each["passport"]["tasks"][0].update(title="Иная"),
            ("tasks", "1", "title", "Задача", "Иная"),
        ),
        (
            lambda each: each["indicators"][0].update(numerator=4),
            ("indicators", "Доля школ", "numerator", 3, 4),
        ),
        (
            lambda each: each["roadmap"]["measures"][0].update(overdue=2),
            ("measures", "1.1 Курсы", "overdue", 0, 2),
        ),
        (
            lambda each: each["roadmap"]["schools"][0].update(done_late=1),
            ("schools", "", "done_late", 0, 1),
        ),
        (
            lambda each: each["budget"]["items"][0].update(spent="1.00"),
            ("budget", "Курсы municipal", "spent", None, "1.00"),
        ),
        (
            lambda each: each["budget"]["items"].clear(),
            ("budget", "Курсы municipal", None, True, False),
        ),
        (
            lambda each: each["amendments"].append(
                {"order_number": "87", "order_on": "2020-09-10"}
            ),
            ("amendments", "87 2020-09-10", None, False, True),
        ),
    ],
)
def test_each_line_that_changed_is_told_with_old_and_new(
    change: Callable[[dict[str, Any]], None], told: tuple[Any, ...]
) -> None:
    before, after = report(), deepcopy(report())
    change(after)
    (found,) = changes_between(before, after)
    assert (
        found.section,
        found.subject,
        found.field,
        found.before,
        found.after,
    ) == told
