"""Writing a dataset as CSV or as a workbook, a batch of rows at a time."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import IO, Any, Protocol

import xlsxwriter

from services.api.datasets.dataset import Dataset
from services.api.exports.cells import cell_of, csv_text
from services.api.exports.sheets import Sheet, heading_of
from shared.domain.errors import InvalidInputError, Text

LARGEST_SHEET = 1_048_576  # rows, of which a workbook's sheet has no more


class TooManyRowsError(InvalidInputError):
    """The dataset has more rows than a sheet of a workbook holds."""

    code = "too_many_rows"
    title = Text("Слишком много строк", "Too many rows")


class TableWriter(Protocol):
    """Writes rows as they come; the file is complete once it is closed."""

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows with the dataset's columns."""

    def close(self) -> None:
        """Complete the file and leave it open."""


class CsvWriter:
    """CSV for Russian spreadsheet programs: UTF-8 with BOM, «;», names in code."""

    def __init__(self, dataset: Dataset, target: IO[bytes]) -> None:
        self._kinds = [column.kind for column in dataset.columns]
        self._text = io.TextIOWrapper(
            target, encoding="utf-8-sig", newline="", write_through=False
        )
        self._rows = csv.writer(self._text, delimiter=";")
        self._rows.writerow([column.name for column in dataset.columns])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows with the dataset's columns."""
        self._rows.writerows(
            [
                csv_text(cell_of(value, kind))
                for value, kind in zip(row, self._kinds, strict=True)
            ]
            for row in rows
        )

    def close(self) -> None:
        """Complete the file and leave it open."""
        self._text.detach()


class WorkbookWriter:
    """A workbook whose rows go to the disk as they are written.

    Equal rows make equal bytes on the same day, which alone is told as its time.
    """

    def __init__(
        self,
        dataset: Dataset,
        target: IO[bytes],
        *,
        is_synthetic: bool,
        made_on: date,
    ) -> None:
        self._dataset = dataset
        self._workbook = xlsxwriter.Workbook(
            target, {"constant_memory": True, "strings_to_formulas": False}
        )
        made_at = datetime.combine(made_on, time())
        self._workbook.set_properties({"created": made_at})
        self._sheet = Sheet(
            self._workbook, dataset, heading_of(dataset, is_synthetic=is_synthetic)
        )

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows with the dataset's columns.

        Raises:
            TooManyRowsError: the sheet is full.
        """
        for row in rows:
            if self._sheet.next_row >= LARGEST_SHEET:
                raise _too_many(self._dataset)
            self._sheet.write_row(row)

    def close(self) -> None:
        """Complete the file and leave it open."""
        self._workbook.close()


def _too_many(dataset: Dataset) -> TooManyRowsError:
    title = dataset.title
    return TooManyRowsError(
        Text(
            f"«{title.ru}»: строк больше, чем вмещает лист ({LARGEST_SHEET}). Возьмите "
            "format=csv или сузьте выбор: municipality_id, academic_year.",
            f"'{title.en}': more rows than a sheet holds ({LARGEST_SHEET}). Take "
            "format=csv, or narrow the choice: municipality_id, academic_year.",
        )
    )
