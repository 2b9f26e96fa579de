"""Reading «Статистика по отметкам»: percentages of the marks 2–5 by school."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from typing import BinaryIO

from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    number_of,
    text_of,
    whole_number_of,
)
from services.api.imports.readers.mark_columns import (
    COLUMNS,
    GRADE,
    LOGIN,
    MUNICIPALITY,
    PARTICIPANTS,
    SCHOOL,
    SHARES,
    SUBJECT,
    YEAR,
)
from services.api.imports.readers.mark_runs import (
    MarkRun,
    each_row,
    figures_of,
)
from services.api.imports.readers.mark_skips import skip_note
from services.api.imports.readers.mark_usual import UsualRows, percentages_of
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import (
    BadRow,
    ImportedRow,
    ReadRow,
    RowNames,
    SkippedRow,
)
from services.api.imports.readers.tables import (
    NumberedRow,
    Table,
    find_tables,
    open_workbook,
)
from shared.domain.assessments import (
    InvalidMarksError,
    MarkCounts,
    counts_from_percentages,
)
from shared.domain.errors import Fault, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE

_YEAR = re.compile(r"(\d{4})(?:\s*г(?:\.|од)?)?")
_GRADE = re.compile(r"(\d{1,2})(?:\s*(?:-?й)?\s*кл(?:\.|асс)?)?")
_REMEMBERED = 1 << 14
ROWS_AT_ONCE = 1_000
SHORTEST_RUN = 100  # fewer rows are not worth what each run takes


def read_mark_statistics(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield every row that is not empty, one by one, as `read_marks` reads them."""
    return each_row(read_marks(file, options))


def read_marks(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow | MarkRun]:
    """Yield every row that is not empty, in the order of sheets and rows.

    Those that are as nearly all are, and many, come in columns. The key is the file's
    ``year`` and ``grade``. Figures are the counts rebuilt from the percentages and,
    under ``percentages``, the file's own.

    Raises:
        UnreadableFileError: not a workbook, no sheet has the header, or a sheet's
            is incomplete.
    """
    with open_workbook(file, options.meter, in_pieces=True) as sheets:
        for table in find_tables(sheets, COLUMNS):
            usual = UsualRows(table, partial(_parsed, table))
            while rows := [*islice(table.rows, ROWS_AT_ONCE)]:
                for part in usual.split(rows):
                    if not isinstance(part, MarkRun):
                        row = _parsed(table, part)
                        if row is not None:
                            yield row
                    elif len(part) < SHORTEST_RUN:
                        yield from part
                    else:
                        yield part


def _parsed(table: Table, numbered: NumberedRow) -> ReadRow | None:
    number, row = numbered
    cells = {title: row[place] for title, place in table.positions.items()}
    if is_blank(cells[LOGIN]) or is_blank(cells[PARTICIPANTS]):
        filled = [title for title, cell in cells.items() if not is_blank(cell)]
        if not filled:
            return None
        note = skip_note(cells, filled)
        if note is not None:
            return SkippedRow(table.sheet, number, *note)
    return _RowReading(table.sheet, number, cells).result()


@lru_cache(_REMEMBERED, typed=True)
def _names(subject: Cell, municipality: Cell, school: Cell, login: Cell) -> RowNames:
    cells = (subject, municipality, school, login)
    return RowNames(*("" if is_blank(cell) else text_of(cell) for cell in cells))


@lru_cache(_REMEMBERED, typed=True)
def _number_in(cell: Cell, form: re.Pattern[str]) -> int | None:
    found = form.fullmatch(text_of(cell).casefold())
    return int(found[1]) if found else None


class _RowReading:
    """Reads one row cell by cell, and keeps every fault it meets."""

    def __init__(self, sheet: str, row: int, cells: Mapping[str, Cell]) -> None:
        self._sheet = sheet
        self._row = row
        self._cells = cells
        self._faults: list[Fault] = []

    def result(self) -> ImportedRow | BadRow:
        year = self._year_or_grade(YEAR, _YEAR, FIRST_YEAR, LAST_YEAR)
        grade = self._year_or_grade(GRADE, _GRADE, FIRST_GRADE, LAST_GRADE)
        names = self._named()
        n = self._participants()
        shares = self._shares(is_anybody=n != 0)
        counts = None if n is None or shares is None else self._counts(n, shares)
        cells = self._cells
        if self._faults or counts is None or shares is None:
            return BadRow(self._sheet, self._row, tuple(self._faults), names, cells)
        key = {"year": year, "grade": grade}
        figures = figures_of((counts.n, *counts.marks, shares))
        return ImportedRow(self._sheet, self._row, names, key, figures, cells=cells)

    def _blame(self, column: str, ru: str, en: str) -> None:
        self._keep(Fault(reason=Text(ru, en), column=column))

    def _keep(self, fault: Fault) -> None:
        column = PARTICIPANTS if fault.column == "n" else fault.column
        cell = self._cells.get(column or "")
        value = fault.value if cell is None else text_of(cell)
        self._faults.append(
            replace(fault, sheet=self._sheet, row=self._row, column=column, value=value)
        )

    def _named(self) -> RowNames:
        subject = self._cells[SUBJECT]
        if is_blank(subject):
            self._blame(SUBJECT, "Ячейка не заполнена.", "The cell is empty.")
        cells = self._cells
        return _names(subject, cells[MUNICIPALITY], cells[SCHOOL], cells[LOGIN])

    def _year_or_grade(
        self, column: str, form: re.Pattern[str], first: int, last: int
    ) -> int:
        number = _number_in(self._cells[column], form) or 0
        if not first <= number <= last:
            self._blame(
                column,
                f"Ожидается целое число от {first} до {last}.",
                f"A whole number from {first} to {last} is expected.",
            )
        return number

    def _participants(self) -> int | None:
        number = whole_number_of(self._cells[PARTICIPANTS])
        if number is None:
            self._blame(
                PARTICIPANTS,
                "Ожидается целое число участников.",
                "A whole number of participants is expected.",
            )
        return number

    def _shares(self, *, is_anybody: bool) -> tuple[float, float, float, float] | None:
        shares = [number_of(self._cells[column]) for column in SHARES]
        if not is_anybody:
            # Of nobody there are no shares: a spreadsheet that divides fails here.
            blank = (is_blank(self._cells[column]) for column in SHARES)
            shares = [0 if e else s for e, s in zip(blank, shares, strict=True)]
        given = [share for share in shares if share is not None]
        if len(given) < len(SHARES):
            self._blame_shares(shares)
            return None
        return percentages_of(given)

    def _blame_shares(self, shares: list[float | None]) -> None:
        for column, share in zip(SHARES, shares, strict=True):
            if share is not None:
                continue
            if is_blank(self._cells[column]):
                self._blame(
                    column,
                    "Доля не указана: ячейка пуста или в ней ошибка таблицы, например "
                    "#ДЕЛ/0!. Если такой отметки никто не получил, поставьте 0.",
                    "No percentage: the cell is blank or holds an error of the "
                    "spreadsheet, such as #DIV/0!. If nobody got this mark, enter 0.",
                )
            else:
                self._blame(
                    column,
                    "Ожидается доля в процентах, например 12,5.",
                    "A percentage is expected, such as 12.5.",
                )

    def _counts(self, n: int, shares: tuple[float, ...]) -> MarkCounts | None:
        try:
            return counts_from_percentages(n, shares)
        except InvalidMarksError as error:
            for fault in error.faults:
                self._keep(fault)
            return None
