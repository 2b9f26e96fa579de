"""Whose band hangs on the weights, against a brute-force checker."""

import math
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.composite.sensitivity import (
    sensitivity,
    shifted_weights,
)
from shared.domain.methods.composites import Grid
from tests.scoring.engine.composite.test_weighing import composite

GRID = Grid(status=(20.0, 40.0, 60.0, 80.0), change=(-2.0, -1.0, 1.0, 2.0))
TWO = composite({"x": (1.0, {"a": 3.0, "b": 1.0}), "y": (3.0, {"c": 1.0})}, least=0.0)
WEIGHTS = {"x": 1.0, "y": 3.0, "x/a": 3.0, "x/b": 1.0}
NAN = math.nan


def found(
    columns: dict[str, list[float]], whose: list[int], grid: Grid | None = GRID
) -> list[tuple[Any, ...]]:
    schools = pl.DataFrame({"municipality_id": whose})
    arrays = {code: np.array(column) for code, column in columns.items()}
    return sensitivity(schools, arrays, composite=TWO, grid=grid).rows()


def test_weights_without_others_beside_them_are_not_shifted() -> None:
    alone = composite({"x": (1.0, {"a": 3.0})})

    assert shifted_weights(TWO) == ["x", "y", "x/a", "x/b"]
    assert shifted_weights(alone) == []
    assert sensitivity(
        pl.DataFrame({"municipality_id": [1]}),
        {"a": np.array([50.0])},
        composite=alone,
        grid=GRID,
    ).rows() == [(3, "", 0.0)]


def test_a_school_at_a_cut_hangs_on_the_weights_and_one_far_from_it_does_not() -> None:
    """0.25·80 + 0.75·26⅔ is 40: less of y or more of x lifts it, else it falls."""
    columns = {"a": [80.0, 50.0], "b": [80.0, 50.0], "c": [80 / 3, 50.0]}

    (at_cut, far) = found(columns, [1, 1])

    assert (at_cut[0], at_cut[1]) == (3, "x- y+")
    assert 0.3 < at_cut[2] < 0.7
    assert far == (3, "", 0.0)


def test_without_a_composite_there_is_no_band() -> None:
    assert found({"a": [NAN], "b": [NAN], "c": [NAN]}, [1]) == [(None, None, None)]


def test_without_a_grid_a_band_is_a_fifth_of_the_ranked() -> None:
    same = [float(score) for score in range(10)]
    columns = {"a": same, "b": same, "c": same}

    bands = [row[0] for row in found(columns, [1] * 10, grid=None)]

    assert bands == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def brute_force(
    school: dict[str, float], weights: dict[str, float], cuts: tuple[float, ...]
) -> int:
    def mean(parts: list[tuple[float, float]]) -> float:
        there = [(score, weight) for score, weight in parts if not math.isnan(score)]
        whole = sum(weight for _, weight in there)
        return sum(s * w for s, w in there) / whole if there else NAN

    x = mean([(school["a"], weights["x/a"]), (school["b"], weights["x/b"])])
    total = mean([(x, weights["x"]), (school["c"], weights["y"])])
    return 0 if math.isnan(total) else 1 + sum(total >= cut - 1e-10 for cut in cuts)


scores = st.integers(0, 100).map(float) | st.just(NAN)


@settings(max_examples=60)
@given(st.lists(st.tuples(scores, scores, scores), min_size=1, max_size=6))
def test_single_shifts_are_those_of_brute_force(
    rows: list[tuple[float, float, float]],
) -> None:
    columns = {code: [row[i] for row in rows] for i, code in enumerate("abc")}

    answer = found(columns, [1] * len(rows))

    for row, (band, moved_by, _) in zip(rows, answer, strict=True):
        school = dict(zip("abc", row, strict=True))
        base = brute_force(school, WEIGHTS, GRID.status)
        expected = {
            f"{code}{sign}"
            for code in WEIGHTS
            for sign, factor in (("+", 1.1), ("-", 0.9))
            if brute_force(
                school, WEIGHTS | {code: WEIGHTS[code] * factor}, GRID.status
            )
            != base
        }
        assert (band or 0) == base
        assert set((moved_by or "").split()) == expected


@settings(max_examples=20)
@given(
    st.lists(st.tuples(scores, scores, scores), min_size=2, max_size=6),
    st.sampled_from([GRID, None]),
)
def test_other_municipalities_change_no_bit(
    rows: list[tuple[float, float, float]], grid: Grid | None
) -> None:
    columns = {code: [row[i] for row in rows] for i, code in enumerate("abc")}
    double = {code: column * 2 for code, column in columns.items()}
    whose = [1] * len(rows) + [2] * len(rows)

    alone = found(columns, [2] * len(rows), grid)

    assert repr(found(double, whose, grid)[len(rows) :]) == repr(alone)
