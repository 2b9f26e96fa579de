"""Formulas at random, and what they come to in exact arithmetic, row by row."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from hypothesis import strategies as st

from shared.domain.formulas.syntax import Binary, Call, Name, Node, Number, Unary

Value: TypeAlias = Fraction | bool | None
Row: TypeAlias = Mapping[str, Fraction | None]
COLUMNS = ("a", "b.c", "d_1")
# Floats cannot tell figures apart that differ by less than this of their size.
CLOSE = Fraction(1, 10**6)


class UndecidedError(Exception):
    """Two exact figures are so near that floats may take them for equal."""


def value_of(node: Node, row: Row) -> Value:
    """Return what a formula comes to for a school; None is missing."""
    match node:
        case Number():
            return node.value
        case Name():
            return row[node.name]
        case Unary():
            return unary(node.operator, value_of(node.operand, row))
        case Binary():
            return binary(
                node.operator, value_of(node.left, row), value_of(node.right, row)
            )
        case Call():
            return called(node, [value_of(each, row) for each in node.arguments])


def unary(sign: str, operand: Value) -> Value:
    if operand is None:
        return None
    return (not operand) if sign == "not" else -Fraction(operand)


def kleene(sign: str, left: Value, right: Value) -> Value:
    decisive = sign == "or"
    if decisive in (left, right):
        return decisive
    return None if None in (left, right) else not decisive


def binary(sign: str, left: Value, right: Value) -> Value:
    if sign in ("and", "or"):
        return kleene(sign, left, right)
    if left is None or right is None:
        return None
    one, other = Fraction(left), Fraction(right)
    if sign in PLAIN:
        return PLAIN[sign](one, other)
    if sign == "/":
        refuse_near(other, Fraction(0))
        return one / other if other else None
    refuse_near(one, other)
    return COMPARISONS[sign](one, other)


def called(call: Call, given: list[Value]) -> Value:
    if call.function == "if":
        return given[0] if given[0] is None else given[1 if given[0] else 2]
    if call.function == "coalesce":
        return next((value for value in given if value is not None), None)
    if None in given:
        return None
    figures = [Fraction(value) for value in given if value is not None]
    if call.function == "share":
        part, whole = figures
        refuse_near(whole, Fraction(0))
        return Fraction(100) * part / whole if whole > 0 else None
    return FUNCTIONS[call.function](figures)


PLAIN: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARISONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
FUNCTIONS: Mapping[str, Callable[[list[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "sum": lambda figures: sum(figures, Fraction(0)),
    "mean": lambda figures: sum(figures, Fraction(0)) / len(figures),
    "abs": lambda figures: abs(figures[0]),
}


def refuse_near(left: Fraction, right: Fraction) -> None:
    size = max(Fraction(1), abs(left), abs(right))
    if left != right and abs(left - right) <= CLOSE * size:
        raise UndecidedError


_literals = st.integers(0, 200).map(str) | st.sampled_from(["0.5", "0.1", "0.2", "36"])
_columns = st.sampled_from(COLUMNS)


def _numbers(
    numbers: st.SearchStrategy[str], conditions: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    several = st.lists(numbers, min_size=2, max_size=3).map(", ".join)
    return (
        st.builds("({} {} {})".format, numbers, st.sampled_from("+-*/"), numbers)
        | st.builds("-{}".format, numbers)
        | st.builds("abs({})".format, numbers)
        | st.builds("share({}, {})".format, numbers, numbers)
        | st.builds("if({}, {}, {})".format, conditions, numbers, numbers)
        | st.builds(
            "{}({})".format,
            st.sampled_from(["min", "max", "sum", "mean", "coalesce"]),
            several,
        )
    )


def _conditions(
    numbers: st.SearchStrategy[str], conditions: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    return (
        st.builds("({} {} {})".format, numbers, signs, numbers)
        | st.builds("(not {})".format, conditions)
        | st.builds(
            "({} {} {})".format, conditions, st.sampled_from(["and", "or"]), conditions
        )
        | st.builds("coalesce({}, {})".format, conditions, conditions)
    )


_leaf_conditions = st.builds("({} > {})".format, _columns, _literals | _columns)
_numbers_1 = _numbers(_columns | _literals, _leaf_conditions) | _columns
_conditions_1 = _conditions(_numbers_1, _leaf_conditions)
_numbers_2 = _numbers(_numbers_1 | _literals, _conditions_1)
conditions = _conditions(_numbers_2, _conditions_1)
numbers = _numbers(_numbers_2 | _literals, conditions)

cells = st.none() | st.integers(0, 60) | st.sampled_from([0.5, 12.5, 64.4, 35.6])
rows = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8)
