"""Reading «Статистика по отметкам»: percentages of the marks 2–5 by school."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
from services.api.imports.readers.mark_skips import skip_note
from services.api.imports.readers.rows import (
    BadRow,
    RowNames,
    SeenRows,
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
from shared.domain.school_names import (
    NameKey,
    login_key,
    municipality_key,
    name_key,
)
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE

_YEAR = re.compile(r"(\d{4})(?:\s*г(?:\.|од)?)?")
_GRADE = re.compile(r"(\d{1,2})(?:\s*(?:-?й)?\s*кл(?:\.|асс)?)?")
_WHOLE = (0.998, 1.002)  # what fractions may sum to


@dataclass(frozen=True, slots=True)
class MarkStatisticsRow:
    """One row as the file states it, with the whole counts rebuilt from it.

    `year` is the calendar year of the file; `login` may be empty, then the school is
    known by its name only. `percentages` are of the marks 2–5.
    """

    sheet: str
    row: int
    year: int
    grade: int
    subject_text: str
    municipality_text: str
    school_text: str
    login: str
    n: int
    percentages: tuple[float, float, float, float]
    counts: MarkCounts

    @property
    def names(self) -> RowNames:
        """What the row calls its subject, municipality and school."""
        return RowNames(
            self.subject_text, self.municipality_text, self.school_text, self.login
        )


ParsedRow = MarkStatisticsRow | SkippedRow | BadRow


def read_mark_statistics(source: BinaryIO) -> Iterator[ParsedRow]:
    """Read every row below the headers of the workbook, in order.

    Rows of totals, notes and repeated rows come as `SkippedRow`; rows that cannot be
    taken as `BadRow` with all their faults.

    Raises:
        UnreadableFileError: on the first row, if the file is no workbook or a header
            is incomplete.
    """
    seen = SeenRows()
    with open_workbook(source) as sheets:
        for table in find_tables(sheets, COLUMNS):
            for numbered in table.rows:
                parsed = _parsed(table, numbered)
                if isinstance(parsed, MarkStatisticsRow):
                    yield _unless_repeated(parsed, seen)
                elif parsed is not None:
                    yield parsed


def _parsed(table: Table, numbered: NumberedRow) -> ParsedRow | None:
    number, row = numbered
    cells = {title: row[place] for title, place in table.positions.items()}
    filled = [title for title, cell in cells.items() if not is_blank(cell)]
    if not filled:
        return None
    note = skip_note(cells, filled)
    if note is not None:
        return SkippedRow(table.sheet, number, *note)
    return _RowReading(table.sheet, number, cells).result()


def _unless_repeated(row: MarkStatisticsRow, seen: SeenRows) -> ParsedRow:
    # Without a code, schools of one name in two municipalities are two schools.
    school: str | tuple[str, NameKey] = login_key(row.login) or (
        municipality_key(row.municipality_text),
        name_key(row.school_text),
    )
    repeated = seen.repeats(
        sheet=row.sheet,
        row=row.row,
        key=(row.year, row.grade, row.subject_text.casefold(), school),
        figures=(row.n, row.percentages),
    )
    if isinstance(repeated, Fault):
        column, value = (LOGIN, row.login) if row.login else (SCHOOL, row.school_text)
        fault = replace(repeated, column=column, value=value)
        return BadRow(row.sheet, row.row, (fault,), row.names)
    return repeated or row


class _RowReading:
    """Reads one row cell by cell, and keeps every fault it meets."""

    def __init__(self, sheet: str, row: int, cells: Mapping[str, Cell]) -> None:
        self._sheet = sheet
        self._row = row
        self._cells = cells
        self._faults: list[Fault] = []

    def result(self) -> MarkStatisticsRow | BadRow:
        year = self._year_or_grade(YEAR, _YEAR, FIRST_YEAR, LAST_YEAR)
        grade = self._year_or_grade(GRADE, _GRADE, FIRST_GRADE, LAST_GRADE)
        names = self._names()
        n = self._participants()
        shares = self._shares()
        counts = None if n is None or shares is None else self._counts(n, shares)
        if self._faults or counts is None or shares is None:
            return BadRow(self._sheet, self._row, tuple(self._faults), names)
        return MarkStatisticsRow(
            sheet=self._sheet,
            row=self._row,
            year=year,
            grade=grade,
            subject_text=names.subject,
            municipality_text=names.municipality,
            school_text=names.school,
            login=names.login,
            n=counts.n,
            percentages=shares,
            counts=counts,
        )

    def _blame(self, column: str, ru: str, en: str) -> None:
        self._keep(Fault(reason=Text(ru, en), column=column))

    def _keep(self, fault: Fault) -> None:
        column = PARTICIPANTS if fault.column == "n" else fault.column
        cell = self._cells.get(column or "")
        value = fault.value if cell is None else text_of(cell)
        self._faults.append(
            replace(fault, sheet=self._sheet, row=self._row, column=column, value=value)
        )

    def _names(self) -> RowNames:
        if is_blank(self._cells[SUBJECT]):
            self._blame(SUBJECT, "Ячейка не заполнена.", "The cell is empty.")
        cells = (self._cells[name] for name in (SUBJECT, MUNICIPALITY, SCHOOL, LOGIN))
        return RowNames(*("" if is_blank(cell) else text_of(cell) for cell in cells))

    def _year_or_grade(
        self, column: str, form: re.Pattern[str], first: int, last: int
    ) -> int:
        found = form.fullmatch(text_of(self._cells[column]).casefold())
        number = int(found[1]) if found else first - 1
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

    def _shares(self) -> tuple[float, float, float, float] | None:
        shares: list[float] = []
        for column in SHARES:
            cell = self._cells[column]
            share = 0.0 if is_blank(cell) else number_of(cell)
            if share is None:
                self._blame(
                    column,
                    "Ожидается доля в процентах, например 12,5.",
                    "A percentage is expected, such as 12.5.",
                )
            else:
                shares.append(share)
        if len(shares) < len(SHARES):
            return None
        # Cells in the spreadsheet's own percent format hold 0.125 for 12.5 %.
        scale = 100 if _WHOLE[0] <= sum(shares) <= _WHOLE[1] else 1
        two, three, four, five = (round(scale * share, 10) for share in shares)
        return (two, three, four, five)

    def _counts(self, n: int, shares: tuple[float, ...]) -> MarkCounts | None:
        try:
            return counts_from_percentages(n, shares)
        except InvalidMarksError as error:
            for fault in error.faults:
                self._keep(fault)
            return None
