"""Reading the form in which a school enters the scores of a ВПР, one row a pupil."""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.headings import Headings, Nearest, no_header
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.pupil_cells import is_title
from services.api.imports.readers.pupil_tally import Tally
from services.api.imports.readers.rows import BadRow, ReadRow, RowNames
from services.api.imports.readers.tables import (
    HEADER_WITHIN_ROWS,
    NumberedRow,
    Sheet,
    open_workbook,
)
from services.api.imports.readers.vpr_pupils import (
    CODE,
    COLUMNS,
    LOGIN,
    VARIANT,
    PupilTable,
)
from services.api.imports.readers.vpr_titles import (
    VprTitle,
    subject_of,
    unsaid,
    vpr_key,
)

HEADINGS = Headings(COLUMNS, frozenset({CODE, VARIANT}))
CLASS_NUMBERS = "Порядковый номер класса"
HIDDEN_SHEETS = ("Служебный", CLASS_NUMBERS)
_NAMED_CLASS = re.compile(r"(\d{1,2})\s*[-«\"]?\s*[а-яёa-z]", re.IGNORECASE)


def read_vpr_collection(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield bad rows of pupils as they are met, then one result for each school.

    Rows that were made before and left empty are none. Subject, grade, school and year
    are those of the sheet «Служебный» or of the title, else of `options`. Where the
    form has no marks, the result has scores only.

    Raises:
        UnreadableFileError: not a workbook, no sheet has the header, or something
            that is needed is said neither in the file nor by the caller.
    """
    with open_workbook(file, options.meter, hidden=HIDDEN_SHEETS) as sheets:
        form = _Form(options)
        # What the results are of stands on later sheets than the pupils.
        ordered = sorted(sheets, key=lambda sheet: is_title(sheet.name, "Протокол"))
        for sheet in ordered:
            yield from form.read(sheet)
        yield from form.results()


class _Form:
    """The file while it is read: what it is of, and the schools counted so far."""

    def __init__(self, options: FileOptions) -> None:
        self._options = options
        self._title = VprTitle()
        self._class_grades: set[int] = set()
        self._tallies: dict[str, Tally] = {}
        self._nearest: list[Nearest] = []
        self._table: PupilTable | None = None

    def read(self, sheet: Sheet) -> Iterator[ReadRow]:
        if is_title(sheet.name, CLASS_NUMBERS):
            for _, cells in sheet.rows:
                self._read_class(cells)
            return
        nearest: Nearest = (sheet.name, None, ())
        for row, cells in sheet.rows:
            table = PupilTable.found(sheet.name, cells, HEADINGS, sums=True)
            if table is not None:
                self._table = table
                yield from self._read_pupils(table, sheet.rows)
                return
            self._title.read(cells)
            met = tuple(HEADINGS.match(cells)) if row <= HEADER_WITHIN_ROWS else ()
            if len(met) > len(nearest[2]):
                nearest = (sheet.name, row, met)
        self._nearest.append(nearest)

    def results(self) -> Iterator[ReadRow]:
        if self._table is None:
            raise no_header(HEADINGS, self._nearest)
        if not self._tallies:
            return
        subject = subject_of(self._title, self._options)
        grades = self._class_grades
        grade = next(iter(grades)) if len(grades) == 1 else None
        key = vpr_key(self._title, self._options, grade=grade)
        for tally in self._tallies.values():
            tally.names = self._named(tally.names, subject)
            if tally.bad:
                yield tally.refused()
            else:
                yield tally.imported(key, tally.figures(self._table.largest))

    def _read_pupils(
        self, table: PupilTable, rows: Iterator[NumberedRow]
    ) -> Iterator[BadRow]:
        for row, cells in rows:
            if table.is_empty(cells):
                continue
            names = table.names(cells, "")
            tally = self._tallies.setdefault(
                (names.login or names.school).casefold(), Tally(table.sheet, row, names)
            )
            if table.is_absent(cells):
                tally.absent += 1
                continue
            pupil, faults = table.pupil(cells, row)
            if faults:
                tally.bad += 1
                yield BadRow(table.sheet, row, tuple(faults))
            else:
                tally.add(pupil)

    def _named(self, names: RowNames, subject: str) -> RowNames:
        title, login, school = self._title, names.login, names.school
        if not login and not school:
            login, school = title.login, title.school
        if not login and not school and self._options.school_id is None:
            raise unsaid("school_id", f"код школы ({LOGIN})", "the school")
        return RowNames(subject, names.municipality, school, login)

    def _read_class(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            found = None if is_blank(cell) else _NAMED_CLASS.fullmatch(text_of(cell))
            if found is not None:
                self._class_grades.add(int(found[1]))
