"""What does not fit in a formula that can be read, and how to mend it."""

import difflib
from collections.abc import Iterable
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas.functions import FUNCTIONS, MOST_DECIMALS
from shared.domain.formulas.units import Quantity, Unit

NO_COLUMN_AT_ALL: Final = Text(
    "формула не называет ни одного столбца, и у всех школ вышло бы одно и то же. "
    "Добавьте столбец, например results.n4.",
    "the formula names no column, so that all schools would get the same. Add a "
    "column, such as results.n4.",
)
DIVISION_BY_ZERO: Final = Text(
    "делить на ноль нельзя. Поставьте другой делитель.",
    "nothing can be divided by zero. Put another divisor.",
)
WRONG_DECIMALS: Final = Text(
    f"число знаков после запятой — целое от 0 до {MOST_DECIMALS}: round(a, 2).",
    f"the number of decimals is a whole number from 0 to {MOST_DECIMALS}: round(a, 2).",
)


def no_column(name: str, known: Iterable[str]) -> Text:
    """Say that there is no such column, and which may be meant."""
    near = _nearest(name, known)
    if name in FUNCTIONS:
        call = FUNCTIONS[name].call
        near = Text(f" Это функция: {call}.", f" It is a function: {call}.")
    return Text(
        f"столбца «{name}» нет.{near.ru}", f"there is no column “{name}”.{near.en}"
    )


def no_function(name: str) -> Text:
    """Say that there is no such function, and which there are."""
    near, known = _nearest(name, FUNCTIONS), ", ".join(FUNCTIONS)
    return Text(
        f"функции «{name}» нет.{near.ru} Есть: {known}.",
        f"there is no function “{name}”.{near.en} There are: {known}.",
    )


def wrong_arity(name: str, given: int) -> Text:
    """Say how a function that has too few or too many arguments is called."""
    call = FUNCTIONS[name].call
    return Text(
        f"у функции {name} аргументов здесь {given}, а пишется {call}.",
        f"{name} has {given} arguments here; it is written {call}.",
    )


def condition_needed(piece: str) -> Text:
    """Say that a number stands where something must be so or not."""
    return Text(
        f"здесь нужно условие, а «{piece}» — число. Сравните: {piece} > 0.",
        f"a condition is needed here, and “{piece}” is a number. Compare: {piece} > 0.",
    )


def number_needed(piece: str) -> Text:
    """Say that a condition stands where a number must."""
    return Text(
        f"здесь нужно число, а «{piece}» — условие. Напишите if({piece}, 1, 0).",
        f"a number is needed here, and “{piece}” is a condition. Write "
        f"if({piece}, 1, 0).",
    )


def units_differ(
    first: str, first_is: Quantity, second: str, second_is: Quantity
) -> Text:
    """Say that two parts are in units that do not go together."""
    mending = Text(
        "Приведите их к одной, например share(часть, целое) даёт проценты.",
        "Bring them to one, as share(part, whole) gives per cent.",
    )
    if {first_is.unit, second_is.unit} == {Unit.PERCENT, Unit.ONE}:
        mending = Text(
            "Умножьте долю на 100 или разделите проценты на 100.",
            "Multiply the ratio by 100, or divide the per cent by 100.",
        )
    one, other = first_is.text, second_is.text
    return Text(
        f"единицы не сходятся: «{first}» — {one.ru}, «{second}» — {other.ru}. "
        f"{mending.ru}",
        f"the units do not go together: “{first}” is in {one.en}, “{second}” in "
        f"{other.en}. {mending.en}",
    )


def _nearest(name: str, known: Iterable[str]) -> Text:
    near = difflib.get_close_matches(name, [*known], n=1, cutoff=0.6)
    if not near:
        return Text("", "")
    return Text(
        f" Возможно, имелось в виду «{near[0]}».", f" Perhaps “{near[0]}” is meant."
    )
