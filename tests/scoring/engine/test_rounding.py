"""Figures are rounded half away from zero, checked against exact decimals."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.rounding import rounded, rounded_figure


def by_decimal(part: int, whole: int) -> float:
    share = Fraction(100 * part, whole)
    hundredths = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return float(hundredths.quantize(Decimal(1), ROUND_HALF_UP) / 100)


@given(
    st.integers(1, 10**6).flatmap(
        lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
    )
)
def test_a_share_is_rounded_as_exact_decimals_are(share: tuple[int, int]) -> None:
    part, whole = share

    assert rounded_figure(100 * part / whole) == by_decimal(part, whole)


@pytest.mark.parametrize("part", range(1, 800, 2))
def test_exact_halves_go_up(part: int) -> None:
    # Odd 800ths are 0.125 % apart from each other, so every one ends on a half.
    assert rounded_figure(100 * part / 800) == by_decimal(part, 800)


@given(st.lists(st.floats(-1e4, 1e4)))
def test_a_column_and_a_single_figure_round_alike(values: list[float]) -> None:
    column = pl.DataFrame({"x": values}, schema={"x": pl.Float64})

    answer = column.select(rounded(pl.col("x"))).to_series().to_list()

    assert answer == [rounded_figure(value) for value in values]


def test_noise_does_not_part_equal_figures() -> None:
    assert rounded_figure(0.1 + 0.2) == rounded_figure(0.3)
    assert rounded_figure(100 * (1 - 0.335)) == rounded_figure(66.5)


def test_a_tiny_negative_figure_has_no_sign() -> None:
    assert str(rounded_figure(-0.001)) == "0.0"
    column = pl.DataFrame({"x": [-0.001]}).select(rounded(pl.col("x")))
    assert str(column.item()) == "0.0"
