"""Measures of results, against hand-worked tables and numpy."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from shared.domain.measures import MEASURES
from tests.scoring.engine.result_frames import (
    content,
    frame,
    result,
    rows,
    tables,
)

KEYS = ["school_id", "procedure", "subject", "programme_grade"]


def figures(*given_rows: dict[str, Any]) -> dict[str, float | None]:
    summary = summarise(frame(*given_rows), by=[])
    return {code: summary[code].item() for code in MEASURES}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # (n2, n3, n4, n5) and ungraded: quality, success, СОУ, mean mark, low share.
        (result(marks=(1, 3, 4, 2)), (60.0, 90.0, 58.0, 3.7, 10.0)),
        (result(marks=(0, 0, 0, 4)), (100.0, 100.0, 100.0, 5.0, 0.0)),
        (result(marks=(8, 0, 0, 0)), (0.0, 0.0, 16.0, 2.0, 100.0)),
        (result(marks=(1, 1, 1, 1), ungraded=1), (40.0, 60.0, 44.6, 3.5, 20.0)),
        (result(ungraded=3), (0.0, 0.0, 7.0, None, 0.0)),
        (result(), (None,) * 5),
    ],
)
def test_measures_of_one_class_worked_by_hand(
    row: dict[str, Any], expected: tuple[float | None, ...]
) -> None:
    assert tuple(figures(row).values()) == (*expected, None)


def test_confirmed_marks_are_shares_of_the_marks_that_were_compared() -> None:
    compared = result(marks=(3, 7, 10, 5), journal=(4, 18, 2))
    only_compared = result(marks=None, n=6, journal=(1, 3, 2))

    assert figures(compared)["confirmed_marks"] == 75.0
    assert figures(compared, only_compared, result())["confirmed_marks"] == 70.0
    assert figures(only_compared)["quality_rate"] is None


def test_low_share_of_ege_counts_pupils_below_the_minimum() -> None:
    row = result(procedure="ege", marks=None, n=40, below_minimum=6)

    assert figures(row)["low_share"] == 15.0


def test_results_in_scores_alone_do_not_pull_marks_down() -> None:
    marked = result(marks=(2, 2, 4, 2))
    scored = result(procedure="ege", marks=None, n=10, below_minimum=1)

    together = figures(marked, scored)

    assert together["quality_rate"] == 60.0
    assert together["mean_mark"] == 3.6
    assert together["low_share"] == 15.0


def test_absent_marks_of_ungraded_pupils_do_not_count_beside_scores() -> None:
    scored = result(procedure="ege", marks=None, n=10, ungraded=2, below_minimum=3)

    measures = figures(scored, result(marks=(0, 1, 1, 0)))

    assert measures["quality_rate"] == 50.0
    assert measures["sou"] == 50.0
    assert measures["low_share"] == pytest.approx(300 / 14)


def test_pupils_without_a_mark_are_none_of_the_marks_where_there_are_no_marks() -> None:
    nobody = result(procedure="ege", marks=None, n=0, ungraded=3, below_minimum=0)

    measures = figures(nobody)

    assert measures["sou"] is None
    assert measures["quality_rate"] is None
    assert measures["low_share"] == 0.0


def test_a_count_below_the_minimum_goes_before_the_twos() -> None:
    row = result(procedure="ege", marks=(2, 4, 3, 1), below_minimum=3)

    assert figures(row)["low_share"] == 30.0
    assert figures(row)["success_rate"] == 80.0


def test_without_a_count_below_the_minimum_scores_have_no_low_share() -> None:
    scored = result(procedure="ege", marks=None, n=10)

    assert figures(scored)["low_share"] is None
    assert figures(scored, result(marks=(1, 0, 0, 3)))["low_share"] == 25.0


def test_every_measure_comes_with_its_own_n() -> None:
    summary = summarise(
        frame(
            result(marks=(1, 1, 1, 1), ungraded=2),
            result(procedure="ege", marks=None, n=10, below_minimum=3),
            result(procedure="ege", marks=None, n=7),
        ),
        by=[],
    )
    counted = summary.select("n_total", "n_marked", "n_graded", "n_low_of", "n_low")

    assert counted.row(0) == (23, 6, 4, 16, 4)
    assert summary.select("n_results", "n", "n_ungraded").row(0) == (3, 21, 2)
    assert summary["n_below_minimum"].item() == 3


def test_a_district_is_all_its_pupils_and_not_the_mean_of_its_schools() -> None:
    large, small = result(1, marks=(0, 90, 0, 0)), result(2, marks=(0, 0, 0, 10))

    assert figures(large, small)["quality_rate"] == 10.0


def test_nothing_summarised_is_nothing_known() -> None:
    empty = frame()

    assert summarise(empty, by=["school_id"]).is_empty()
    assert summarise(empty, by=[]).height == 1
    assert set(figures().values()) == {None}


def test_large_counts_do_not_overflow() -> None:
    full = result(marks=(0, 0, 0, 2**31 - 1))

    assert figures(*[full] * 3)["sou"] == 100.0


@given(tables, st.randoms(use_true_random=False), st.sets(st.sampled_from(KEYS)))
def test_the_order_of_rows_changes_no_byte(
    table: list[dict[str, Any]], shuffler: Any, keys: set[str]
) -> None:
    shuffled = list(table)
    shuffler.shuffle(shuffled)
    by = sorted(keys)

    once = summarise(frame(*table), by=by)
    again = summarise(frame(*shuffled), by=by)

    assert content(once) == content(again)


@given(tables)
def test_a_school_alone_has_the_figures_it_has_among_all(
    table: list[dict[str, Any]],
) -> None:
    together = summarise(frame(*table), by=["school_id"])

    for school_id in together["school_id"]:
        own = [row for row in table if row["school_id"] == school_id]
        alone = summarise(frame(*own), by=["school_id"])
        shown = together.filter(pl.col("school_id") == school_id)
        assert content(alone) == content(shown)


@given(st.lists(rows, min_size=1, max_size=25))
def test_figures_are_the_nearest_floats(table: list[dict[str, Any]]) -> None:
    for row in summarise(frame(*table), by=KEYS).iter_rows(named=True):
        good, pupils = row["n4"] + row["n5"], row["n_marked"]
        assert row["quality_rate"] == (100 * good / pupils if pupils else None)
        assert row["low_share"] == (100 * row["n2"] / pupils if pupils else None)


@given(tables)
def test_measures_stay_within_their_bounds(table: list[dict[str, Any]]) -> None:
    summary = summarise(frame(*table), by=["school_id", "procedure"])
    bounds = {"sou": (7, 100), "mean_mark": (2, 5)}

    for measure in MEASURES.values():
        low, high = bounds.get(measure.code, (0, 100))
        known = summary.filter(pl.col(measure.code).is_not_null())
        assert known[measure.code].is_between(low, high).all()
        assert not summary[measure.code].is_nan().any()
        empty = summary[measure.n_column] == 0
        assert (summary[measure.code].is_null() == empty).all()


@given(st.lists(rows, min_size=1, max_size=25))
def test_a_district_is_the_mean_of_schools_weighted_by_their_pupils(
    table: list[dict[str, Any]],
) -> None:
    schools = summarise(frame(*table), by=["school_id"])
    district = summarise(frame(*table), by=[])
    assume(district["n_graded"].item() > 0)

    for measure in MEASURES.values():
        known = schools.filter(pl.col(measure.code).is_not_null())
        if known.is_empty():
            assert district[measure.code].item() is None
            continue
        weighted = np.average(
            known[measure.code].to_numpy(), weights=known[measure.n_column].to_numpy()
        )
        assert district[measure.code].item() == pytest.approx(weighted)


@given(tables)
def test_a_district_counts_what_its_schools_count(table: list[dict[str, Any]]) -> None:
    schools = summarise(frame(*table), by=["school_id"])
    counts = [name for name in schools.columns if name.startswith("n")]

    pooled = schools.select(counts).drop("n_below_minimum").sum()
    district = summarise(frame(*table), by=[]).select(pooled.columns)

    assert_frame_equal(pooled, district)


def test_the_mean_mark_is_that_of_the_marks_themselves() -> None:
    marks = (3, 7, 11, 2)

    mean = np.mean(np.repeat([2, 3, 4, 5], marks))

    assert figures(result(marks=marks))["mean_mark"] == pytest.approx(mean)


def test_the_frame_of_results_has_the_agreed_columns() -> None:
    assert list(RESULT_SCHEMA) == list(result())
