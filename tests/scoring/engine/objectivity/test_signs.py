"""The tests for signs of non-objectivity, against hand-worked tables and libraries."""

import json
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from scipy.stats import binomtest, ttest_ind_from_stats

from services.scoring.engine.objectivity.papers import KEYS, numbers_of
from services.scoring.engine.objectivity.signs import (
    FINDING_SCHEMA,
    Evidence,
    find_signs,
)
from tests.scoring.engine.objectivity.evidence import (
    METHOD,
    YEAR,
    any_evidence,
    boundaries,
    evidence,
    limit,
    result,
    scores,
)
from tests.scoring.engine.result_frames import content


def find(given_evidence: Evidence, test: str) -> list[dict[str, Any]]:
    found = find_signs(given_evidence, METHOD, year=YEAR).filter(test=test)
    return [row | {"detail": json.loads(row["detail"])} for row in found.to_dicts()]


def compared(school_id: int, equal: int, of: int, **more: Any) -> dict[str, Any]:
    return result(
        school_id, marks=(0, of, 0, 0), journal=(of - equal, equal, 0), **more
    )


def test_confirmed_marks_are_tested_against_the_other_schools() -> None:
    rows = [compared(1, 4, 20), compared(2, 18, 20), compared(3, 30, 40)]

    found = find(evidence(*rows), "journal_confirmed")

    assert [(each["figure"], each["reference"]) for each in found] == [
        (20.0, 80.0),
        (90.0, pytest.approx(100 * 34 / 60)),
        (75.0, 55.0),
    ]
    raw = [
        binomtest(k, n, rate).pvalue
        for k, n, rate in ((4, 20, 48 / 60), (18, 20, 34 / 60), (30, 40, 22 / 40))
    ]
    assert [each["p_value"] for each in found] == pytest.approx(raw)
    assert [each["tests"] for each in found] == [3, 3, 3]
    # Holm: the smallest is multiplied by 3, the next by 2, the last by 1.
    assert [each["adjusted_p"] for each in found] == pytest.approx(
        [3 * raw[0], 2 * raw[1], max(2 * raw[1], raw[2])]
    )
    assert [each["verdict"] for each in found] == ["sign", "sign", "sign"]
    assert found[0]["detail"] == {
        "n_lower": 16,
        "n_equal": 4,
        "n_higher": 0,
        "others_equal": 48,
        "others_compared": 60,
    }


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([compared(1, 1, 4), compared(2, 20, 30)], "too_few_participants"),
        ([compared(1, 10, 20), compared(2, 5, 9)], "too_few_in_other_schools"),
        ([compared(1, 10, 20)], "too_few_in_other_schools"),
        ([compared(1, 10, 20), compared(2, 30, 30)], "other_schools_all_alike"),
        (
            [compared(1, 10, 20), compared(2, 20, 30, subject="russian")],
            "too_few_in_other_schools",
        ),
    ],
)
def test_a_share_without_a_fair_reference_is_not_assessable(
    rows: list[dict[str, Any]], reason: str
) -> None:
    found = find(evidence(*rows), "journal_confirmed")[0]

    assert (found["verdict"], found["reason"]) == ("not_assessable", reason)
    assert found["p_value"] is None
    assert found["adjusted_p"] is None
    assert found["n"] == rows[0]["n"]


def test_gaps_of_two_marks_are_a_sign_where_they_are_many() -> None:
    rows = [
        compared(1, 10, 20, gap=6),
        compared(2, 30, 40, gap=1),
        compared(3, 30, 40),  # by a file that tells no gaps
    ]

    found = find(evidence(*rows), "journal_gap")

    assert [each["school_id"] for each in found] == [1, 2]
    assert found[0]["p_value"] == pytest.approx(binomtest(6, 20, 1 / 40).pvalue)
    assert (found[0]["figure"], found[0]["reference"]) == (30.0, 2.5)
    assert [each["verdict"] for each in found] == ["sign", "no_sign"]


EVEN = dict.fromkeys(range(21), 3)


