"""What the cells of our own forms say, by the kind of their column."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from services.api.datasets.columns import Column, Kind
from services.api.datasets.limits import (
    LONGEST_LIST,
    LONGEST_TEXT,
    bounds_of,
    longest_of,
)
from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    number_of,
    text_of,
    whole_number_of,
)
from shared.domain.errors import Text

TRUE: Final = frozenset({"true", "истина", "да", "1", "yes"})
FALSE: Final = frozenset({"false", "ложь", "нет", "0", "no"})
BETWEEN_ITEMS: Final = "|"
LARGEST_AMOUNT: Final = Decimal("999999999999.99")  # of numeric(14, 2)
KOPECKS: Final = Decimal("0.01")
RUSSIAN_DATE: Final = "%d.%m.%Y"
# A day, maybe with the time that a workbook shows beside it, which says nothing.
DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?)?")
# Days as a workbook counts them, where their cell lost its look: 1990 to 2100.
SERIAL_ZERO: Final = date(1899, 12, 30)
SERIALS: Final = range(32_874, 73_416)
NUL: Final = "\0"
# Before these an export puts an apostrophe, which does not belong to the text.
FORMULA_STARTS: Final = ("'=", "'+", "'-", "'@")

EXPECTED: Final = {
    Kind.INTEGER: Text("целое число", "a whole number"),
    Kind.NUMBER: Text("число", "a number"),
    Kind.DECIMAL: Text(
        f"сумма от 0 до {LARGEST_AMOUNT}, не более двух знаков после запятой",
        f"an amount from 0 to {LARGEST_AMOUNT} with two decimal places at most",
    ),
    Kind.BOOLEAN: Text("ИСТИНА или ЛОЖЬ", "TRUE or FALSE"),
    Kind.DATE: Text("дата, как 2020-09-01 или 01.09.2020", "a date, as 2020-09-01"),
    Kind.RECORD: Text("запись JSON", "a JSON record"),
}


class UnreadableCellError(ValueError):
    """A cell does not hold what its column does; the text says what that is."""

    def __init__(self, expected: Text) -> None:
        super().__init__(expected.en)
        self.expected = expected


def value_of(cell: Cell, column: Column, *, is_key: bool = False) -> Any:
    """Return what the cell says, None where it is blank.

    Args:
        cell: What stands there.
        column: What it is of.
        is_key: Whether no other row may have the same there.

    Raises:
        UnreadableCellError: it does not hold what the column does.
    """
    if is_blank(cell):
        return [] if column.kind is Kind.LIST else None
    value = _PARSERS.get(column.kind, plain_text)(cell)
    if value is None:
        raise UnreadableCellError(EXPECTED[column.kind])
    if column.allowed and str(value) not in column.allowed:
        listed = ", ".join(column.allowed)
        raise UnreadableCellError(Text(f"одно из: {listed}", f"one of: {listed}"))
    match value:
        case bool():
            pass
        case int() | float():
            _require_within(value, column)
        case str():
            _require_kept(value, longest_of(column, is_key=is_key))
        case list():
            _require_short(value)
    return value


def plain_text(cell: Cell) -> str:
    """Return a cell's text without the apostrophe that keeps it from being a formula.

    >>> plain_text("'=1+1"), plain_text("'Точка роста'")
    ('=1+1', "'Точка роста'")
    """
    text = text_of(cell)
    return text[1:] if text.startswith(FORMULA_STARTS) else text


def _require_kept(text: str, longest: int) -> None:
    if len(text) > longest:
        raise UnreadableCellError(
            Text(f"не более {longest} знаков", f"at most {longest} characters")
        )
    if NUL in text:
        raise UnreadableCellError(
            Text("текст без знака U+0000", "a text without the character U+0000")
        )


def _require_short(items: list[str]) -> None:
    if len(items) > LONGEST_LIST:
        raise UnreadableCellError(
            Text(f"не более {LONGEST_LIST} пунктов", f"at most {LONGEST_LIST} items")
        )
    for item in items:
        _require_kept(item, LONGEST_TEXT)


def _require_within(value: float, column: Column) -> None:
    least, most = bounds_of(column)
    if least is not None and value < least:
        raise UnreadableCellError(Text(f"не меньше {least}", f"at least {least}"))
    if most is not None and value > most:
        raise UnreadableCellError(Text(f"не больше {most}", f"at most {most}"))


def _amount(cell: Cell) -> str | None:
    """Return an amount of money as the table keeps it, to the kopeck.

    >>> _amount("118 450,5"), _amount(118450.1), _amount("0,001"), _amount("много")
    ('118450.50', '118450.10', None, None)
    """
    if isinstance(cell, bool):
        return None
    text = "".join(text_of(cell).split()).replace(",", ".")
    try:
        amount = Decimal(text)
        kept = amount.quantize(KOPECKS)
    except InvalidOperation:
        return None
    return str(kept) if kept == amount and 0 <= kept <= LARGEST_AMOUNT else None


def _boolean(cell: Cell) -> bool | None:
    if isinstance(cell, bool):
        return cell
    text = text_of(cell).casefold()
    return True if text in TRUE else False if text in FALSE else None


def _date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer() and int(cell) in SERIALS:
        return SERIAL_ZERO + timedelta(days=cell)
    text = text_of(cell)
    try:
        if "." in text:
            return datetime.strptime(text, RUSSIAN_DATE).date()  # noqa: DTZ007 (a day has no zone)
        written = DAY.fullmatch(text)
        return None if written is None else date.fromisoformat(written[1])
    except ValueError:
        return None


def _record(cell: Cell) -> dict[str, Any] | None:
    try:
        found = json.loads(text_of(cell))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _items(cell: Cell) -> list[str]:
    items = (item.strip() for item in plain_text(cell).split(BETWEEN_ITEMS))
    return [item for item in items if item]


_PARSERS: Final[Mapping[Kind, Callable[[Cell], Any]]] = MappingProxyType(
    {
        Kind.INTEGER: whole_number_of,
        Kind.NUMBER: number_of,
        Kind.DECIMAL: _amount,
        Kind.BOOLEAN: _boolean,
        Kind.DATE: _date,
        Kind.LIST: _items,
        Kind.RECORD: _record,
    }
)
