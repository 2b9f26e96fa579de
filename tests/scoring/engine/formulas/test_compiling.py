"""A formula counted over columns is the formula counted by hand, row by row."""

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.engine.formulas import compile_formula
from shared.domain.formulas import parse
from shared.domain.formulas.syntax import children_of
from tests.scoring.engine.formulas import trees
from tests.scoring.engine.formulas.trees import COLUMNS

Cells = list[tuple[float | None, ...]]


def counted(text: str, rows: Cells) -> list[Any]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.Float64), orient="row")
    return frame.select(compile_formula(parse(text))).to_series().to_list()


def exactly(cell: float | None) -> Fraction | None:
    return None if cell is None else Fraction(str(cell))


@settings(max_examples=150)
@given(trees.numbers, trees.rows)
def test_a_number_is_what_exact_arithmetic_gives(text: str, rows: Cells) -> None:
    root = parse(f"{text} + 0 * a").root  # always with a column
    answers = counted(f"{text} + 0 * a", rows)

    for cells, answer in zip(rows, answers, strict=True):
        row = dict(zip(COLUMNS, map(exactly, cells), strict=True))
        try:
            expected = trees.value_of(root, row)
        except trees.UndecidedError:
            continue
        if expected is None:
            assert answer is None
        else:
            assert answer is not None
            noise = float(trees.CLOSE) * largest_part(root, row)
            assert abs(answer - float(expected)) <= noise


def largest_part(node: Any, row: trees.Row) -> float:
    """The largest figure on the way: what floats lose is relative to that."""
    own = trees.value_of(node, row)
    below = (largest_part(child, row) for child in children_of(node))
    return max(1.0, *below, abs(float(own or 0)))


@settings(max_examples=150)
@given(trees.conditions, trees.rows)
def test_a_condition_is_what_three_valued_logic_gives(text: str, rows: Cells) -> None:
    text = f"({text} and a = a) or ({text} and b.c = b.c)"
    root = parse(text).root
    answers = counted(text, rows)

    for cells, answer in zip(rows, answers, strict=True):
        row = dict(zip(COLUMNS, map(exactly, cells), strict=True))
        try:
            expected = trees.value_of(root, row)
        except trees.UndecidedError:
            continue
        assert answer is expected


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("a / b.c", (1.0, 0.0, None), None),
        ("0 / a", (0.0, None, None), None),
        ("share(a, b.c)", (1.0, -2.0, None), None),
        ("a + b.c", (1.0, None, None), None),
        ("coalesce(a, 0) + b.c", (None, 2.0, None), 2.0),
        ("min(a, b.c)", (1.0, None, None), None),
        ("a > b.c", (1.0, None, None), None),
        ("a > 0 and b.c > 0", (0.0, None, None), False),
        ("a > 0 and b.c > 0", (1.0, None, None), None),
        ("a > 0 or b.c > 0", (1.0, None, None), True),
        ("a > 0 or b.c > 0", (0.0, None, None), None),
        ("not a > 0", (None, None, None), None),
        ("if(a > 0, 1, 2)", (None, None, None), None),
        ("if(a > 0, 1, b.c)", (5.0, None, None), 1.0),
        # Noise of floats makes no difference, and 0.1 + 0.2 is 0.3.
        ("a + b.c = 0.3", (0.1, 0.2, None), True),
        ("a + b.c > 0.3", (0.1, 0.2, None), False),
        ("1 / (a + b.c - 0.3)", (0.1, 0.2, None), None),
        ("a - b.c * 1000 = 1", (1e9 + 1, 1e6, None), True),
        ("round(a / b.c, 2)", (1.0, 8.0, None), 0.13),
        ("round(-a)", (0.5, None, None), -1.0),
        ("round(a / 0.3, 0)", (None, None, None), None),
        # Never infinite, whatever is multiplied or stood in the column.
        ("a * a * a", (1e150, None, None), None),
        ("if(a * a > 1, 1, 0)", (1e200, None, None), None),
        ("1 / a", (float("inf"), None, None), None),
        ("a > 1", (float("inf"), None, None), None),
        ("a = a", (float("nan"), None, None), None),
    ],
)
def test_what_is_missing_or_impossible_is_null(
    text: str, row: tuple[float | None, ...], expected: object
) -> None:
    assert counted(text, [row, row]) == [expected, expected]


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_a_quotient_is_the_float_nearest_to_the_truth(part: int, whole: int) -> None:
    frame = pl.DataFrame({"a": [part, part], "b.c": [whole, whole]})
    cases = {
        f"a / {whole}": Fraction(part, whole),
        "a / b.c": Fraction(part, whole),
        "share(a, b.c)": Fraction(100 * part, whole),
        f"share(a, {whole})": Fraction(100 * part, whole),
        "mean(a, b.c)": Fraction(part + whole, 2),
        "mean(a, a, b.c)": Fraction(2 * part + whole, 3),
    }

    answers = frame.select(
        compile_formula(parse(text)).alias(text) for text in cases
    ).row(1, named=True)

    assert answers == {text: float(exact) for text, exact in cases.items()}


def test_a_hundredth_is_exact_for_every_count() -> None:
    counts = range(10**5)
    frame = pl.DataFrame({"a": counts})

    answers = frame.select(compile_formula(parse("a / 100"))).to_series().to_list()

    assert answers == [count / 100 for count in counts]


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Int16, pl.UInt32, pl.Float32])
def test_counts_of_any_width_do_not_overflow(dtype: Any) -> None:
    frame = pl.DataFrame({"a": [30_000, None]}, schema={"a": dtype})

    answers = frame.select(compile_formula(parse("a * a * a * a * 0.5")))

    assert answers.to_series().to_list() == [30_000**4 / 2, None]


def test_a_formula_is_counted_alike_in_any_frame() -> None:
    formula = compile_formula(parse("a / b.c + d_1")).alias("formula")
    rows = [(float(row % 7), float(row % 5), row / 3) for row in range(1000)]
    frame = pl.DataFrame(rows, schema=[*COLUMNS], orient="row")
    whole = frame.select(formula)

    pieces = [frame.slice(start, 77).select(formula) for start in range(0, 1000, 77)]
    lazily = frame.lazy().with_columns(formula).select("formula").collect()

    assert pl.concat(pieces).equals(whole)
    assert lazily.equals(whole)
    assert frame.head(0).select(formula).schema == {"formula": pl.Float64}
    assert frame.head(1).select(formula).equals(whole.head(1))


@pytest.mark.parametrize(
    "text",
    [
        "+".join(["a"] * 50),
        "-" * 45 + "a",
        "if(" * 20 + "a > 1" + ", a > 2, a > 3)" * 20,
        "(" * 40 + "a" + "/a)" * 40,
        f"sum({', '.join(['a'] * 500)})",
    ],
)
def test_the_deepest_and_longest_formulas_are_counted(text: str) -> None:
    rows: Cells = [(1.0, None, None), (None, None, None)]

    known, missing = counted(text, rows)

    assert known is not None
    assert missing is None
