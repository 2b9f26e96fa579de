"""What a value becomes in a cell."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from services.api.datasets.columns import Kind

Cell: TypeAlias = str | int | float | Decimal | bool | date | datetime | None

# What makes a spreadsheet program take a text for a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BETWEEN_ITEMS = " | "


def cell_of(value: Any, kind: Kind) -> Cell:
    """Return the value as a cell; lists and records become text, moments naive UTC."""
    if value is None:
        return None
    match kind:
        case Kind.LIST:
            return BETWEEN_ITEMS.join(map(str, value))
        case Kind.RECORD:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case Kind.MOMENT:
            moment: datetime = value
            return moment.astimezone(UTC).replace(tzinfo=None)
        case _:
            cell: Cell = value
            return cell


def csv_text(cell: Cell) -> str:
    """Return a cell's text as Russian spreadsheet programs read it back.

    Fractions have a comma: of «15.7» such a program would make the fifteenth of July.
    A text that it would take for a formula begins with an apostrophe.

    >>> csv_text(15.7), csv_text("=1+1"), csv_text(-3)
    ('15,7', "'=1+1", '-3')
    """
    match cell:
        case None:
            text = ""
        case bool():
            text = "true" if cell else "false"
        case float() | Decimal():
            text = str(cell).replace(".", ",")
        case datetime():
            text = cell.isoformat(" ", "seconds")
        case date():
            text = cell.isoformat()
        case str() if cell.startswith(FORMULA_STARTS):
            text = f"'{cell}"
        case _:
            text = str(cell)
    return text