@pytest.mark.parametrize(
    ("at_boundary", "spread", "verdict"),
    [(16, 3, "sign"), (3, 3, "no_sign"), (0, 3, "no_sign"), (12, 1, "limited")],
)
def test_more_pupils_where_a_mark_begins_than_around_it_are_a_peak(
    at_boundary: int, spread: int, verdict: str
) -> None:
    counts = dict.fromkeys(range(21), spread) | {11: at_boundary}
    given_evidence = evidence(
        of_scores=scores(counts), of_boundaries=boundaries((4, 11))
    )

    (found,) = find(given_evidence, "boundary_peak")

    within = at_boundary + 4 * spread
    expected = binomtest(at_boundary, within, 1 / 5, alternative="greater").pvalue
    assert found["p_value"] == pytest.approx(expected)
    assert (found["figure"], found["reference"]) == (at_boundary, within / 5)
    assert (found["mark"], found["n"]) == (4, 20 * spread + at_boundary)
    assert found["verdict"] == verdict


@pytest.mark.parametrize(
    ("n", "verdict"),
    [
        (19, "not_assessable"),
        (20, "limited"),
        (49, "limited"),
        (50, "no_sign"),
    ],
)
def test_fewer_than_fifty_pupils_are_a_limited_answer_or_none(
    n: int, verdict: str
) -> None:
    given_evidence = evidence(
        of_scores=scores({10: n - 9, 11: 9}), of_boundaries=boundaries((4, 11))
    )

    (found,) = find(given_evidence, "boundary_peak")

    assert found["verdict"] == verdict
    assert (found["reason"] is None) == (n >= 20)


def test_a_slope_through_a_boundary_is_no_peak() -> None:
    slope = {score: 2 * score for score in range(21)}
    given_evidence = evidence(
        of_scores=scores(slope),
        of_boundaries=boundaries((3, 1), (4, 11), (5, 19), maximum=20),
    )

    found = find(given_evidence, "boundary_peak")

    # Near an end the window is as narrow as its narrower side.
    assert [each["detail"]["window"] for each in found] == [1, 2, 1]
    assert [(each["figure"], each["reference"]) for each in found] == [
        (2, 2),
        (22, 22),
        (38, 38),
    ]
    assert {each["verdict"] for each in found} == {"no_sign"}


def test_a_peak_needs_boundaries_and_scores_around_them() -> None:
    of_scores = scores(EVEN)
    none_known = find(evidence(of_scores=of_scores), "boundary_peak")
    at_the_end = find(
        evidence(of_scores=of_scores, of_boundaries=boundaries((5, 20))),
        "boundary_peak",
    )

    assert [each["reason"] for each in none_known] == ["no_boundaries"]
    assert [each["reason"] for each in at_the_end] == ["no_scores_around_boundary"]


def before_and_after(
    low_before: int, n_before: int, low: int, n: int, **more: Any
) -> list[dict[str, Any]]:
    return [
        result(year=YEAR - 1, marks=(low_before, n_before - low_before, 0, 0), **more),
        result(marks=(low, n - low, 0, 0), **more),
    ]


@pytest.mark.parametrize(
    ("counts", "change", "verdict", "within_one_pupil"),
    [
        ((1, 20, 3, 20), 10.0, "sign", True),
        ((1, 20, 4, 20), 15.0, "sign", False),
        ((1, 20, 5, 20), 20.0, "sign", False),
        ((1, 20, 2, 20), 5.0, "no_sign", False),
        ((9, 20, 1, 20), -40.0, "no_sign", False),
        ((1, 4, 4, 20), -5.0, "not_assessable", False),
    ],
)
def test_a_low_share_that_grew_by_ten_points_is_a_sign(
    counts: tuple[int, int, int, int],
    change: float,
    verdict: str,
    *,
    within_one_pupil: bool,
) -> None:
    (found,) = find(evidence(*before_and_after(*counts)), "low_share_rise")

    assert (found["figure"], found["reference"]) == (change, 10.0)
    assert (found["n_reference"], found["n"]) == (counts[1], counts[3])
    assert found["verdict"] == verdict
    assert found["detail"]["within_one_pupil"] == within_one_pupil
    assert found["detail"]["points_per_pupil"] == 100 / counts[3]
    assert found["p_value"] is None


