"""Indicators of indicators are counted after those they need, and never in a ring."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Position
from shared.domain.formulas import InvalidFormulaError, counting_order, parse
from shared.domain.formulas.columns import indicator_name
from shared.domain.formulas.dependencies import dependencies


def test_an_indicator_comes_after_those_it_is_counted_from() -> None:
    formulas = {
        "whole": parse("mean(indicator.first_half, indicator.second_half)"),
        "second-half": parse("indicator.first_half + results.n"),
        "first-half": parse("results.n4"),
        "alone": parse("indicator.unknown + 1"),
    }

    order = counting_order(formulas)

    assert sorted(order) == sorted(formulas)
    assert order.index("first-half") < order.index("second-half") < order.index("whole")
    assert dependencies(formulas)["whole"] == ("first-half", "second-half")
    assert dependencies(formulas)["alone"] == ()


def test_a_ring_is_named_with_the_place_of_a_reference() -> None:
    formulas = {
        "c": parse("indicator.a"),
        "b": parse("results.n + indicator.c"),
        "a": parse("1 +\n  indicator.b"),
    }

    with pytest.raises(InvalidFormulaError) as refused:
        counting_order(formulas)

    (fault,) = refused.value.faults
    assert "a → b → c → a" in fault.reason.ru
    assert "a → b → c → a" in fault.reason.en
    assert fault.column == "a"
    assert fault.position == Position(2, 3, len("indicator.b"))


def test_every_ring_is_told_also_that_of_one() -> None:
    formulas = {
        "own": parse("indicator.own + 1"),
        "x-1": parse("indicator.y"),
        "y": parse("indicator.x_1"),
    }

    with pytest.raises(InvalidFormulaError) as refused:
        counting_order(formulas)

    told = " ".join(fault.reason.en for fault in refused.value.faults)
    assert "own → own" in told
    assert "x-1 → y → x-1" in told
    assert len(refused.value.faults) == 2


@given(st.dictionaries(st.integers(0, 7), st.sets(st.integers(0, 7)), min_size=1))
def test_an_order_is_given_exactly_if_there_is_one(graph: dict[int, set[int]]) -> None:
    codes = {number: f"i-{number}" for number in graph}
    formulas = {
        codes[number]: parse(
            "+".join(["1", *(indicator_name(f"i-{other}") for other in sorted(used))])
        )
        for number, used in graph.items()
    }
    left = {number: used & graph.keys() for number, used in graph.items()}
    while free := [number for number, used in left.items() if not used & left.keys()]:
        left = {number: used for number, used in left.items() if number not in free}

    if left:
        with pytest.raises(InvalidFormulaError, match="in a ring"):
            counting_order(formulas)
        return
    order = counting_order(formulas)
    for code, used in dependencies(formulas).items():
        assert all(order.index(other) < order.index(code) for other in used)
