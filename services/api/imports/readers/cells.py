"""What the cells of exchanged spreadsheets say, however they were typed."""

import re
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Final
from unicodedata import normalize

Cell = int | float | str | bool | time | date | datetime | timedelta

_BLANKS = frozenset({"", "-", "–", "—"})
LONGEST_NUMBER: Final = 40  # characters; no figure of a file has more digits
BEYOND: Final = 10**LONGEST_NUMBER
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def text_of(cell: Cell) -> str:
    """Return the text a person sees: blanks trimmed, 1234.0 as ``1234``.

    A й that was typed as и with a breve is й.
    """
    if isinstance(cell, str):
        return normalize("NFC", " ".join(cell.split()))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Say whether nothing was entered; a lone dash is nothing."""
    return isinstance(cell, str) and cell.strip() in _BLANKS


def number_of(cell: Cell) -> float | None:
    """Read a number: ``12.5``, ``12,5``, ``12,5 %``, ``1 234``; None if it is none."""
    if type(cell) is float:  # as nearly all are, and subclasses cannot be
        return cell if isfinite(cell) else None
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return float(cell) if abs(cell) < BEYOND else None
    if not isinstance(cell, str):
        return None
    text = "".join(cell.split()).removesuffix("%").replace(",", ".")
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    return float(text)


def whole_number_of(cell: Cell) -> int | None:
    """Read a whole number: ``25``, ``25.0``, ``"25"``; None if it is none."""
    number = number_of(cell)
    if number is None or not number.is_integer():
        return None
    return int(number)
