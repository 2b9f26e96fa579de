"""Statuses and nearest changes against a slow second opinion, on random schools."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.identification.identify import identify
from shared.domain.methods.identification import CountedUnit, Identification
from tests.scoring.engine.identification import by_hand
from tests.scoring.engine.identification.rules import (
    FEDERAL,
    THREE_YEARS,
    YEAR,
    frame,
    paper,
    schools,
)

SUBJECTS = ["russian", "mathematics", "mathematics_basic", "physics"]


def districts(*, years: int, most_units: int, most_pupils: int) -> Any:
    """Lists of schools, each a list of its results; some have none."""
    one = st.integers(0, most_pupils).flatmap(
        lambda n: st.builds(
            paper,
            st.integers(0, n),
            st.just(n),
            year=st.integers(YEAR - years + 1, YEAR),
            procedure=st.sampled_from(["vpr", "oge", "ege"]),
            subject=st.sampled_from(SUBJECTS),
            grade=st.sampled_from([5, 6]),
        )
    )
    return st.lists(st.lists(one, max_size=most_units), min_size=1, max_size=30)


def identified(
    district: list[list[dict[str, Any]]], rule: Identification
) -> list[dict[str, Any]]:
    """What the rule says of each school."""
    rows = [
        {**row, "school_id": school}
        for school, of_school in enumerate(district)
        for row in of_school
    ]
    listed = schools(*range(len(district)))
    return identify(frame(*rows), listed, rule=rule, year=YEAR).schools.rows(named=True)


def windowed(rule: Identification, window: int) -> Identification:
    persistence = min(window, rule.persistence)
    return replace(rule, window_years=window, persistence=persistence)


rules = st.builds(
    replace,
    st.sampled_from([FEDERAL, THREE_YEARS]),
    procedures=st.sampled_from([("ege", "oge", "vpr"), ("vpr",)]),
    grades=st.sampled_from([(), (5, 11)]),
    counted_unit=st.sampled_from(list(CountedUnit)[1:]),
    low_share_at_least=st.sampled_from([30.0, 33.3, 50.0]),
    leave_share_at_least=st.sampled_from([30.0, 20.0]),
    low_pupils_at_least=st.integers(1, 3),
    in_at_least=st.integers(1, 3),
    require_each_subject=st.booleans(),
    min_participants=st.integers(1, 4),
    window_years=st.just(2),
    persistence=st.integers(1, 2),
    leave_after=st.integers(0, 2),
    margin_procedures=st.integers(0, 2),
    margin_pupils=st.integers(0, 2),
)


@settings(max_examples=40, deadline=None)
@given(
    district=districts(years=5, most_units=14, most_pupils=9),
    rule=rules,
    window=st.integers(1, 2),
)
def test_statuses_are_those_of_reckoning_by_hand(
    district: list[list[dict[str, Any]]], rule: Identification, window: int
) -> None:
    rule = windowed(rule, window)

    found = identified(district, rule)

    for rows, school in zip(district, found, strict=True):
        years = by_hand.years_of(rows, rule)
        low = by_hand.year_meets(years.get(YEAR, {}), rule, rule.low_share_at_least)
        assert school["status"] == by_hand.status_of(years, rule, YEAR)
        assert school["status_before"] == by_hand.status_of(years, rule, YEAR - 1)
        assert school["low_in_year"] == low


@settings(max_examples=25, deadline=None)
@given(
    district=districts(years=2, most_units=4, most_pupils=4),
    rule=rules,
    window=st.integers(1, 2),
)
def test_no_fewer_pupils_would_flip_a_status(
    district: list[list[dict[str, Any]]], rule: Identification, window: int
) -> None:
    rule = windowed(replace(rule, min_participants=2), window)

    found = identified(district, rule)

    for rows, school in zip(district, found, strict=True):
        years = by_hand.years_of(rows, rule)
        assert school["pupils"] == by_hand.nearest_change(years, rule, YEAR)
        if school["pupils"] is not None:
            _check_change(school, years, rule)


def _check_change(
    found: dict[str, Any], years: dict[int, by_hand.Year], rule: Identification
) -> None:
    """Make the change that was found and see that the status follows."""
    changes = json.loads(found["changes"])["units"]
    off = found["direction"] == "off_list"
    year = {**years[YEAR]}
    for change in changes:
        unit = (change["procedure"], change["subject"], change["programme_grade"])
        low, n = year[unit]
        year[unit] = (low + (-1 if off else 1) * change["pupils"], n)
    status = by_hand.status_of({**years, YEAR: year}, rule, YEAR)

    assert sum(change["pupils"] for change in changes) == found["pupils"]
    assert (status != "on_list") == off
    assert status != "not_assessable"


@pytest.mark.parametrize("percent", [0.1, 12.5, 29.99, 30.0, 33.3, 66.7, 100.0])
def test_a_threshold_is_the_first_count_that_reaches_the_share(percent: float) -> None:
    rows = []
    for n in range(1, 300):
        fewest = next(low for low in range(n + 1) if by_hand.is_low(low, n, percent, 1))
        rows += [paper(fewest, n, school=n), paper(fewest - 1, n, school=n + 300)]
    rule = replace(
        FEDERAL,
        low_share_at_least=percent,
        leave_share_at_least=0.0,
        in_at_least=1,
        min_participants=1,
        margin_procedures=0,
        margin_pupils=0,
    )
    listed = schools(*(row["school_id"] for row in rows))

    found = identify(frame(*rows), listed, rule=rule, year=YEAR).schools

    assert found["status"].to_list() == ["on_list"] * 299 + ["not_on_list"] * 299
