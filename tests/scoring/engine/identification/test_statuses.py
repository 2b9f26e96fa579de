"""Every status of a school, worked by hand."""

import json
from typing import Any

import pytest

from tests.scoring.engine.identification.rules import (
    FEDERAL,
    THREE_YEARS,
    YEAR,
    found,
    paper,
    rule,
)

LOW = {"low": 3, "n": 10}
CLEAR = {"low": 0, "n": 10}


def maths(low: int, n: int, **changes: Any) -> dict[str, Any]:
    return paper(low, n, **changes)


def russian(low: int, n: int, **changes: Any) -> dict[str, Any]:
    return paper(low, n, subject="russian", **changes)


@pytest.mark.parametrize(
    ("rows", "status", "low_units"),
    [
        # Two results of 30 % or more of ten pupils.
        ([maths(3, 10), russian(4, 10)], "on_list", 2),
        ([maths(3, 10, grade=5), maths(3, 10, grade=6)], "on_list", 2),
        # The same class in two sittings is one unit.
        ([maths(3, 10), maths(3, 10)], "risk_group", 1),
        # One procedure short.
        ([maths(3, 10), russian(0, 10)], "risk_group", 1),
        # One pupil short in each of two: 3 of 11 is 27.3 %, 4 would be 36.4 %.
        ([maths(3, 11), russian(3, 11)], "risk_group", 0),
        ([maths(2, 11), russian(3, 11)], "not_on_list", 0),
        ([maths(0, 10), russian(0, 10)], "not_on_list", 0),
        # Four pupils are too few; the rest decides only if they cannot.
        ([maths(3, 10), russian(4, 10), russian(4, 4, grade=6)], "on_list", 2),
        ([maths(3, 10), russian(4, 4)], "not_assessable", 1),
        ([maths(0, 10), russian(4, 4)], "not_on_list", 0),
        ([maths(0, 10), russian(0, 4), maths(0, 4, grade=6)], "not_assessable", 0),
        ([russian(0, 4)], "not_assessable", 0),
        ([], "not_assessable", 0),
        # Pupils below the minimum count for ЕГЭ, whose maths may be basic or profile.
        (
            [
                maths(2, 6, procedure="ege", subject="mathematics_basic"),
                maths(1, 4, procedure="ege", subject="mathematics_profile"),
                russian(3, 10, procedure="ege"),
            ],
            "on_list",
            2,
        ),
        # Neither physics nor works of the district count.
        (
            [
                maths(9, 10, subject="physics"),
                maths(9, 10, procedure="district_kim"),
                russian(0, 10),
            ],
            "not_on_list",
            0,
        ),
    ],
)
def test_a_school_has_the_status_that_its_results_give(
    rows: list[dict[str, Any]], status: str, low_units: int
) -> None:
    school = found(*rows)

    assert (school["status"], school["low_units"]) == (status, low_units)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no_data"),
        ([russian(1, 4)], "too_few_participants"),
        ([russian(9, 10, procedure="ege", below_minimum=None)], "too_few_participants"),
    ],
)
def test_what_cannot_be_assessed_says_why(
    rows: list[dict[str, Any]], reason: str
) -> None:
    school = found(*rows)

    assert (school["status"], school["reason"]) == ("not_assessable", reason)


def test_ungraded_pupils_count_among_the_pupils() -> None:
    rows = [maths(3, 8, ungraded=2), russian(3, 8, ungraded=3)]

    assert found(*rows)["low_units"] == 1


def test_results_of_years_that_do_not_compare_are_left_out() -> None:
    exams = [
        maths(9, 10, procedure="oge", grade=9, year=2019),
        russian(9, 10, procedure="oge", grade=9, year=2019),
    ]

    assert found(*exams, year=2019)["reason"] == "not_comparable"
    with_vpr = found(*exams, russian(3, 10, year=2019), year=2019)
    assert (with_vpr["status"], with_vpr["low_units"]) == ("risk_group", 1)


