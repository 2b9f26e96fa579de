"""Reading «Сравнение отметок с отметками по журналу»."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import BinaryIO

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.headings import Nearest, require_header
from services.api.imports.readers.journal_columns import (
    ALL,
    COUNT,
    EQUAL,
    EXPECTED,
    GROUP,
    GROUPS,
    HIGHER,
    KEY_TITLES,
    LOWER,
    PERCENT,
    JournalTable,
    find_journal_table,
    group_of,
    known_titles,
)
from services.api.imports.readers.journal_rows import compared_row
from services.api.imports.readers.mark_columns import (
    GRADE,
    LOGIN,
    SCHOOL,
    SUBJECT,
    YEAR,
)
from services.api.imports.readers.mark_columns import ROLES as MARK_ROLES
from services.api.imports.readers.mark_skips import skip_note
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import ReadRow, SkippedRow, SkipReason
from services.api.imports.readers.tables import (
    HEADER_WITHIN_ROWS,
    NumberedRow,
    Sheet,
    open_workbook,
)
from services.api.imports.readers.vpr_titles import LOGIN as LOGIN_IN_BRACKETS
from services.api.imports.readers.vpr_titles import VprTitle, subject_of, vpr_key
from shared.domain.errors import Text

ROLES = {
    **{role: title for role, title in MARK_ROLES.items() if title in KEY_TITLES},
    "n": ALL,
    "n_lower": LOWER,
    "n_equal": EQUAL,
    "n_higher": HIGHER,
}
TITLES = (*KEY_TITLES, *(t for g in GROUPS for t in (g, f"{g}, %")))
_TOTAL = Text("Итог, не строка школы.", "A total, not a school's row.")


def read_journal_comparison(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield a row for each school, subject, grade and year.

    Figures are ``n_lower``, ``n_equal`` and ``n_higher``; a result that is new gets
    their sum as its number of pupils.

    Raises:
        UnreadableFileError: not a workbook, or no sheet has the header.
    """
    nearest: list[Nearest] = []
    is_found = False
    with open_workbook(file, options.meter) as sheets:
        for sheet in sheets:
            head = [*islice(sheet.rows, HEADER_WITHIN_ROWS)]
            title = VprTitle()
            table = _find(sheet, head, title, nearest)
            if table is None:
                continue
            is_found = True
            rest = (numbered for numbered in head if numbered[0] > table.below)
            rows = chain(rest, sheet.rows)
            if table.counts:
                yield from _across(table, rows)
            else:
                yield from _Down(table, title, options).read(rows)
    require_header(EXPECTED, nearest, is_found=is_found)


def _find(
    sheet: Sheet,
    head: list[NumberedRow],
    title: VprTitle,
    nearest: list[Nearest],
) -> JournalTable | None:
    best: Nearest = (sheet.name, None, ())
    for place, numbered in enumerate(head):
        below = head[place + 1] if place + 1 < len(head) else None
        table = find_journal_table(sheet.name, numbered, below)
        if table is not None:
            return table
        title.read(numbered[1])
        met = known_titles(numbered[1])
        if len(met) > len(best[2]):
            best = (sheet.name, numbered[0], met)
    nearest.append(best)
    return None


def _across(table: JournalTable, rows: Iterator[NumberedRow]) -> Iterator[ReadRow]:
    for number, row in rows:
        cells: dict[str, Cell] = dict.fromkeys(KEY_TITLES, "")
        cells |= {title: span.cell(row) for title, span in table.spans.items()}
        for group, place in table.counts.items():
            cells[group] = row[place]
        for group, place in table.percents.items():
            cells[f"{group}, %"] = row[place]
        filled = [title for title, cell in cells.items() if not is_blank(cell)]
        if not filled:
            continue
        note = skip_note(cells, filled)
        if note is not None:
            yield SkippedRow(table.sheet, number, *note)
        else:
            yield compared_row(table.sheet, number, cells)


class _Down:
    """A table whose groups stand below each other: gathers those of one school."""

    def __init__(
        self, table: JournalTable, title: VprTitle, options: FileOptions
    ) -> None:
        self._table = table
        self._title = title
        self._options = options
        self._keys: dict[str, Cell] = {}
        self._cells: dict[str, Cell] = {}
        self._row = 0

    def read(self, rows: Iterator[NumberedRow]) -> Iterator[ReadRow]:
        for number, row in rows:
            filled = [cell for cell in row if not is_blank(cell)]
            if not filled:
                continue
            cells = {t: span.cell(row) for t, span in self._table.spans.items()}
            group = group_of(cells[GROUP])
            if group is None:
                yield from self._gathered()
                self._read_separator(text_of(filled[0]))
                continue
            keys = {t: cells[t] for t in KEY_TITLES if not is_blank(cells.get(t, ""))}
            if group in self._cells or (keys and keys != self._keys):
                yield from self._gathered()
                self._keys = self._keys | keys
            self._row = self._row or number
            self._cells[group] = cells[COUNT]
            self._cells[f"{group}, %"] = cells[PERCENT]
        yield from self._gathered()

    def _gathered(self) -> Iterator[ReadRow]:
        groups, row = self._cells, self._row
        self._cells, self._row = {}, 0
        if not groups:
            return
        keys = self._filled_keys()
        if is_blank(keys[LOGIN]):
            yield SkippedRow(self._table.sheet, row, SkipReason.TOTAL, _TOTAL)
        else:
            yield compared_row(self._table.sheet, row, keys | groups)

    def _filled_keys(self) -> dict[str, Cell]:
        keys: dict[str, Cell] = dict.fromkeys(KEY_TITLES, "") | self._keys
        if is_blank(keys[YEAR]) or is_blank(keys[GRADE]):
            found: Mapping[str, int] = vpr_key(self._title, self._options)
            keys |= {YEAR: found["year"], GRADE: found["grade"]}
        if is_blank(keys[SUBJECT]):
            keys[SUBJECT] = subject_of(self._title, self._options)
        return keys

    def _read_separator(self, text: str) -> None:
        login = LOGIN_IN_BRACKETS.search(text)
        school = LOGIN_IN_BRACKETS.sub("", text).strip(" ,;|")
        self._keys = {LOGIN: login[1], SCHOOL: school} if login else {}
