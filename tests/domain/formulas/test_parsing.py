"""What belongs to what in a formula, and where a text is no formula."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.errors import Fault, InvalidInputError, Position
from shared.domain.formulas import parse
from shared.domain.formulas.parsing import DEEPEST
from shared.domain.formulas.syntax import Binary, Call, Name, Node, Number, Unary
from shared.domain.formulas.tokens import LONGEST, MOST_FAULTS


def tree(node: Node) -> Any:
    """A node without its places."""
    match node:
        case Number():
            return float(node.value)
        case Name():
            return node.name
        case Unary():
            return (node.operator, tree(node.operand))
        case Binary():
            return (node.operator, tree(node.left), tree(node.right))
        case Call():
            return (node.function, *map(tree, node.arguments))


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInputError) as refused:
        parse(text)
    assert refused.value.code == "invalid_formula"
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", ("+", "a", ("*", "b", "c"))),
        ("a - b - c", ("-", ("-", "a", "b"), "c")),
        ("a / b / c", ("/", ("/", "a", "b"), "c")),
        ("(a + b) * c", ("*", ("+", "a", "b"), "c")),
        ("-a * b", ("*", ("-", "a"), "b")),
        ("a - -b", ("-", "a", ("-", "b"))),
        ("a + b >= c * 2", (">=", ("+", "a", "b"), ("*", "c", 2.0))),
        ("not a > 1 and b", ("and", ("not", (">", "a", 1.0)), "b")),
        ("a and b or c and d", ("or", ("and", "a", "b"), ("and", "c", "d"))),
        ("a or not b or c", ("or", ("or", "a", ("not", "b")), "c")),
        ("a != b", ("!=", "a", "b")),
        ("(a>1)>=(b<2)", (">=", (">", "a", 1.0), ("<", "b", 2.0))),
        ("max(1, 2.5, -a)", ("max", 1.0, 2.5, ("-", "a"))),
        ("f()", ("f",)),
        ("results.n4*0.25", ("*", "results.n4", 0.25)),
        ("msoko.2_3", "msoko.2_3"),
        ("a\n\t+\r\nb", ("+", "a", "b")),
    ],
)
def test_a_formula_is_read_by_the_usual_precedence(text: str, expected: object) -> None:
    assert tree(parse(text).root) == expected


def test_columns_are_listed_once_in_the_order_of_the_text() -> None:
    expression = parse("b / max(a, b) + msoko.1_1")

    assert expression.columns == ("b", "a", "msoko.1_1")


@pytest.mark.parametrize(
    ("text", "position", "value", "mending"),
    [
        ("", (1, 1, 0), None, "Write, for instance"),
        ("   ", (1, 4, 0), None, "the formula is empty"),
        ("a +", (1, 3, 1), "+", "something is missing after “+”"),
        ("a + * b", (1, 5, 1), "*", "is missing before “*”"),
        ("a\n  b", (2, 3, 1), "b", "no sign between “a” and “b”"),
        ("(a + b", (1, 1, 1), "(", "Add “)”"),
        ("min(a, (b)", (1, 4, 1), "(", "Add “)”"),
        ("a + b)", (1, 6, 1), ")", "Remove it, or add “(” before"),
        ("()", (1, 2, 1), ")", "missing before “)”"),
        ("min(a,)", (1, 6, 1), ",", "something is missing after “,”"),
        ("min(, a)", (1, 5, 1), ",", "missing before “,”"),
        ("a, b", (1, 2, 1), ",", "between the arguments of a function"),
        ("(a, b)", (1, 3, 1), ",", "between the arguments of a function"),
        ("a < b < c", (1, 7, 1), "<", "“a < b and b < c”"),
        ("0,5 * a", (1, 1, 3), "0,5", "full stop: 0.5"),
        ("max(1,5)", (1, 5, 3), "1,5", "blank after the comma: 1, 5"),
        ("2a", (1, 1, 2), "2a", "write, for instance, 2 * a"),
        (".5 * a", (1, 1, 2), ".5", "is no number"),
        ("5. * a", (1, 1, 2), "5.", "is no number"),
        ("1e5 * a", (1, 1, 3), "1e5", "no sign between “1” and “e5”"),
        ("1234567890 * a", (1, 1, 10), "1234567890", "up to 9 digits"),
        ("a == b", (1, 3, 2), "==", "write “=” for “==”"),
        ("a <> b", (1, 3, 2), "<>", "write “!=” for “<>”"),
        ("a ≥ b", (1, 3, 1), "≥", "write “>=” for “≥”"),
        ("a − b", (1, 3, 1), "−", "write “-” for “−”"),
        ("a && b", (1, 3, 2), "&&", "write “and” for “&&”"),
        ("a и b", (1, 3, 1), "и", "write “and” for “и”"),
        ("a ** b", (1, 3, 2), "**", "there are no powers"),
        ("a > 50 %", (1, 8, 1), "%", "write the number alone"),
        ("а + b", (1, 1, 1), "а", "small Latin letters: a"),  # a Cyrillic letter
        ("Results.N4", (1, 1, 10), "Results.N4", "small Latin letters: results.n4"),
        ("доля + a", (1, 1, 4), "доля", "is no name of a column"),
        ("a.b. + c", (1, 1, 4), "a.b.", "small Latin letters: a.b"),
        ("a ; b", (1, 3, 1), ";", "write “,” for “;”"),
        ("a + 'b'", (1, 5, 1), "'", "is not understood here"),
        ("a\x00b", (1, 2, 1), "U+0000", "“U+0000” is not understood"),
    ],
)
def test_a_mistake_is_shown_where_it_stands(
    text: str, position: tuple[int, int, int], value: str | None, mending: str
) -> None:
    fault = faults_of(text)[0]

    assert fault.position == Position(*position)
    assert fault.value == value
    assert mending in fault.reason.en
    line, column, _ = position
    assert fault.reason.en.startswith(f"Line {line}, character {column}: ")
    assert fault.reason.ru.startswith(f"Строка {line}, знак {column}: ")


def test_all_unknown_signs_are_told_at_once() -> None:
    faults = faults_of("0,5 * a + # ≥\n“x”")

    assert [fault.value for fault in faults] == ["0,5", "#", "≥", "“", "”"]
    assert faults[-1].position == Position(2, 3, 1)


def test_of_very_many_unknown_signs_the_first_are_told() -> None:
    assert len(faults_of("#" * LONGEST)) == MOST_FAULTS


@pytest.mark.parametrize(
    "text",
    [
        "(" * LONGEST,
        "(" * (LONGEST // 2) + ")" * (LONGEST // 2),
        "-" * (LONGEST - 1) + "a",
        "not " * (LONGEST // 4 - 1) + "a",
        "f(" * (LONGEST // 2),
        "+".join("a" * (DEEPEST + 1)),
        "a+(" * (LONGEST // 3),
        "a<(" * (LONGEST // 3),
    ],
)
def test_a_formula_of_too_many_levels_is_refused(text: str) -> None:
    assert "Divide the formula" in faults_of(text)[0].reason.en


def test_a_long_sum_and_the_deepest_formula_are_read() -> None:
    parse("+".join("a" * DEEPEST))
    parse("(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1))
    parse(f"sum({', '.join('a' * 300)})")


def test_a_formula_that_is_too_long_is_refused_whole() -> None:
    (fault,) = faults_of("a" * (LONGEST + 1))

    assert fault.position == Position(1, LONGEST + 1, 1)
    assert f"longer than {LONGEST}" in fault.reason.en


WORDS = (
    *("a", "results.n4", "msoko.1_1", "1", "0.5", "0,5", ".5", "1e5", "я", "%", "\0"),
    *("(", ")", "[", ",", "+", "-", "*", "/", "<", "<=", ">", ">=", "=", "!=", "=="),
    *("and", "or", "not", "if(", "max(", "share(", "\n", "\U0001f600"),
)
pieces = st.sampled_from(WORDS)
texts = st.lists(pieces, max_size=60).map(" ".join) | st.text(max_size=200)


@settings(max_examples=200)
@given(texts)
def test_any_text_is_a_formula_or_is_refused_with_places_within_it(text: str) -> None:
    try:
        expression = parse(text)
    except InvalidInputError as refused:
        lines = text.split("\n")
        for fault in refused.faults:
            assert fault.position is not None
            line = lines[fault.position.line - 1]
            assert 1 <= fault.position.column <= len(line) + 1
    else:
        assert parse(str(expression)) == expression
