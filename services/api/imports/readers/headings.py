"""Recognising the columns of a table by their titles, however these are typed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import Cell, is_blank
from services.api.imports.readers.tables import Column, title_key
from shared.domain.errors import Fault, Text

# Latin letters that look like Russian ones are typed for them, and cannot be seen.
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")

EXPECTED_SHOWN = 20


def heading_key(cell: Cell) -> str:
    """Reduce a title so that case, ё, blanks and Latin lookalikes do not count."""
    return title_key(cell).translate(_LOOKALIKES)


@dataclass(frozen=True, slots=True)
class Span:
    """The places of a column: a title over merged cells has several, from first on."""

    first: int
    end: int

    def cell(self, cells: Sequence[Cell]) -> Cell:
        """Return what stands in the column: the first of its cells that is filled."""
        for place in range(self.first, min(self.end, len(cells))):
            if cells[place] != "" and not is_blank(cells[place]):
                return cells[place]
        return ""


class RowCells(Mapping[str, Cell]):
    """The cells of a row by the titles of their columns, looked up when wanted."""

    def __init__(self, spans: Mapping[str, Span], cells: Sequence[Cell]) -> None:
        """Look into `cells` by `spans`."""
        self._spans = spans
        self._cells = cells

    def __getitem__(self, title: str) -> Cell:
        return self._spans[title].cell(self._cells)

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns that a reader knows, ready to be looked for in a row."""

    columns: tuple[Column, ...]
    required: frozenset[str]

    def match(self, cells: Sequence[Cell]) -> dict[str, Span]:
        """Return the spans of the known columns of a row, by their own titles.

        A column reaches to the next title; one that stands in the row twice counts
        where it stands first.
        """
        keys = [heading_key(cell) if cell != "" else "" for cell in cells]
        titles = _titles(self.columns)
        ends = _ends(keys)
        found: dict[str, Span] = {}
        for place, key in enumerate(keys):
            title = titles.get(key)
            if title is not None:
                found.setdefault(title, Span(place, ends[place]))
        return found

    def is_header(self, found: Mapping[str, Span]) -> bool:
        """Say whether a row that matched so is the header."""
        return self.required <= found.keys()

    def missing(self, found: Iterable[str]) -> tuple[str, ...]:
        """Return the required titles that are not among `found`, in their order."""
        known = frozenset(found)
        titles = (column.title for column in self.columns)
        return tuple(t for t in titles if t in self.required and t not in known)


Nearest: TypeAlias = tuple[str, int | None, tuple[str, ...]]
"""Sheet, row and titles of the row of a sheet that came nearest to the header."""


def require_header(
    headings: Headings, nearest: Sequence[Nearest], *, is_found: bool
) -> None:
    """Refuse a file none of whose sheets has the header, or one of them only half.

    Args:
        headings: What was looked for.
        nearest: The sheets without it.
        is_found: Whether another sheet has it.

    Raises:
        UnreadableFileError: it is so.
    """
    wanted = headings.required
    broken = [each for each in nearest if 2 * len(wanted & {*each[2]}) >= len(wanted)]
    if broken or not is_found:
        raise no_header(headings, broken or nearest)


def no_header(headings: Headings, nearest: Iterable[Nearest]) -> UnreadableFileError:
    """Say that no sheet has the header: what was expected, and what was found.

    Only titles that are known are repeated: other cells may hold anything.

    Args:
        headings: What was looked for.
        nearest: What came nearest on each sheet.
    """
    faults = [*_sheet_faults(headings, nearest)]
    expected = ", ".join(f"«{title}»" for title in headings.missing(()))
    first = faults[0].reason if faults else Text("", "")
    return UnreadableFileError(
        Text(
            f"Нет строки заголовка. Ожидались столбцы: {expected}. {first.ru}".strip(),
            f"There is no header. Expected columns: {expected}. {first.en}".strip(),
        ),
        faults=faults,
    )


def _sheet_faults(headings: Headings, nearest: Iterable[Nearest]) -> Iterator[Fault]:
    for sheet, row, titles in nearest:
        met = [*titles]
        found = ", ".join(f"«{title}»" for title in met[:EXPECTED_SHOWN])
        lacking = ", ".join(f"«{title}»" for title in headings.missing(met))
        reason = Text(
            f"Найдены: {found or 'ни одного'}; нет: {lacking}.",
            f"Found: {found or 'none'}; missing: {lacking}.",
        )
        yield Fault(reason=reason, sheet=sheet, row=row)


@cache
def _titles(columns: tuple[Column, ...]) -> dict[str, str]:
    """Return the own title of a column by each of its spellings, reduced."""
    return {
        heading_key(text): column.title
        for column in columns
        for text in (column.title, *column.spellings)
    }


def _ends(keys: Sequence[str]) -> list[int]:
    """Return for each place where its column ends: at the next title."""
    ends: list[int] = []
    end = len(keys)
    for place in reversed(range(len(keys))):
        ends.append(end)
        if keys[place]:
            end = place
    return ends[::-1]
