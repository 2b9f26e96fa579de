"""What the rules of datasets are given, and the rules that several of them share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from shared.domain.errors import Fault, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule may know besides the row itself.

    `enrolment` is the school's number of pupils in the row's academic year, where the
    row has a school and a year and the number is known.
    """

    today: date
    enrolment: int | None = None


Values: TypeAlias = Mapping[str, Any]
Rule: TypeAlias = Callable[[Values, Facts], Iterable[Fault]]


def fault(values: Values, column: str, ru: str, en: str) -> Fault:
    """Return a fault of the column, with the value that stands there."""
    value = values.get(column)
    shown = None if value is None else str(value)
    return Fault(reason=Text(ru, en), column=column, value=shown)


def in_order(first: str, last: str) -> Rule:
    """Return the rule that one date or number of a row is not after another."""

    def rule(values: Values, _facts: Facts) -> Iterator[Fault]:
        lower, upper = values.get(first), values.get(last)
        if lower is not None and upper is not None and lower > upper:
            yield fault(
                values,
                last,
                f"Значение меньше, чем в столбце {first} ({lower}).",
                f"The value is less than that of {first} ({lower}).",
            )

    return rule


def not_in_the_future(column: str) -> Rule:
    """Return the rule that a date has come."""

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        day = values.get(column)
        if day is not None and day > facts.today:
            yield fault(
                values,
                column,
                f"Этот день ещё не наступил: сегодня {facts.today}.",
                f"This day has not come yet: today is {facts.today}.",
            )

    return rule


def at_most_enrolled(*columns: str) -> Rule:
    """Return the rule that counts of pupils do not exceed the school's enrolment."""

    def rule(values: Values, facts: Facts) -> Iterator[Fault]:
        if facts.enrolment is None:
            return
        for column in columns:
            count = values.get(column)
            if count is not None and count > facts.enrolment:
                yield fault(
                    values,
                    column,
                    f"Больше, чем учеников в школе в том году: {facts.enrolment}.",
                    f"More than the school's pupils that year: {facts.enrolment}.",
                )

    return rule
