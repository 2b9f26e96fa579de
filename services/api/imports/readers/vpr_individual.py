"""Reading «Ф1_Индивидуальные результаты»: ВПР with marks, one row a pupil."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.headings import Headings, Nearest, no_header
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.pupil_tally import Tally
from services.api.imports.readers.rows import (
    BadRow,
    ReadRow,
    RowNames,
    SkippedRow,
    SkipReason,
)
from services.api.imports.readers.tables import (
    HEADER_WITHIN_ROWS,
    Sheet,
    open_workbook,
)
from services.api.imports.readers.vpr_pupils import (
    CODE,
    COLUMNS,
    MARK,
    TOTAL,
    PupilTable,
)
from services.api.imports.readers.vpr_titles import (
    LOGIN,
    PARTICIPANTS,
    VprTitle,
    subject_of,
    unsaid,
    vpr_key,
)
from shared.domain.errors import Text

HEADINGS = Headings(COLUMNS, frozenset({CODE, TOTAL, MARK}))
_NOTE = Text("Строка-примечание.", "A note, not a row.")


def read_vpr_individual(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield bad rows of pupils as they are met, then the results of each sheet.

    A result is of one school: of the column «ОО», of a separator with the login in
    brackets, of the title, or of `options`.

    Raises:
        UnreadableFileError: not a workbook, no sheet has the header, or something
            that is needed is said neither in the file nor by the caller.
    """
    nearest: list[Nearest] = []
    is_found = False
    with open_workbook(file, options.meter) as sheets:
        for sheet in sheets:
            results = _SheetResults(sheet.name, options)
            yield from results.read(sheet)
            nearest.append(results.nearest)
            is_found = is_found or results.table is not None
            yield from results.all()
    if not is_found:
        raise no_header(HEADINGS, nearest)


class _SheetResults:
    """One sheet while it is read, and its schools counted so far."""

    def __init__(self, sheet: str, options: FileOptions) -> None:
        self.table: PupilTable | None = None
        self.nearest: Nearest = (sheet, None, ())
        self._options = options
        self._title = VprTitle()
        self._section: _Section | None = None
        self._tallies: dict[tuple[str, int | None], Tally] = {}

    def read(self, sheet: Sheet) -> Iterator[ReadRow]:
        for row, cells in sheet.rows:
            found = None
            if self.table is None or self.table.may_be_header(cells):
                found = PupilTable.found(sheet.name, cells, HEADINGS, sums=False)
            if found is not None:
                self.table = found
            elif self.table is None:
                self._read_title(row, cells)
            else:
                yield from self._read_row(self.table, row, cells)
        self._close_section()

    def all(self) -> Iterator[ReadRow]:
        """Yield the results of the sheet."""
        if self.table is None or not self._tallies:
            return
        subject = subject_of(self._title, self._options)
        largest = self._title.largest or self.table.largest
        for (_, grade), tally in self._tallies.items():
            key = vpr_key(self._title, self._options, grade=grade)
            tally.names = self._named(tally.names, subject)
            if tally.bad:
                yield tally.refused()
            else:
                yield tally.imported(key, tally.figures(largest, tells_absent=False))

    def _read_title(self, row: int, cells: Sequence[Cell]) -> None:
        filled = [cell for cell in cells if not is_blank(cell)]
        if len(filled) == 1 and PARTICIPANTS.search(text_of(filled[0])):
            self._section = _Section.of(text_of(filled[0]))
            self._title.login = self._title.login or self._section.login
            return
        self._title.read(cells)
        met = tuple(HEADINGS.match(cells)) if row <= HEADER_WITHIN_ROWS else ()
        if len(met) > len(self.nearest[2]):
            self.nearest = (self.nearest[0], row, met)

    def _read_row(
        self, table: PupilTable, row: int, cells: Sequence[Cell]
    ) -> Iterator[ReadRow]:
        filled = [cell for cell in cells if not is_blank(cell)]
        if len(filled) == 1 and isinstance(filled[0], str):
            self._close_section()
            self._section = _Section.of(text_of(filled[0]))
            return
        if table.is_empty(cells):
            return
        if not any(sign.isdigit() for sign in text_of(table.cell(cells, CODE))):
            yield SkippedRow(table.sheet, row, SkipReason.NOTE, _NOTE)
            return
        tally = self._tally(table, row, cells)
        if table.is_absent(cells):
            tally.absent += 1
            return
        pupil, faults = table.pupil(cells, row)
        if faults:
            tally.bad += 1
            yield BadRow(table.sheet, row, tuple(faults))
        else:
            tally.add(pupil)

    def _tally(self, table: PupilTable, row: int, cells: Sequence[Cell]) -> Tally:
        names = table.names(cells, "")
        section = self._section
        if section is not None and not names.login:
            school = names.school or section.school
            names = replace(names, login=section.login, school=school)
        grade = None if self._title.grade else table.grade(cells)
        place = ((names.login or names.school).casefold(), grade)
        tally = self._tallies.setdefault(place, Tally(table.sheet, row, names))
        if section is not None:
            section.actual += 1
            section.tally = tally
        return tally

    def _close_section(self) -> None:
        section, self._section = self._section, None
        if section is None or section.tally is None or section.declared is None:
            return
        if section.declared != section.actual:
            section.tally.warn(
                Text(
                    f"Заявлено участников {section.declared}, а строк учеников "
                    f"{section.actual}.",
                    f"{section.declared} participants are declared, but there are "
                    f"{section.actual} rows of pupils.",
                ),
                column=CODE,
            )

    def _named(self, names: RowNames, subject: str) -> RowNames:
        login, school = names.login, names.school
        if not login and not school:
            login, school = self._title.login, self._title.school
        if not login and not school and self._options.school_id is None:
            raise unsaid("school_id", "код школы", "the school")
        return RowNames(subject, names.municipality, school, login)


class _Section:
    """The rows below a separator: whose they are, and how many there should be."""

    def __init__(self, login: str, school: str, declared: int | None) -> None:
        self.login = login
        self.school = school
        self.declared = declared
        self.actual = 0
        self.tally: Tally | None = None

    @classmethod
    def of(cls, text: str) -> "_Section":
        login = LOGIN.search(text)
        declared = PARTICIPANTS.search(text)
        school = text[: login.start()] if login else text.partition("|")[0]
        number = next((n for n in declared.groups() if n), None) if declared else None
        return cls(
            login[1] if login else "",
            school.strip(" ,;|"),
            int(number) if number else None,
        )
