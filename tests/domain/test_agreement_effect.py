"""The difference of differences, held against statsmodels."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.agreement_effect import (
    FEWEST_PUPILS,
    REASONS,
    Change,
    EffectReason,
    change_of_rates,
    difference_in_differences,
)
from shared.domain.measures import Direction
from shared.domain.rates import Rate

POINTS = st.floats(-100, 100).map(lambda each: round(each, 2))
FIFTH, SIXTH = ("vpr", "mathematics", 5), ("vpr", "mathematics", 6)


@given(POINTS, st.lists(POINTS, min_size=3, max_size=12))
def test_the_effect_is_the_coefficient_of_a_regression_of_the_changes(
    own: float, others: list[float]
) -> None:
    found = difference_in_differences(own, others)
    has_agreement = np.array([1.0, *[0.0] * len(others)])
    fitted: Any = sm.OLS([own, *others], sm.add_constant(has_agreement)).fit()
    low, high = fitted.conf_int(alpha=0.05)[1]
    assert found.effect == pytest.approx(fitted.params[1], abs=1e-9)
    assert found.standard_error == pytest.approx(fitted.bse[1], abs=1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)
    assert found.degrees_of_freedom == fitted.df_resid


def test_it_is_the_interaction_of_a_panel_of_schools_and_years() -> None:
    before, after = [40.0, 35.0, 30.0, 38.0], [22.0, 33.0, 31.0, 34.0]
    found = difference_in_differences(
        after[0] - before[0],
        [new - old for old, new in zip(before[1:], after[1:], strict=True)],
    )
    schools = np.eye(4)
    rows = [
        [*schools[school], late, late * (school == 0)]
        for late in (0, 1)
        for school in range(4)
    ]
    fitted: Any = sm.OLS([*before, *after], np.array(rows, dtype=float)).fit()
    assert found.effect == pytest.approx(fitted.params[-1])
    assert found.standard_error == pytest.approx(fitted.bse[-1])


@pytest.mark.parametrize(
    ("own", "direction", "reading"),
    [
        (-20.0, Direction.LESS_IS_BETTER, "better"),
        (20.0, Direction.LESS_IS_BETTER, "worse"),
        (20.0, Direction.MORE_IS_BETTER, "better"),
        (2.0, Direction.MORE_IS_BETTER, "not_distinguishable"),
    ],
)
def test_only_an_interval_without_zero_is_read(
    own: float, direction: Direction, reading: str
) -> None:
    found = difference_in_differences(own, [0.0, 1.0, 2.0])
    assert found.reading(direction) == reading


def test_the_spread_of_one_change_is_unknown() -> None:
    with pytest.raises(ValueError, match="unknown"):
        difference_in_differences(1, [2])


def test_only_what_was_taken_in_both_years_is_counted() -> None:
    before = {FIFTH: Rate(6, 20), SIXTH: Rate(10, 10)}
    after = {FIFTH: Rate(3, 30)}
    assert change_of_rates(before, after) == Change(30.0, 10.0, 20, 30)


FEW = Rate(1, FEWEST_PUPILS - 1)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({}, {FIFTH: FEW}, EffectReason.NO_RESULTS_BEFORE),
        ({FIFTH: FEW}, {}, EffectReason.NO_RESULTS_AFTER),
        ({FIFTH: FEW}, {SIXTH: FEW}, EffectReason.NOTHING_ALIKE),
        ({FIFTH: FEW}, {FIFTH: Rate(1, 50)}, EffectReason.TOO_FEW_PUPILS),
    ],
)
def test_without_enough_there_is_a_reason_and_no_change(
    before: dict[Any, Rate], after: dict[Any, Rate], reason: EffectReason
) -> None:
    assert change_of_rates(before, after) is reason
    assert REASONS[reason].ru
