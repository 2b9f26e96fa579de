"""Reading the tables of an `.xlsx` workbook, one for each sheet."""

from datetime import date
from typing import BinaryIO, Final

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import Cell, text_of
from services.api.imports.readers.tables import open_workbook
from shared.domain.errors import Fault, Text
from shared.domain.plan_tables.tables import SourceTable, TableRow, cleaned

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200


def read_workbook(source: BinaryIO) -> list[SourceTable]:
    """Return the visible sheets; a cell that is a date reads as one.

    Raises:
        UnreadableFileError: it is no workbook, or a sheet has far more than a plan has.
    """
    tables: list[SourceTable] = []
    with open_workbook(source) as sheets:
        for sheet in sheets:
            rows: list[TableRow] = []
            for number, cells in sheet.rows:
                if number > MAX_ROWS:
                    raise _too_long(sheet.name)
                shown = tuple(cleaned(_shown(cell)) for cell in cells[:MAX_COLUMNS])
                if any(shown):
                    rows.append(TableRow(number, shown))
            tables.append(SourceTable(sheet.name, tuple(rows)))
    return tables


def _shown(cell: Cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else text_of(cell)


def _too_long(sheet: str) -> UnreadableFileError:
    reason = Text(
        f"На листе больше {MAX_ROWS} строк: оставьте в книге только план.",
        f"The sheet has over {MAX_ROWS} rows: leave nothing but the plan in the book.",
    )
    return UnreadableFileError(reason, faults=[Fault(reason=reason, sheet=sheet)])
