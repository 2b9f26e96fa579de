"""Year on year: what is stable, what does not compare, what a change weighs."""

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_effectsize, proportions_ztest

from services.scoring.engine.dynamics import dynamics, weight_of_evidence
from shared.domain.measures import Direction
from shared.domain.methods.indicators import Unit

SCHEMA = pl.Schema(
    {
        "value": pl.Float64,
        "n": pl.Int64,
        "reason": pl.String,
        "value_before": pl.Float64,
        "n_before": pl.Int64,
        "reason_before": pl.String,
        "incomparable": pl.String,
    }
)
MORE, LESS = Direction.MORE_IS_BETTER, Direction.LESS_IS_BETTER


def moved(
    now: tuple[float | None, int | None, str | None],
    before: tuple[float | None, int | None, str | None],
    *,
    unit: Unit = Unit.PERCENT,
    direction: Direction = MORE,
    tolerance: float = 0.0,
    incomparable: str | None = None,
) -> dict[str, Any]:
    row = pl.DataFrame([(*now, *before, incomparable)], schema=SCHEMA, orient="row")
    answer = dynamics(row, unit=unit, direction=direction, tolerance=tolerance)
    return answer.row(0, named=True)


@pytest.mark.parametrize(
    ("now", "before", "tolerance", "expected"),
    [
        ((60.0, 10), (50.0, 10), 0.0, "stable"),  # one pupil of ten
        ((70.0, 10), (50.0, 10), 0.0, "positive"),  # two
        ((40.0, 10), (60.0, 10), 0.0, "negative"),
        ((60.0, 100), (50.0, 10), 0.0, "stable"),  # one of the fewer
        ((60.0, 100), (50.0, 100), 10.0, "stable"),  # the tolerance, exactly
        ((61.0, 100), (50.0, 100), 10.0, "positive"),
        ((50.0, None), (50.0, None), 0.0, "stable"),
        ((50.1, None), (50.0, None), 0.0, "positive"),
    ],
)
def test_a_change_is_stable_up_to_the_tolerance_or_one_pupil(
    now: tuple[float, int], before: tuple[float, int], tolerance: float, expected: str
) -> None:
    answer = moved((*now, None), (*before, None), tolerance=tolerance)

    assert answer["dynamics"] == expected
    assert answer["change"] == now[0] - before[0]


def test_less_is_better_turns_the_sign_but_not_the_change() -> None:
    answer = moved((10.0, 50, None), (40.0, 50, None), direction=LESS)

    assert (answer["dynamics"], answer["change"]) == ("positive", -30.0)


def test_one_pupil_of_a_mean_mark_is_one_mark() -> None:
    assert moved((3.6, 10, None), (3.5, 10, None), unit=Unit.MARK)["noise"] == 0.1
    assert moved((3.6, 10, None), (3.5, 10, None), unit=Unit.POINTS)["noise"] == 0.0


@pytest.mark.parametrize(
    ("now", "before", "known", "expected"),
    [
        ((None, 0, "no_data"), (50.0, 10, None), "scale", "no_data"),
        ((50.0, 10, None), (None, None, None), "scale", "no_data"),
        (
            (50.0, 3, "too_few_participants"),
            (50.0, 10, None),
            "scale",
            "too_few_participants",
        ),
        ((50.0, 10, None), (50.0, 10, None), "season", "season"),
    ],
)
def test_what_does_not_compare_says_why_and_has_no_change(
    now: Any, before: Any, known: str, expected: str
) -> None:
    answer = moved(now, before, incomparable=known)

    assert answer == {
        "change": None,
        "noise": None,
        "dynamics": "incomparable",
        "incomparable": expected,
    }


pupils = st.integers(1, 400)


@given(pupils, pupils, st.data(), st.integers(0, 40))
def test_the_edge_is_exact_for_every_share(
    n: int, m: int, data: st.DataObject, tenths: int
) -> None:
    k, j = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    exact = Fraction(100 * k, n) - Fraction(100 * j, m)
    limit = max(Fraction(tenths, 10), Fraction(100, min(n, m)))

    answer = moved(
        (100 * k / n, n, None), (100 * j / m, m, None), tolerance=tenths / 10
    )

    expected = "positive" if exact > 0 else "negative"
    assert answer["dynamics"] == ("stable" if abs(exact) <= limit else expected)


@given(pupils, pupils, st.data())
def test_the_evidence_is_that_of_statsmodels(
    n: int, m: int, data: st.DataObject
) -> None:
    k, j = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    row = pl.DataFrame(
        {"numerator": [k], "n": [n], "numerator_before": [j], "n_before": [m]}
    )

    effect, p_value = weight_of_evidence(row).row(0)

    assert effect == pytest.approx(proportion_effectsize(k / n, j / m), abs=1e-12)
    if 0 < k + j < n + m:
        expected = proportions_ztest([k, j], [n, m])[1]
        assert p_value == pytest.approx(expected, abs=1e-12)
    else:
        assert p_value == 1.0


def test_without_pupils_there_is_no_evidence() -> None:
    rows = pl.DataFrame(
        {
            "numerator": [None, 0, 5],
            "n": [10, 0, 10],
            "numerator_before": [5, 5, None],
            "n_before": [10, 10, None],
        },
        schema=dict.fromkeys(
            ("numerator", "n", "numerator_before", "n_before"), pl.Int64
        ),
    )

    assert weight_of_evidence(rows).rows() == [(None, None)] * 3
