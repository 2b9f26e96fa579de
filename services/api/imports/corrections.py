"""The bad rows of a file as a workbook to correct: each bad cell says what is wrong."""

import asyncio
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.api.imports import repository
from services.api.imports.formats import FORMATS
from services.api.imports.records import Action, StoredFault, StoredLine
from services.api.imports.refusals import no_corrections, unknown_import
from shared.persistence.work import Work

MOST_ROWS: Final = 20_000
FIRST_COLUMN: Final = 0
_LONGEST_NAME: Final = 31
_COLUMN_WIDTH: Final = 18
_COMMENT: Final = {"x_scale": 3, "y_scale": 2, "author": "Podyom"}


async def read_corrections(work: Work, import_id: int) -> bytes:
    """Return the bad rows of a file as a workbook.

    Raises:
        ImportNotFoundError: the caller sees no such file.
        NoCorrectionsError: it has none, or none that mean something by themselves.
    """
    file = await repository.read_import(work, import_id)
    if file is None:
        raise unknown_import(import_id)
    columns = FORMATS[file.file_format].columns
    lines = await repository.list_lines(
        work, import_id, action=Action.BAD, after=0, limit=MOST_ROWS
    )
    kept = [line for line in lines if line.cells]
    if not kept:
        raise no_corrections(file)
    return await asyncio.to_thread(write_corrections, kept, columns)


def write_corrections(lines: Iterable[StoredLine], columns: tuple[str, ...]) -> bytes:
    """Return an `.xlsx` with these rows under the titles of their format.

    Sheets have the names that they had. A fault without a cell of its own is told in
    the first one.
    """
    target = io.BytesIO()
    # A text that begins with = is a text, not a formula.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        form = _Form(book, columns)
        for line in lines:
            form.add(line)
    return target.getvalue()


class _Form:
    """The sheets of the workbook, made when the first row of each comes."""

    def __init__(self, book: xlsxwriter.Workbook, columns: tuple[str, ...]) -> None:
        self._book = book
        self._columns = columns
        self._bold = book.add_format({"bold": True, "text_wrap": True})
        self._wrong = book.add_format({"bg_color": "#FFC7CE"})
        self._sheets: dict[str, tuple[Worksheet, int]] = {}

    def add(self, line: StoredLine) -> None:
        """Write a row, and a comment at each of its bad cells."""
        sheet, row = self._next_row(line.sheet)
        told = _comments(line.faults, self._columns)
        cells = line.cells or {}
        for place, title in enumerate(self._columns):
            look = self._wrong if place in told else None
            _write(sheet, row, place, cells.get(title, ""), look)
        for place, comment in told.items():
            sheet.write_comment(row, place, comment, _COMMENT)

    def _next_row(self, name: str) -> tuple[Worksheet, int]:
        if name not in self._sheets:
            sheet = self._book.add_worksheet(name[:_LONGEST_NAME])
            sheet.set_column(0, len(self._columns) - 1, _COLUMN_WIDTH)
            sheet.write_row(0, 0, self._columns, self._bold)
            sheet.freeze_panes(1, 0)
            self._sheets[name] = (sheet, 0)
        sheet, row = self._sheets[name]
        self._sheets[name] = (sheet, row + 1)
        return sheet, row + 1


def _write(
    sheet: Worksheet, row: int, place: int, cell: Any, look: Format | None
) -> None:
    if cell == "" and look is not None:
        sheet.write_blank(row, place, None, look)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, look)
    else:
        sheet.write(row, place, cell, look)


def _comments(
    faults: Iterable[StoredFault], columns: tuple[str, ...]
) -> Mapping[int, str]:
    """Return what is wrong by the place of the column, in both languages."""
    told: dict[int, list[str]] = {}
    for fault in faults:
        for place in _places(fault["column"], columns):
            text = f"{fault['reason_ru']}\n{fault['reason_en']}"
            told.setdefault(place, []).append(text)
    return {place: "\n\n".join(texts) for place, texts in told.items()}


def _places(column: str | None, columns: tuple[str, ...]) -> list[int]:
    """Return where a fault belongs; one of several columns names them all."""
    named = [] if column is None else [column, *column.split(", ")]
    places = {columns.index(name) for name in named if name in columns}
    return sorted(places) or [FIRST_COLUMN]
