"""The sheet of a dataset, the same in an export and in an empty form.

Row 1 says what it is, row 2 has the columns' names in code, row 3 their titles; what
follows are rows of the dataset.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from services.api.datasets.columns import Column, Kind
from services.api.datasets.dataset import Dataset
from services.api.exports.cells import Cell, cell_of

SYNTHETIC_TITLE: Final = "СИНТЕТИЧЕСКИЕ ДАННЫЕ / SYNTHETIC DATA"
LONGEST_SHEET_NAME: Final = 31
FIRST_ROW: Final = 3
WIDTH: Final = 18
FORMATS: Final = {
    Kind.DATE: "yyyy-mm-dd",
    Kind.DECIMAL: "0.00",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
}


def heading_of(dataset: Dataset, *, is_synthetic: bool) -> str:
    """Return the first row of an export, which says so where data are generated."""
    title = dataset.title.ru
    return f"{SYNTHETIC_TITLE}. {title}" if is_synthetic else title


def titled(column: Column) -> str:
    """Return the column's Russian title with its unit."""
    unit = column.unit
    return column.title.ru if unit is None else f"{column.title.ru}, {unit.ru}"


class Sheet:
    """A sheet being written from the top; it holds one row at a time in memory."""

    def __init__(self, workbook: Any, dataset: Dataset, heading: str) -> None:
        self.sheet = workbook.add_worksheet(_sheet_name(dataset.title.ru))
        self.next_row = FIRST_ROW
        self._kinds = [column.kind for column in dataset.columns]
        self._formats = {
            kind: workbook.add_format({"num_format": pattern})
            for kind, pattern in FORMATS.items()
        }
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        code = workbook.add_format({"italic": True, "font_color": "#808080"})
        self.sheet.set_column(0, len(dataset.columns) - 1, WIDTH)
        self.sheet.freeze_panes(FIRST_ROW, 0)
        self.sheet.write_string(0, 0, heading, workbook.add_format({"bold": True}))
        for index, column in enumerate(dataset.columns):
            self.sheet.write_string(1, index, column.name, code)
        for index, column in enumerate(dataset.columns):
            self.sheet.write_string(2, index, titled(column), bold)

    def write_row(self, values: Sequence[Any]) -> None:
        """Write the next row; texts stay texts, whatever they begin with."""
        for index, (value, kind) in enumerate(zip(values, self._kinds, strict=True)):
            cell = cell_of(value, kind)
            if cell is not None:
                self._write(index, cell, kind)
        self.next_row += 1

    def _write(self, index: int, cell: Cell, kind: Kind) -> None:
        row = self.next_row
        match cell:
            case str():
                self.sheet.write_string(row, index, cell)
            case bool():
                self.sheet.write_boolean(row, index, cell)
            case Decimal():
                self.sheet.write_number(row, index, cell, self._formats[kind])
            case int() | float():
                self.sheet.write_number(row, index, cell)
            case _:
                self.sheet.write_datetime(row, index, cell, self._formats[kind])


def _sheet_name(title: str) -> str:
    return title.translate(str.maketrans("", "", "[]:*?/\\"))[:LONGEST_SHEET_NAME]