def test_a_school_leaves_the_list_in_its_first_clear_year() -> None:
    before = [maths(3, 10, year=YEAR - 1), russian(3, 10, year=YEAR - 1)]
    clear = [maths(0, 10), russian(0, 10)]

    leaving = found(*before, *clear)
    after = found(*before, *clear, maths(1, 10, year=YEAR + 1), year=YEAR + 1)

    assert (leaving["status"], leaving["clear_years"]) == ("leaving", 1)
    assert leaving["status_before"] == "on_list"
    assert (after["status"], after["status_before"]) == ("not_on_list", "leaving")


def test_a_year_that_cannot_be_assessed_clears_nothing() -> None:
    before = [maths(3, 10, year=YEAR - 2), russian(3, 10, year=YEAR - 2)]
    unknown = [maths(0, 4, year=YEAR - 1)]

    school = found(*before, *unknown, maths(0, 10))

    assert (school["status"], school["status_before"]) == ("leaving", "not_assessable")


def test_the_lower_threshold_of_leaving_holds_only_schools_of_the_list() -> None:
    sticky = rule(leave_share_at_least=20.0, leave_after=2)
    before = [maths(3, 10, year=YEAR - 1), russian(3, 10, year=YEAR - 1)]
    middle = [maths(2, 10), russian(2, 10)]

    held = found(*before, *middle, by=sticky)
    new = found(*middle, by=sticky)

    assert (held["status"], held["low_in_year"]) == ("on_list", "no")
    assert new["status"] == "risk_group"
    assert (held["direction"], held["pupils"]) == ("off_list", 1)


@pytest.mark.parametrize(
    ("low", "statuses"),
    [
        # In at 30 %; held at 20 %; the first clear year; 20 % holds it once more.
        ((3, 2, 1, 2), ("on_list", "on_list", "leaving", "on_list")),
        # While it is leaving the lower threshold holds; after two clear years the third
        # finds it off.
        ((3, 1, 1, 2), ("on_list", "leaving", "leaving", "on_list")),
        ((3, 1, 1, 0), ("on_list", "leaving", "leaving", "not_on_list")),
        ((3, 1, 1, 3), ("on_list", "leaving", "leaving", "on_list")),
        ((3, 3, 1, 0), ("on_list", "on_list", "leaving", "leaving")),
        # Whoever never was on the list is not held by the lower threshold.
        ((2, 2, 2, 2), ("risk_group",) * 4),
        ((1, 3, 1, 1), ("not_on_list", "on_list", "leaving", "leaving")),
    ],
)
def test_four_years_of_a_school_by_hand(
    low: tuple[int, ...], statuses: tuple[str, ...]
) -> None:
    sticky = rule(leave_share_at_least=20.0, leave_after=2)
    years = [YEAR + place for place in range(len(low))]
    rows = [
        each
        for count, year in zip(low, years, strict=True)
        for each in (maths(count, 10, year=year), russian(count, 10, year=year))
    ]

    walked = [found(*rows, by=sticky, year=year)["status"] for year in years]

    assert tuple(walked) == statuses


def test_two_of_three_low_years_are_enough_where_the_rule_says_so() -> None:
    steady = rule(window_years=3, persistence=2, consecutive=False)
    low = [
        paper(3, 10, year=year, subject=subject)
        for year in (YEAR - 2, YEAR)
        for subject in ("russian", "mathematics")
    ]

    assert found(*low, by=steady)["status"] == "on_list"
    assert found(*low[2:], by=steady)["status"] == "not_assessable"
    cleared = [maths(0, 10, year=YEAR - 1), maths(0, 10, year=YEAR - 2)]
    school = found(*low[2:], *cleared, by=steady)
    assert (school["status"], school["low_years"]) == ("not_on_list", 1)


