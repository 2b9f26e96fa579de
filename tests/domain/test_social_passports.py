"""The checks of a social passport, and the shares that counts and enrolment give."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.record_rules import Facts
from shared.domain.social_passport_rules import RULES, complete_shares
from shared.domain.social_passports import BY_NUMBER, SHARES, Effect

TODAY = date(2020, 9, 1)


def columns_at_fault(values: dict[str, Any], enrolment: int | None = None) -> set[str]:
    facts = Facts(today=TODAY, enrolment=enrolment)
    completed = complete_shares(values, facts)
    return {str(fault.column) for rule in RULES for fault in rule(completed, facts)}


def test_there_are_seventeen_shares_and_six_with_a_stated_effect() -> None:
    assert [share.number for share in SHARES] == list(range(1, 18))
    assert len({share.name for share in SHARES}) == 17
    helps = [share.number for share in SHARES if share.effect is Effect.HELPS]
    hinders = [share.number for share in SHARES if share.effect is Effect.HINDERS]
    assert (helps, hinders) == ([1], [2, 3, 4, 5, 6])
    for share in SHARES:
        assert (share.provenance is None) is (share.effect is Effect.UNSTATED)


@pytest.mark.parametrize(
    ("first", "second", "at_fault"),
    [
        ((1, 40.0), (12, 60.0), set()),
        ((1, 40.0), (12, 60.1), {"one_parent_higher_education_percent"}),
        ((1, 40.0), (12, None), set()),
        ((9, 50.0), (10, 50.0), set()),
        ((9, 70.0), (10, 31.0), {"both_parents_unemployed_percent"}),
        ((14, 60.0), (15, 40.0), set()),
        ((14, 60.0), (15, 41.0), set()),
        ((14, 60.0), (15, 39.0), set()),
        ((14, 60.0), (15, 41.1), {"poor_housing_percent"}),
        ((14, 60.0), (15, 38.9), {"poor_housing_percent"}),
        ((14, 60.0), (15, None), set()),
    ],
)
def test_shares_that_belong_together_add_up(
    first: tuple[int, float | None],
    second: tuple[int, float | None],
    at_fault: set[str],
) -> None:
    values = {BY_NUMBER[number].percent: value for number, value in (first, second)}
    assert columns_at_fault(values) == at_fault


@pytest.mark.parametrize(
    ("count", "percent", "at_fault"),
    [
        (27, 15, set()),  # 14.67 %
        (27, 14.7, set()),
        (27, 14.67, set()),
        (27, 14, {"bussed_percent"}),
        (27, 14.6, {"bussed_percent"}),
        (27, 14.66, {"bussed_percent"}),
        (185, 100, {"bussed_count"}),
        (185, None, {"bussed_count"}),
        (None, 99, set()),
    ],
)
def test_a_count_and_its_share_agree_with_the_enrolment(
    count: int | None, percent: float | None, at_fault: set[str]
) -> None:
    values = {"bussed_count": count, "bussed_percent": percent}
    assert columns_at_fault(values, enrolment=184) == at_fault
    assert columns_at_fault(values) == set()


def test_a_share_is_computed_where_only_its_count_is_told() -> None:
    values = {"bussed_count": 27, "low_income_count": 10, "low_income_percent": 5.0}
    completed = complete_shares(values, Facts(today=TODAY, enrolment=184))
    assert completed["bussed_percent"] == pytest.approx(14.67)
    assert completed["low_income_percent"] == pytest.approx(5.0)
    for unknown in (None, 0):
        facts = Facts(today=TODAY, enrolment=unknown)
        assert complete_shares(values, facts) == values


@given(
    enrolment=st.integers(1, 3000),
    parts=st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_whatever_counts_there_are_their_own_shares_are_accepted(
    enrolment: int, parts: list[float]
) -> None:
    first = round(enrolment * parts[0])
    second = round((enrolment - first) * parts[1])
    good = round(enrolment * parts[2])
    counts = {
        "both_parents_higher_education_count": first,
        "one_parent_higher_education_count": second,
        "one_parent_unemployed_count": second,
        "both_parents_unemployed_count": first,
        "good_housing_count": good,
        "poor_housing_count": enrolment - good,
    }
    assert columns_at_fault(counts, enrolment) == set()


@given(enrolment=st.integers(1, 3000), excess=st.integers(1, 100))
def test_more_pupils_than_enrolled_are_always_refused(
    enrolment: int, excess: int
) -> None:
    values = {"foster_families_count": enrolment + excess}
    assert "foster_families_count" in columns_at_fault(values, enrolment)
