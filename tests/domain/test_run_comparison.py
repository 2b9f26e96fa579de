"""What indicators add to a change, and why a figure differs."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import run_comparison
from shared.domain.run_comparison import (
    Because,
    Figure,
    Term,
    apportioned,
    contributions,
    reasons_between,
    rounded_change,
)

scores = st.floats(-1000, 1000, allow_nan=False)
weights = st.floats(0, 1, allow_nan=False)
terms = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.builds(Term, weight=weights, score=scores),
    max_size=8,
)


def decimal(number: float) -> Decimal:
    return Decimal(repr(number))


def summed(parts: dict[str, Term]) -> float:
    products = (Fraction(each.weight) * Fraction(each.score) for each in parts.values())
    return float(sum(products))


@given(before=terms, after=terms)
def test_contributions_add_up_with_no_remainder(
    before: dict[str, Term], after: dict[str, Term]
) -> None:
    values = (summed(before), summed(after))

    parts = contributions(before, after, values=values)

    assert parts.keys() == before.keys() | after.keys()
    if parts:
        shown = rounded_change(*values)
        assert sum(decimal(each.whole) for each in parts.values()) == decimal(shown)
    for code, each in parts.items():
        assert decimal(each.of_score) + decimal(each.of_weight) == decimal(each.whole)
        exact = _product(after.get(code)) - _product(before.get(code))
        assert each.whole == pytest.approx(exact, abs=3e-6)


def _product(term: Term | None) -> float:
    return 0.0 if term is None else term.weight * term.score


@given(parts=st.lists(st.fractions(-100, 100, max_denominator=997), min_size=1))
def test_apportioned_parts_are_never_a_unit_off(parts: list[Fraction]) -> None:
    units = apportioned(parts, sum(parts, Fraction()))

    assert all(
        abs(unit - part * 10**6) <= 1 for unit, part in zip(units, parts, strict=True)
    )


def figure(value: float | None, score: float | None, n: int = 10) -> Figure:
    return Figure(value=value, n=n, numerator=None, score=score)


@pytest.mark.parametrize(
    ("before", "after", "weights", "same_method", "expected"),
    [
        (figure(50, 80), figure(50, 80), (0.5, 0.5), True, []),
        (figure(50, 80), figure(60, 90), (0.5, 0.5), True, [Because.OWN_FIGURE]),
        (figure(50, 80), figure(50, 80, 11), (0.5, 0.5), True, [Because.OWN_FIGURE]),
        (figure(50, 80), figure(50, 70), (0.5, 0.5), True, [Because.OTHER_SCHOOLS]),
        (figure(50, 80), figure(50, 70), (0.5, 0.5), False, [Because.METHOD]),
        (figure(50, 80), figure(50, 80), (0.5, 1.0), True, [Because.WEIGHT]),
        (None, figure(50, 80), (0.0, 0.5), True, [Because.APPEARED]),
        (figure(50, 80), figure(None, None), (0.5, 0.0), True, [Because.DISAPPEARED]),
        (figure(None, None), figure(None, None), (0.0, 0.0), True, []),
    ],
)
def test_a_difference_has_its_reason(
    before: Figure | None,
    after: Figure | None,
    weights: tuple[float, float],
    expected: list[Because],
    *,
    same_method: bool,
) -> None:
    found = reasons_between(before, after, weights=weights, same_method=same_method)

    assert found == expected


def test_the_worked_examples_come_out() -> None:
    found = doctest.testmod(run_comparison)

    assert (found.failed, found.attempted > 0) == (0, True)