def exams(*years: int, low: int = 1, **changes: Any) -> list[dict[str, Any]]:
    return [
        paper(low, 10, procedure="ege", subject=subject, year=year, **changes)
        for year in years
        for subject in ("russian", "mathematics_profile")
    ]


def test_three_years_of_failed_exams_in_both_subjects_list_a_school() -> None:
    three = exams(2016, 2017, 2018)

    assert found(*three, by=THREE_YEARS)["status"] == "on_list"
    assert found(*three[2:], by=THREE_YEARS)["reason"] == "earlier_years"
    assert found(*three[:-1], by=THREE_YEARS)["status"] == "not_assessable"
    one_subject = [*three[:-1], {**three[-1], "n_below_minimum": 0}]
    assert found(*one_subject, by=THREE_YEARS)["status"] == "risk_group"
    no_failures = exams(2018, low=0)
    assert found(*three[:4], *no_failures, by=THREE_YEARS)["status"] == "not_on_list"


def test_years_without_a_comparable_exam_are_not_three_years_running() -> None:
    with_2020 = exams(2017, 2018, 2019)

    school = found(*with_2020, by=THREE_YEARS, year=2019)

    assert (school["status"], school["reason"]) == ("not_assessable", "not_comparable")


@pytest.mark.parametrize(
    ("rows", "direction", "pupils", "changes"),
    [
        # 5 of 10 must become 2 of 10, in the cheaper of two low results.
        (
            [maths(5, 10), russian(9, 10)],
            "off_list",
            3,
            [("vpr", "mathematics", 5, 3)],
        ),
        (
            [maths(3, 10), russian(3, 10), maths(4, 10, grade=6)],
            "off_list",
            2,
            [("vpr", "mathematics", 5, 1), ("vpr", "russian", 5, 1)],
        ),
        (
            [maths(3, 10), russian(1, 10), maths(2, 10, grade=6)],
            "onto_list",
            1,
            [("vpr", "mathematics", 6, 1)],
        ),
        (
            [maths(0, 10), russian(1, 10)],
            "onto_list",
            5,
            [("vpr", "russian", 5, 2), ("vpr", "mathematics", 5, 3)],
        ),
        # With one result only there is no second that could become low.
        ([maths(3, 10)], None, None, None),
        # Off the list means certainly: what is too few could still be low.
        (
            [maths(3, 10), russian(3, 10), russian(1, 4, grade=6)],
            "off_list",
            2,
            [("vpr", "mathematics", 5, 1), ("vpr", "russian", 5, 1)],
        ),
    ],
)
def test_the_nearest_change_is_named(
    rows: list[dict[str, Any]],
    direction: str | None,
    pupils: int | None,
    changes: list[tuple[Any, ...]] | None,
) -> None:
    school = found(*rows)

    assert (school["direction"], school["pupils"]) == (direction, pupils)
    named = school["changes"] and [
        tuple(unit.values()) for unit in json.loads(school["changes"])["units"]
    ]
    assert named == changes


def test_a_change_of_this_year_is_only_named_where_this_year_decides() -> None:
    steady = rule(window_years=3, persistence=2, consecutive=False)
    low = [
        paper(3, 10, year=year, subject=subject)
        for year in (YEAR - 2, YEAR - 1)
        for subject in ("russian", "mathematics")
    ]

    school = found(*low, maths(0, 10), by=steady)

    assert (school["status"], school["pupils"]) == ("on_list", None)


def test_the_rules_that_ship_are_those_of_the_domain() -> None:
    assert (FEDERAL.low_share_at_least, FEDERAL.in_at_least) == (30.0, 2)
    assert FEDERAL.window_years == 1
    assert set(FEDERAL.procedures) == {"vpr", "oge", "ege"}
    assert THREE_YEARS.procedures == ("ege",)
    assert (THREE_YEARS.window_years, THREE_YEARS.persistence) == (3, 3)
    assert THREE_YEARS.require_each_subject
