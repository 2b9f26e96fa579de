"""What the numbers of a result must satisfy among themselves."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.result_figures import (
    LARGEST_SCORE,
    ResultFigures,
    figure_faults,
    mean_of,
)

MARKED = ResultFigures(
    n=25,
    n2=3,
    n3=7,
    n4=10,
    n5=5,
    n_lower=4,
    n_equal=18,
    n_higher=2,
    mean_primary_score=11.04,
    max_primary_score=20,
    score_counts={0: 1, 5: 4, 12: 18, 20: 2},
    observed=True,
)
SCORED = ResultFigures(
    n=12, n_below_minimum=1, mean_primary_score=20, mean_test_score=61.5
)


def blamed(figures: ResultFigures, *, marked: bool = True) -> list[Any]:
    found = figure_faults(figures, marked=marked)
    assert all(fault.reason.ru and fault.reason.en for fault in found)
    return [(fault.column, fault.value) for fault in found]


@pytest.mark.parametrize(
    "figures",
    [
        MARKED,
        SCORED,
        replace(SCORED, mean_primary_score=None, mean_test_score=None),
        ResultFigures(n=24, n_lower=2, n_equal=20, n_higher=2),
        ResultFigures(n=24, n_lower=2, n_equal=20, n_higher=2, n_gap_2=4),
        ResultFigures(n=3, score_counts={7: 3}),
        ResultFigures(n=0, n_absent=4, n2=0, n3=0, n4=0, n5=0),
        replace(MARKED, mean_primary_score=11.0, n_ungraded=2),
        replace(MARKED, score_counts={12: 27}, mean_primary_score=12, n_ungraded=2),
    ],
)
def test_marks_scores_or_a_comparison_are_enough_to_tell_a_result(
    figures: ResultFigures,
) -> None:
    assert blamed(figures) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n2": None}, [("n2", None)]),
        ({"n4": 11}, [("n", "25")]),
        ({"n_lower": -1}, [("n_lower", "-1")]),
        ({"n_higher": None}, [("n_higher", None)]),
        ({"n_lower": 6}, [("n_equal", "18")]),
        ({"n_gap_2": 7}, [("n_gap_2", "7")]),
        ({"n_gap_2": -1}, [("n_gap_2", "-1")]),
        ({"n_below_minimum": 26}, [("n_below_minimum", "26")]),
        ({"max_primary_score": 19}, [("score_counts", "20")]),
        ({"max_primary_score": float("inf")}, [("max_primary_score", "inf")]),
        ({"mean_primary_score": float("nan")}, [("mean_primary_score", "nan")] * 2),
        ({"mean_primary_score": 11.2}, [("mean_primary_score", "11.2")]),
        ({"mean_test_score": 100.5}, [("mean_test_score", "100.5")]),
        ({"score_counts": {-1: 1}, "mean_primary_score": -1}, None),
        ({"score_counts": {LARGEST_SCORE + 1: 1}, "max_primary_score": None}, None),
        ({"score_counts": {3: -1, 4: 2}}, None),
        ({"score_counts": {11: 26}}, [("score_counts", "26")]),
    ],
)
def test_each_contradiction_names_its_field_and_what_was_sent(
    changes: dict[str, Any], expected: list[Any] | None
) -> None:
    found = blamed(replace(MARKED, **changes))

    if expected is None:
        assert "score_counts" in dict(found)
    else:
        assert found == expected


def test_a_marked_procedure_needs_marks_where_nothing_else_is_told() -> None:
    bare = ResultFigures(n=10)

    assert [column for column, _ in blamed(bare)] == ["n2", "n3", "n4", "n5"]
    assert blamed(bare, marked=False) == []


@given(
    st.dictionaries(st.integers(0, 60), st.integers(1, 40), min_size=1),
    st.integers(0, 5),
)
def test_a_distribution_with_its_own_mean_is_sound(
    counts: dict[int, int], ungraded: int
) -> None:
    pupils = sum(counts.values())
    figures = ResultFigures(
        n=pupils - min(ungraded, pupils),
        n_ungraded=min(ungraded, pupils),
        mean_primary_score=round(mean_of(counts) or 0, 1),
        max_primary_score=60,
        score_counts=counts,
    )

    assert blamed(figures) == []
    assert asdict(figures)["score_counts"] == counts


def test_nobody_has_no_mean() -> None:
    assert mean_of({}) is None


def test_a_gap_is_told_only_with_the_comparison_itself() -> None:
    figures = ResultFigures(n=3, score_counts={7: 3}, n_gap_2=0)

    assert [
        (each.column, each.value) for each in figure_faults(figures, marked=True)
    ] == [("n_gap_2", "0")]