def test_years_that_cannot_be_compared_give_no_answer() -> None:
    oge = before_and_after(1, 20, 9, 20, procedure="oge", grade=9)
    incomparable = replace(
        METHOD, rise=replace(METHOD.rise, incomparable=(f"oge:{YEAR - 1}",))
    )

    (usual,) = find(evidence(*oge), "low_share_rise")
    found = find_signs(evidence(*oge), incomparable, year=YEAR)

    assert usual["verdict"] == "sign"
    assert found["verdict"].to_list() == ["not_assessable"]
    assert found["reason"].to_list() == ["incomparable_years"]


def test_an_autumn_work_is_not_compared_with_one_of_spring() -> None:
    spring, autumn = before_and_after(1, 20, 9, 20)
    autumn["pupil_grade"] = 6

    assert find(evidence(spring, autumn), "low_share_rise") == []


def cohort(
    school_id: int, before: tuple[int, int, int, int], after: tuple[int, int, int, int]
) -> list[dict[str, Any]]:
    return [
        result(school_id, year=YEAR - 1, grade=4, marks=before),
        result(school_id, grade=5, marks=after),
    ]


def test_a_cohort_that_fell_deeper_than_the_others_shows_a_sign() -> None:
    rows = [
        *cohort(1, (0, 2, 10, 8), (6, 8, 5, 1)),
        *cohort(2, (1, 8, 8, 3), (2, 9, 7, 2)),
        *cohort(3, (1, 8, 8, 3), (1, 8, 8, 3)),
    ]

    found = find(evidence(*rows), "cohort_fall")

    first = found[0]
    marks = {
        "own_before": np.repeat([2, 3, 4, 5], [0, 2, 10, 8]),
        "own_after": np.repeat([2, 3, 4, 5], [6, 8, 5, 1]),
        "others_before": np.repeat([2, 3, 4, 5], [2, 16, 16, 6]),
        "others_after": np.repeat([2, 3, 4, 5], [3, 17, 15, 5]),
    }
    for group, of_group in marks.items():
        assert first["detail"][f"mean_{group}"] == pytest.approx(of_group.mean())
        assert first["detail"][f"n_{group}"] == len(of_group)
    assert first["figure"] == pytest.approx(3.05 - 4.3)
    assert first["reference"] == pytest.approx(3.55 - 3.65)
    error = sqrt(sum(each.var(ddof=1) / len(each) for each in marks.values()))
    assert first["detail"]["standard_error"] == pytest.approx(error)
    assert [each["verdict"] for each in found] == ["sign", "no_sign", "no_sign"]


def test_with_others_that_did_not_change_the_test_is_that_of_welch() -> None:
    """Others who are many and all alike add nothing, so scipy can be asked."""
    others = [
        *cohort(2, (0, 100_000, 0, 0), (0, 100_000, 0, 0)),
        *cohort(1, (1, 6, 8, 9), (4, 7, 5, 2)),
    ]
    before = np.repeat([2, 3, 4, 5], [1, 6, 8, 9])
    after = np.repeat([2, 3, 4, 5], [4, 7, 5, 2])

    found = find(evidence(*others), "cohort_fall")[0]

    welch = ttest_ind_from_stats(
        after.mean(),
        after.std(ddof=1),
        len(after),
        before.mean(),
        before.std(ddof=1),
        len(before),
        equal_var=False,
        alternative="less",
    )
    assert found["detail"]["t"] == pytest.approx(welch.statistic)
    assert found["p_value"] == pytest.approx(welch.pvalue)


def test_a_cohort_is_followed_over_an_autumn_work() -> None:
    """In autumn its grade 5 wrote the programme of grade 4, in spring that of 5."""
    rows = [
        each
        for school in (1, 2)
        for each in (
            result(school, grade=4, pupil_grade=5, marks=(0, 5, 5, 5)),
            result(school, grade=5, pupil_grade=5, marks=(1, 6, 5, 3)),
            # Another cohort, which the first must not be mistaken for.
            result(school, year=YEAR, grade=4, marks=(9, 0, 0, 0)),
        )
    ]

    found = find(evidence(*rows), "cohort_fall")

    assert [each["detail"]["mean_own_before"] for each in found] == [4.0, 4.0]
    assert [each["n_reference"] for each in found] == [15, 15]


