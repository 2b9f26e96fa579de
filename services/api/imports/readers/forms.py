"""Our own forms: a dataset's columns, named in code or by title, and rows below.

What a person filled in, and what an export gave, are read alike. Columns that the
system gives are passed over, but for the school's name, which may stand for its number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Final

from services.api.datasets.columns import Column, Need
from services.api.datasets.dataset import Dataset
from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.form_cells import UnreadableCellError, value_of
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import BadRow, ImportedRow, ReadRow, RowNames
from services.api.imports.readers.tables import (
    HEADER_WITHIN_ROWS,
    Sheet,
    open_workbook,
    title_key,
)
from services.api.imports.readers.text_tables import is_text, text_sheet
from shared.domain.errors import Fault, Text

SCHOOL_ID: Final = "school_id"
SCHOOL_NAME: Final = "school_name"
MUNICIPALITY_ID: Final = "municipality_id"
_EMPTY: Final = Text("Ячейка не заполнена.", "The cell is empty.")
# A form's second sheet explains its columns.
DICTIONARY: Final = "Словарь"


@dataclass(frozen=True, slots=True)
class FormReader:
    """Reads rows of one dataset, whose key columns are `key`."""

    dataset: Dataset
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that people fill in."""
        return tuple(
            column
            for column in self.dataset.columns
            if column.need is not Need.SYSTEM and column.name != MUNICIPALITY_ID
        )

    @property
    def titles(self) -> tuple[str, ...]:
        """The names of these columns, with that of the school."""
        names = tuple(column.name for column in self.columns)
        return (SCHOOL_NAME, *names) if SCHOOL_ID in names else names

    def __call__(self, file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
        """Read the rows of a workbook or of a text file.

        Raises:
            UnreadableFileError: no sheet has the columns that must be filled in.
        """
        if is_text(file):
            yield from self._sheet_rows(text_sheet(file, options.meter))
            return
        with open_workbook(file, options.meter) as sheets:
            for sheet in sheets:
                if sheet.name != DICTIONARY:
                    yield from self._sheet_rows(sheet)

    def _sheet_rows(self, sheet: Sheet) -> Iterator[ReadRow]:
        positions = self._header(sheet)
        titles = {
            title_key(column.title.ru)
            for column in self.dataset.columns
            if column.name in positions
        }
        for number, cells in sheet.rows:
            row = {
                name: cells[place]
                for name, place in positions.items()
                if place < len(cells)
            }
            if all(is_blank(cell) for cell in row.values()):
                continue
            if self._is_titles(row, titles):
                continue
            yield _FormRow(self, sheet.name, number, row).result()

    def _header(self, sheet: Sheet) -> dict[str, int]:
        """Return where each of the form's columns stands."""
        spellings = self._spellings()
        missing: set[str] = set()
        for _, cells in islice(sheet.rows, HEADER_WITHIN_ROWS):
            found: dict[str, int] = {}
            for place, cell in enumerate(cells):
                name = spellings.get(title_key(cell))
                if name is not None:
                    found.setdefault(name, place)
            lacking = self._required() - found.keys()
            if SCHOOL_NAME in found:
                lacking -= {SCHOOL_ID}
            if found and not lacking:
                return found
            if found and (not missing or len(lacking) < len(missing)):
                missing = lacking
        raise self._no_header(sheet.name, missing or self._required())

    def _spellings(self) -> dict[str, str]:
        wanted = set(self.titles)
        return {
            title_key(spelling): column.name
            for column in self.dataset.columns
            if column.name in wanted
            for spelling in self._spellings_of(column)
        }

    def _spellings_of(self, column: Column) -> Iterator[str]:
        yield from (column.name, column.title.ru, column.title.en)
        if column.unit is not None:
            yield f"{column.title.ru}, {column.unit.ru}"

    def _required(self) -> set[str]:
        needed = (each for each in self.columns if each.need is Need.REQUIRED)
        return {column.name for column in needed}

    def _is_titles(self, row: Mapping[str, Cell], titles: set[str]) -> bool:
        """Tell whether a row repeats the titles, as the third of a form does."""
        filled = [title_key(cell) for cell in row.values() if not is_blank(cell)]
        return all(any(text.startswith(title) for title in titles) for text in filled)

    def _no_header(self, sheet: str, missing: set[str]) -> UnreadableFileError:
        listed = ", ".join(name for name in self.titles if name in missing)
        code = self.dataset.code
        reason = Text(
            f"Лист «{sheet}»: в заголовке нет столбцов {listed}. Возьмите пустую "
            f"форму: GET /v1/export-datasets/{code}/template.",
            f"Sheet “{sheet}”: the header lacks the columns {listed}. Take the empty "
            f"form: GET /v1/export-datasets/{code}/template.",
        )
        return UnreadableFileError(reason, faults=[Fault(reason=reason, sheet=sheet)])


class _FormRow:
    """Reads one row cell by cell, and keeps every fault it meets."""

    def __init__(
        self, reader: FormReader, sheet: str, number: int, cells: Mapping[str, Cell]
    ) -> None:
        self._reader = reader
        self._sheet = sheet
        self._number = number
        self._cells = cells
        self._faults: list[Fault] = []

    def result(self) -> ImportedRow | BadRow:
        values = {
            column.name: self._value(column)
            for column in self._reader.columns
            if column.name in self._cells
        }
        school = self._cells.get(SCHOOL_NAME, "")
        names = RowNames("", "", "" if is_blank(school) else text_of(school), "")
        sheet, number = self._sheet, self._number
        if self._faults:
            faults, cells = tuple(self._faults), self._cells
            return BadRow(sheet, number, faults, names, cells)
        keys = self._reader.key
        key = {name: values.pop(name, None) for name in keys}
        if SCHOOL_ID not in keys and SCHOOL_ID in values:
            key[SCHOOL_ID] = values.pop(SCHOOL_ID)
        return ImportedRow(sheet, number, names, key, values, cells=self._cells)

    def _value(self, column: Column) -> Any:
        cell = self._cells[column.name]
        try:
            value = value_of(cell, column, is_key=column.name in self._reader.key)
        except UnreadableCellError as error:
            expected = error.expected
            self._blame(
                column,
                Text(
                    f"Здесь должно быть: {expected.ru}.",
                    f"Expected here: {expected.en}.",
                ),
            )
            return None
        is_school = column.name == SCHOOL_ID and SCHOOL_NAME in self._cells
        if value is None and column.need is Need.REQUIRED and not is_school:
            self._blame(column, _EMPTY)
        return value

    def _blame(self, column: Column, reason: Text) -> None:
        self._faults.append(
            Fault(
                reason=reason,
                sheet=self._sheet,
                row=self._number,
                column=column.name,
                value=text_of(self._cells[column.name]),
            )
        )
