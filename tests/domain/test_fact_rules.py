"""The rules of schools' facts: staff, lists, markers of objectivity, resources."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.anti_risk import answers_a_topical_factor, approved_when_whole
from shared.domain.msoko import code_is_of_a_group
from shared.domain.objectivity_markers import (
    MARKERS,
    complete_markers,
    markers_add_up,
)
from shared.domain.record_rules import Facts, Rule, needs, parts_of_whole
from shared.domain.resources import offered_if_available
from shared.domain.risk_factors import RISK_FACTORS
from shared.domain.surveys import pupils_are_enrolled

FACTS = Facts(today=date(2020, 9, 1))
BANDS = ("under", "between", "over")


def at_fault(
    rule: Rule, values: dict[str, Any], facts: Facts = FACTS
) -> list[str | None]:
    found: Iterable[Any] = rule(values, facts)
    return [fault.column for fault in found]


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((35.6, 46.9, 17.5), []),
        ((35.6, 46.9, 17.7), []),
        ((35.6, 46.9, 17.3), []),
        ((35.6, 46.9, 17.8), ["over"]),
        ((35.6, 46.9, 17.2), ["over"]),
        ((60, 40, None), []),
        ((60, 41, None), ["between"]),
        ((60, None, None), []),
        ((None, None, None), []),
    ],
)
def test_bands_of_a_whole_make_a_hundred(
    shares: tuple[float | None, ...], expected: list[str]
) -> None:
    values = dict(zip(BANDS, shares, strict=True))
    assert at_fault(parts_of_whole(*BANDS), values) == expected


def test_what_needs_another_value_stands_only_beside_it() -> None:
    rule = needs("valid_to", "body", "reason")
    assert at_fault(rule, {"valid_to": 1, "body": 2}) == ["reason"]
    assert at_fault(rule, {"body": 2}) == []
    assert at_fault(rule, {"valid_to": 1, "body": 2, "reason": 3}) == []


@pytest.mark.parametrize(
    ("markers", "count", "has_sign", "expected"),
    [
        ((1, 0, 1, None), 2, True, []),
        ((1, 0, 1, None), 1, True, ["marker_count"]),
        ((1, 0, 1, None), 2, False, ["has_sign"]),
        ((0, 0, 0, 0), 0, True, []),
        ((None, None, None, None), None, True, []),
        ((None, None, None, None), 1, True, ["marker_count"]),
    ],
)
def test_the_number_of_markers_is_their_sum(
    markers: tuple[int | None, ...],
    count: int | None,
    has_sign: object,
    expected: list[str],
) -> None:
    values = dict(zip(MARKERS, markers, strict=True))
    values |= {"marker_count": count}
    assert at_fault(markers_add_up, {**values, "has_sign": has_sign}) == expected


@given(st.lists(st.sampled_from([0, 1, None]), min_size=4, max_size=4))
def test_a_number_of_markers_that_is_left_out_is_their_sum(
    markers: list[int | None],
) -> None:
    values: dict[str, Any] = dict(zip(MARKERS, markers, strict=True))
    values["has_sign"] = 1 in markers
    completed = complete_markers(values, FACTS)
    assert at_fault(markers_add_up, completed) == []
    took_part = any(marker is not None for marker in markers)
    assert (completed.get("marker_count") is not None) is took_part


def test_what_is_lacking_is_not_offered() -> None:
    lacking = {"state": "lacking", "offered": True}
    assert at_fault(offered_if_available, lacking) == ["offered"]
    assert at_fault(offered_if_available, lacking | {"offered": False}) == []
    assert at_fault(offered_if_available, lacking | {"state": "available"}) == []


@pytest.mark.parametrize(
    ("group", "enrolment", "expected"),
    [
        ("pupils", 50, ["respondents"]),
        ("pupils", 51, []),
        ("pupils", None, []),
        ("parents", 50, []),
    ],
)
def test_no_more_pupils_are_asked_than_there_are(
    group: str, enrolment: int | None, expected: list[str]
) -> None:
    values = {"respondents": 51, "respondent_group": group}
    facts = Facts(today=FACTS.today, enrolment=enrolment)
    assert at_fault(pupils_are_enrolled, values, facts) == expected


@pytest.mark.parametrize("code", ["1.1", "2.10", "10.2"])
def test_a_group_has_the_number_of_its_section(code: str) -> None:
    assert at_fault(code_is_of_a_group, {"code": code}) == []


@pytest.mark.parametrize("code", ["1", "1.", "1.0", "1.1.1", "1,1", "I.1"])
def test_what_is_no_number_of_a_group_is_refused(code: str) -> None:
    assert at_fault(code_is_of_a_group, {"code": code}) == ["code"]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"school_id": 1, "topical": True}, []),
        ({"school_id": 1, "topical": False}, ["risk_profile_id"]),
        ({"school_id": 2, "topical": True}, ["risk_profile_id"]),
    ],
)
def test_only_a_topical_factor_of_the_school_has_a_programme(
    profile: dict[str, Any], expected: list[str]
) -> None:
    facts = Facts(today=FACTS.today, referenced={"risk_profile_id": profile})
    values = {"school_id": 1, "risk_profile_id": 7}
    assert at_fault(answers_a_topical_factor, values, facts) == expected


def test_an_approved_programme_is_whole_and_a_draft_need_not_be() -> None:
    draft: dict[str, Any] = {"state": "draft", "tasks": [], "measures": ["Опрос"]}
    assert at_fault(approved_when_whole, draft) == []
    assert at_fault(approved_when_whole, draft | {"state": "approved"}) == [
        "tasks",
        "indicator",
        "starts_on",
        "ends_on",
    ]


def test_risk_factors_have_one_code_and_title_each() -> None:
    assert len(RISK_FACTORS) == 10
    assert len({factor.code for factor in RISK_FACTORS}) == 10
    assert len({factor.title.ru for factor in RISK_FACTORS}) == 10
