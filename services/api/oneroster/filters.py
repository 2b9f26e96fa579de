"""Filters of OneRoster: `type='school' AND dateLastModified>'2020-09-01'`.

A condition is a field, a predicate and a value in single quotes, in which a quote is
written twice. AND binds more closely than OR; there are no parentheses (OneRoster 1.2,
REST binding, 3.4.3).
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, cast, func, or_
from sqlalchemy.types import Date, DateTime, Numeric
from sqlalchemy.types import Text as SqlText

from services.api.oneroster.refusals import BadQueryError, CodeMinor
from shared.domain.errors import Text

MOST_CONDITIONS: Final = 20
LARGEST_EXPONENT: Final = 30  # of a number that is worth comparing with

_CONDITION: Final = re.compile(
    r"\s*(?P<field>[A-Za-z][A-Za-z0-9_.]*)\s*(?P<predicate>!=|>=|<=|=|>|<|~)\s*"
    r"'(?P<value>(?:[^']|'')*)'\s*"
)
_PREDICATES: Final[Mapping[str, Callable[[Any, Any], ColumnElement[bool]]]] = {
    "=": operator.eq,
    "!=": lambda column, value: column.is_distinct_from(value),
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_OPERATOR: Final = re.compile(r"(AND|OR)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field is compared with."""

    field: str
    predicate: str
    value: str


def read_filter(text: str) -> list[list[Condition]]:
    """Return the conditions: any group may hold, and of a group all of them.

    >>> read_filter("a='1' OR b>'2' AND c~'x'")[1][1]
    Condition(field='c', predicate='~', value='x')

    Raises:
        BadQueryError: it is no filter.
    """
    groups: list[list[Condition]] = [[]]
    place = 0
    while True:
        found = _CONDITION.match(text, place)
        if found is None:
            raise _unreadable(text[place : place + 40])
        value = found["value"].replace("''", "'")
        groups[-1].append(Condition(found["field"], found["predicate"], value))
        place = found.end()
        if place == len(text):
            break
        joint = _OPERATOR.match(text, place)
        if joint is None:
            raise _unreadable(text[place : place + 40])
        if joint[1].upper() == "OR":
            groups.append([])
        place = joint.end()
    if sum(map(len, groups)) > MOST_CONDITIONS:
        raise _refused(
            Text(
                f"В filter больше {MOST_CONDITIONS} условий.",
                f"The filter has more than {MOST_CONDITIONS} conditions.",
            )
        )
    return groups


def as_sql(text: str, fields: Mapping[str, ColumnElement[Any]]) -> ColumnElement[bool]:
    """Return the filter over columns, which are named as the fields are.

    Raises:
        BadQueryError: it is no filter, has a field that cannot be filtered by, or
            compares one with what it never is.
    """
    return or_(
        *(
            and_(*(_compared(condition, fields) for condition in group))
            for group in read_filter(text)
        )
    )


def _compared(
    condition: Condition, fields: Mapping[str, ColumnElement[Any]]
) -> ColumnElement[bool]:
    column = fields.get(condition.field)
    if column is None:
        known = ", ".join(fields)
        raise _refused(
            Text(
                f"По полю «{condition.field}» отбора нет. Есть: {known}.",
                f"There is no filtering by '{condition.field}'. There are: {known}.",
            )
        )
    if condition.predicate == "~":
        shown = func.lower(cast(column, SqlText))
        return shown.contains(condition.value.lower(), autoescape=True)
    return _PREDICATES[condition.predicate](column, _value_of(condition, column))


def _value_of(condition: Condition, column: ColumnElement[Any]) -> Any:
    """Return the value in the column's type."""
    try:
        match column.type:
            case DateTime():
                return _moment(condition.value)
            case Date():
                return date.fromisoformat(condition.value[:10])
            case Numeric():
                return _number(condition.value)
            case _:
                return condition.value
    except (ValueError, InvalidOperation, OverflowError):
        raise _refused(
            Text(
                f"«{condition.value}» не сравнить с полем «{condition.field}»: нужна "
                "дата ISO 8601 или число.",
                f"'{condition.value}' cannot be compared with '{condition.field}': it "
                "must be a date of ISO 8601, or a number.",
            )
        ) from None


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    # Beyond the calendar's ends there is no counterpart in UTC.
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _number(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise InvalidOperation
    return number


def _unreadable(rest: str) -> BadQueryError:
    return _refused(
        Text(
            f"filter не читается с места «{rest}»: нужно поле, предикат (=, !=, >, >=, "
            "<, <=, ~) и значение в одинарных кавычках; условия соединяют AND и OR.",
            f"The filter cannot be read from '{rest}' on: it takes a field, a "
            "predicate (=, !=, >, >=, <, <=, ~) and a value in single quotes; AND and "
            "OR join conditions.",
        )
    )


def _refused(reason: Text) -> BadQueryError:
    return BadQueryError(CodeMinor.INVALID_FILTER_FIELD, reason)
