"""Whether a formula that can be read makes sense, and every place where not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Fault, Position, Text
from shared.domain.formulas import (
    Checked,
    InvalidFormulaError,
    Type,
    Unit,
    check,
    parse,
)
from shared.domain.formulas.catalogue import CATALOGUE
from shared.domain.formulas.columns import indicator_column, indicator_name

NUMBER, BOOLEAN = Type.NUMBER, Type.BOOLEAN


def unit_of(text: str) -> Unit:
    return check(parse(text), CATALOGUE, NUMBER).unit


def faults_of(text: str, wanted: Type = NUMBER) -> tuple[Fault, ...]:
    with pytest.raises(InvalidFormulaError) as refused:
        check(parse(text), CATALOGUE, wanted)
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("results.n4 + results.n5", Unit.PERSONS),
        ("results.n4 + 1", Unit.PERSONS),
        ("-results.n4", Unit.PERSONS),
        ("results.n4 / results.n_marked", Unit.ONE),
        ("100 * results.n4 / results.n_marked", Unit.PERCENT),
        ("100 * (results.n4 / results.n_marked)", Unit.PERCENT),
        ("results.n4 * 100 / results.n_marked", Unit.PERCENT),
        ("share(results.n4, results.n_marked)", Unit.PERCENT),
        ("100 - staff.no_category_percent", Unit.PERCENT),
        ("staff.no_category_percent / 100", Unit.ONE),
        ("enrolment.pupils * passport.bussed_percent / 100", Unit.PERSONS),
        ("msoko.2_3 - msoko.1_1", Unit.PERCENT),
        ("results.mean_mark - 3", Unit.MARKS),
        ("mean(staff.load_min_hours, staff.load_max_hours)", Unit.HOURS),
        ("max(vacancies.count, 0)", Unit.ITEMS),
        ("abs(results.n4 - results.n5)", Unit.PERSONS),
        ("round(results.quality_rate, 1)", Unit.PERCENT),
        ("if(results.n > 0, results.sou, 0)", Unit.PERCENT),
        ("coalesce(results.sou, results.quality_rate)", Unit.PERCENT),
        ("enrolment.pupils / enrolment.pupils * results.n", Unit.PERSONS),
        ("vacancies.hours / vacancies.hours", Unit.ONE),
        # Weights leave open what the sum is in.
        ("(5*results.n5 + 4*results.n4) / results.n_graded", Unit.ANY),
        ("0.3 * results.sou + 0.7 * results.quality_rate", Unit.ANY),
        ("vacancies.hours / staff.teachers", Unit.ANY),
        ("if(results.n > 0, 1, 0)", Unit.ANY),
        ("results.n * results.n", Unit.ANY),
    ],
)
def test_the_unit_of_a_formula_follows_from_those_of_its_columns(
    text: str, unit: Unit
) -> None:
    assert unit_of(text) is unit


def test_what_a_sound_formula_is_counted_from_is_told() -> None:
    text = "share(results.n_low, results.n_low_of) > 30 and msoko.1_1 < 50"
    checked = check(parse(text), CATALOGUE, BOOLEAN)

    assert checked.type is BOOLEAN
    assert checked.columns == ("results.n_low", "results.n_low_of", "msoko.1_1")
    assert checked.n_columns == ("results.n_low_of",)


@pytest.mark.parametrize(
    ("text", "position", "value", "told"),
    [
        (
            "results.n44 + 1",
            (1, 1, 11),
            "results.n44",
            "there is no column “results.n44”. Perhaps “results.n4” is meant.",
        ),
        ("msoko.1.1 + 1", (1, 1, 9), "msoko.1.1", "there is no column “msoko.1.1”"),
        ("max + 1", (1, 1, 3), "max", "It is a function: max(a, b, …)."),
        (
            "1 +\n sher(results.n4, results.n)",
            (2, 2, 4),
            "sher",
            "no function “sher”. Perhaps “share” is meant. There are: min,",
        ),
        (
            "share(results.n4)",
            (1, 1, 17),
            "share(results.n4)",
            "share has 1 arguments here; it is written share(a, b).",
        ),
        (
            "results.n4 + passport.bussed_percent",
            (1, 1, 36),
            "results.n4 + passport.bussed_percent",
            "“results.n4” is in persons, “passport.bussed_percent” in per cent.",
        ),
        (
            "results.n4 / results.n + results.sou",
            (1, 1, 36),
            "results.n4 / results.n + results.sou",
            "Multiply the ratio by 100",
        ),
        (
            "results.n * results.n + results.n",
            (1, 1, 33),
            "results.n * results.n + results.n",
            "“results.n * results.n” is in persons^2, “results.n” in persons.",
        ),
        (
            "vacancies.hours / staff.teachers - vacancies.hours",
            (1, 1, 50),
            "vacancies.hours / staff.teachers - vacan…",
            "is in hours / persons,",
        ),
        (
            "max(0, results.n, results.sou)",
            (1, 1, 30),
            "max(0, results.n, results.sou)",
            "“results.n” is in persons, “results.sou” in per cent",
        ),
        (
            "share(results.n, enrolment.classes)",
            (1, 1, 35),
            "share(results.n, enrolment.classes)",
            "“enrolment.classes” in items",
        ),
        (
            "if(results.n > results.sou, 1, 2)",
            (1, 4, 23),
            "results.n > results.sou",
            "the units do not go together",
        ),
        (
            "if(results.n, 1, 2)",
            (1, 4, 9),
            "results.n",
            "Compare: results.n > 0.",
        ),
        (
            "(results.n > 1) + 1",
            (1, 1, 15),
            "(results.n > 1)",
            "Write if((results.n > 1), 1, 0).",
        ),
        ("results.n / 0", (1, 13, 1), "0", "divided by zero"),
        ("results.n / (2 - 1 * 2)", (1, 13, 11), "(2 - 1 * 2)", "divided by zero"),
        ("share(results.n, 0)", (1, 18, 1), "0", "divided by zero"),
        ("round(results.sou, 1.5)", (1, 20, 3), "1.5", "whole number from 0 to 6"),
        (
            "round(results.sou, results.n)",
            (1, 20, 9),
            "results.n",
            "whole number from 0 to 6",
        ),
        ("1 + 2", (1, 1, 5), "1 + 2", "names no column"),
        ("results.n > 1", (1, 1, 13), "results.n > 1", "a number is needed here"),
    ],
)
def test_a_mistake_of_meaning_is_shown_where_it_stands(
    text: str, position: tuple[int, int, int], value: str, told: str
) -> None:
    (fault,) = faults_of(text)

    assert fault.position == Position(*position)
    assert fault.value == value
    assert told in fault.reason.en
    assert f"Строка {position[0]}, знак {position[1]}: " in fault.reason.ru


def test_all_mistakes_are_told_in_the_order_of_the_text() -> None:
    text = "reslts.n4 + shar(results.n, nothing.such) / 0\n+ (msoko.0_1 > 2)"

    faults = faults_of(text)

    assert [fault.value for fault in faults] == [
        "reslts.n4",
        "shar",
        "nothing.such",
        "0",
        "(msoko.0_1 > 2)",
        "msoko.0_1",
    ]
    with pytest.raises(InvalidFormulaError) as refused:
        check(parse(text), CATALOGUE, NUMBER)
    assert "Further mistakes: 5." in refused.value.detail.en
    assert "Ещё ошибок: 5." in refused.value.detail.ru


def test_a_number_is_no_condition() -> None:
    (fault,) = faults_of("results.n", BOOLEAN)

    assert "a condition is needed here" in fault.reason.en


@pytest.mark.parametrize(
    "text", ["coalesce(results.n > 1, results.sou)", "not msoko.1_1"]
)
def test_numbers_and_conditions_do_not_mix(text: str) -> None:
    (fault,) = faults_of(text, BOOLEAN)

    assert "a condition is needed here" in fault.reason.en


def test_an_indicator_is_a_column_of_others() -> None:
    title = Text("Подвоз", "Bussed")
    column = indicator_column("bussed-share", title, Unit.PERCENT)
    columns = CATALOGUE.with_columns(column)

    checked = check(parse("100 - indicator.bussed_share"), columns)

    assert checked.columns == (indicator_name("bussed-share"),)
    assert checked.unit is Unit.PERCENT
    with pytest.raises(InvalidFormulaError, match="there is no column"):
        check(parse("100 - indicator.bussed_share"), CATALOGUE)


names = st.sampled_from([*CATALOGUE, "msoko.3_1", "no.such", "max"])
leaves = names | st.integers(0, 120).map(str) | st.just("0.25")


def _combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", "<", ">=", "=", "and", "or"])
    functions = st.sampled_from(
        ["min", "max", "sum", "mean", "abs", "round", "if", "coalesce", "share", "x"]
    )
    return (
        st.builds("({} {} {})".format, parts, signs, parts)
        | st.builds("not {}".format, parts)
        | st.builds(
            lambda name, given: f"{name}({', '.join(given)})",
            functions,
            st.lists(parts, max_size=4),
        )
    )


def outcome(text: str, wanted: Type) -> Any:
    try:
        return check(parse(text), CATALOGUE, wanted)
    except InvalidFormulaError as refused:
        return [(fault.position, fault.reason) for fault in refused.faults]


@given(st.recursive(leaves, _combined, max_leaves=12), st.sampled_from(Type))
def test_any_formula_is_sound_or_told_why_not_and_always_the_same(
    text: str, wanted: Type
) -> None:
    found = outcome(text, wanted)

    assert found == outcome(text, wanted)
    assert isinstance(found, Checked) or all(position for position, _ in found)
