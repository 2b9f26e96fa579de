"""A table as it stands in a document, and the lines of a plan that it comes to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\x00]")
_NUMBER_IN_TITLE = re.compile(
    r"(?P<number>[1-9]\d{0,2}(?:\.[1-9]\d{0,2}){1,9}\.?|[1-9]\d{0,2}[.)])(?:\s+|$)"
)
_NUMBER = re.compile(r"[1-9]\d{0,2}(?:\.\d{1,3}){0,9}[.)]?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table; `number` is its place in the document, from 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, place: int | None) -> str:
        """Return the text in a column, from 0; empty where there is none."""
        if place is None or place >= len(self.cells):
            return ""
        return self.cells[place]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a document: a sheet of a workbook, a table of a text."""

    name: str
    rows: tuple[TableRow, ...]


@dataclass(slots=True)
class PlanLine:
    """A line of a plan, as its table has it; `rows` are those that it was joined of.

    Texts are as printed; what a cell leaves empty is an empty text. `parent` is the
    place of the line above it in the tree, among the lines.
    """

    rows: list[int]
    number: str
    title: str
    term: str
    responsible: str
    expected_result: str
    block: str | None = None
    parent: int | None = None
    key: str = field(default="")


def cleaned(text: str) -> str:
    """Return a cell's text in one line: one kind of blank, no invisible characters."""
    return " ".join(normalize("NFC", _INVISIBLE.sub("", text)).split())


def is_number(text: str) -> bool:
    """Tell whether a text is the number of a line: `1`, `1.`, `1.1.2`, `3)`."""
    return _NUMBER.fullmatch(text) is not None


def split_number(title: str) -> tuple[str, str]:
    """Return the number that a title begins with, as printed, and the rest.

    >>> split_number("1.1.2. Анкеты"), split_number("01.09.20 – начало")
    (('1.1.2.', 'Анкеты'), ('', '01.09.20 – начало'))
    """
    found = _NUMBER_IN_TITLE.match(title)
    if found is None:
        return "", title
    return found["number"], title[found.end() :]


def starts_low(text: str) -> bool:
    """Tell whether the first letter is a small one, as amid a sentence."""
    first = next((sign for sign in text if sign.isalpha()), "")
    return first.islower()


def filled(cells: Sequence[str]) -> list[int]:
    """Return the places of the cells that are not empty."""
    return [place for place, cell in enumerate(cells) if cell]