def test_cohorts_without_spread_or_without_others_are_not_assessable() -> None:
    alike = [*cohort(1, (0, 9, 0, 0), (9, 0, 0, 0)), *cohort(2, *[(0, 20, 0, 0)] * 2)]
    alone = cohort(1, (0, 9, 9, 0), (9, 0, 9, 0))

    assert find(evidence(*alike), "cohort_fall")[0]["reason"] == "no_spread"
    assert find(evidence(*alone), "cohort_fall")[0]["reason"] == (
        "too_few_in_other_schools"
    )


@pytest.mark.parametrize(
    ("low", "high", "reference", "verdict"),
    [
        (50.0, 80.0, None, "no_sign"),
        (None, 60.0, None, "no_sign"),
        (60.1, 80.0, 60.1, "sign"),
        (10.0, 59.9, 59.9, "sign"),
    ],
)
def test_a_measure_outside_its_limits_is_a_sign(
    low: float | None, high: float | None, reference: float | None, verdict: str
) -> None:
    given_evidence = evidence(
        result(marks=(1, 3, 4, 2)),
        result(marks=(1, 3, 4, 2), grade=6),  # has no limit
        of_limits=limit("quality_rate", low, high),
    )

    (found,) = find(given_evidence, "outside_limits")

    assert (found["figure"], found["reference"]) == (60.0, reference)
    assert (found["measure"], found["n"]) == ("quality_rate", 10)
    assert found["verdict"] == verdict


def test_too_few_pupils_are_not_held_against_limits() -> None:
    given_evidence = evidence(
        result(marks=(4, 0, 0, 0)), of_limits=limit("quality_rate", 50, None)
    )

    (found,) = find(given_evidence, "outside_limits")

    assert (found["verdict"], found["n"]) == ("not_assessable", 4)


def test_other_procedures_are_left_aside() -> None:
    rows = [
        {**compared(school, 5 * school, 20), "procedure": "kdr"} for school in (1, 2)
    ]

    assert find(evidence(*rows), "journal_confirmed") == []


@settings(max_examples=15)
@given(any_evidence())
def test_a_municipality_in_a_crowd_is_found_as_it_is_alone(crowd: Evidence) -> None:
    together = find_signs(crowd, METHOD, year=YEAR)

    alone = [
        find_signs(
            Evidence(
                results=crowd.results.filter(municipality_id=each),
                scores=crowd.scores.filter(municipality_id=each),
                boundaries=crowd.boundaries.filter(municipality_id=each),
                limits=crowd.limits.filter(municipality_id=each),
            ),
            METHOD,
            year=YEAR,
        )
        for each in (1, 2, 3)
    ]

    assert content(together) == content(pl.concat(alone))


@settings(max_examples=15)
@given(any_evidence())
def test_the_order_of_rows_changes_nothing(given_evidence: Evidence) -> None:
    turned = Evidence(
        results=given_evidence.results.reverse(),
        scores=given_evidence.scores.reverse(),
        boundaries=given_evidence.boundaries.reverse(),
        limits=given_evidence.limits.reverse(),
    )

    found = find_signs(given_evidence, METHOD, year=YEAR)

    assert content(find_signs(turned, METHOD, year=YEAR)) == content(found)


@settings(max_examples=15)
@given(any_evidence())
def test_every_finding_is_whole(given_evidence: Evidence) -> None:
    found = find_signs(given_evidence, METHOD, year=YEAR)

    assert found.schema == FINDING_SCHEMA
    assert found["verdict"].null_count() == 0
    unassessable = found["verdict"] == "not_assessable"
    assert (found["reason"].is_not_null() == unassessable).all()
    with_p = found.drop_nulls("adjusted_p")
    assert with_p["p_value"].is_between(0, 1).all()
    assert (with_p["adjusted_p"] >= with_p["p_value"] * (1 - 1e-12)).all()
    signs = with_p.filter(verdict="sign")
    assert (signs["adjusted_p"] <= 0.05).all()


@settings(max_examples=15)
@given(any_evidence())
def test_numbers_order_rows_as_their_keys_do(given_evidence: Evidence) -> None:
    results = given_evidence.results
    numbered = results.with_columns(number=numbers_of(results, KEYS))

    by_number = numbered.sort("number").select(KEYS).unique(maintain_order=True)

    assert by_number.rows() == sorted(set(results.select(KEYS).rows()))
    assert numbered["number"].n_unique() == by_number.height
