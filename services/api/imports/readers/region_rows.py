"""Rows of region-wide files of ВПР: the keys that all have, and their faults."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    number_of,
    text_of,
    whole_number_of,
)
from services.api.imports.readers.mark_columns import (
    GRADE,
    LOGIN,
    MUNICIPALITY,
    PARTICIPANTS,
    SCHOOL,
    SUBJECT,
    YEAR,
)
from services.api.imports.readers.rows import BadRow, RowNames
from shared.domain.errors import Fault, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE

_REMEMBERED = 1 << 14
_YEAR = re.compile(r"(\d{4})(?:\s*г(?:\.|од)?)?")
_GRADE = re.compile(r"(\d{1,2})(?:\s*(?:-?й)?\s*кл(?:\.|асс)?)?")


@lru_cache(_REMEMBERED, typed=True)
def _names(subject: Cell, municipality: Cell, school: Cell, login: Cell) -> RowNames:
    cells = (subject, municipality, school, login)
    return RowNames(*("" if is_blank(cell) else text_of(cell) for cell in cells))


@lru_cache(_REMEMBERED, typed=True)
def _found_in(cell: Cell, form: re.Pattern[str]) -> int | None:
    found = form.fullmatch(text_of(cell).casefold())
    return int(found[1]) if found else None


class RegionRow:
    """Reads one row cell by cell, and keeps every fault it meets."""

    def __init__(self, sheet: str, row: int, cells: Mapping[str, Cell]) -> None:
        """Read `cells`, which are by the titles of their columns."""
        self.sheet = sheet
        self.row = row
        self.cells = cells
        self.faults: list[Fault] = []

    def key(self) -> dict[str, int]:
        """Return ``year`` and ``grade`` as the file names them."""
        return {
            "year": self._number_in(YEAR, _YEAR, FIRST_YEAR, LAST_YEAR),
            "grade": self._number_in(GRADE, _GRADE, FIRST_GRADE, LAST_GRADE),
        }

    def names(self) -> RowNames:
        """Return what the row calls its subject, municipality and school."""
        if is_blank(self.cells[SUBJECT]):
            self.blame(SUBJECT, "Ячейка не заполнена.", "The cell is empty.")
        cells = self.cells
        return _names(cells[SUBJECT], cells[MUNICIPALITY], cells[SCHOOL], cells[LOGIN])

    def count(self, column: str = PARTICIPANTS) -> int | None:
        """Return a number of pupils, or blame what stands there."""
        number = whole_number_of(self.cells[column])
        if number is None or number < 0:
            self.blame(
                column,
                "Ожидается целое число учеников.",
                "A whole number of pupils is expected.",
            )
            return None
        return number

    def share(self, column: str) -> float | None:
        """Return a percentage, 0 where nothing is entered, or blame what stands there.

        Cells in the spreadsheet's own percent format come as fractions of 1.
        """
        cell = self.cells[column]
        share = 0.0 if is_blank(cell) else number_of(cell)
        if share is None:
            self.blame(
                column,
                "Ожидается доля в процентах, например 12,5.",
                "A percentage is expected, such as 12.5.",
            )
        return share

    def blame(self, column: str, ru: str, en: str) -> None:
        """Keep a fault of a column, with what stands there."""
        self.keep(Fault(reason=Text(ru, en), column=column))

    def keep(self, fault: Fault) -> None:
        """Keep a fault, with its place and what stands in its column."""
        cell = self.cells.get(fault.column or "")
        value = fault.value if cell is None else text_of(cell)
        self.faults.append(replace(fault, sheet=self.sheet, row=self.row, value=value))

    def bad(self, names: RowNames) -> BadRow:
        """Return the row with all its faults."""
        return BadRow(self.sheet, self.row, tuple(self.faults), names, self.cells)

    def _number_in(
        self, column: str, form: re.Pattern[str], first: int, last: int
    ) -> int:
        number = _found_in(self.cells[column], form) or 0
        if not first <= number <= last:
            self.blame(
                column,
                f"Ожидается целое число от {first} до {last}.",
                f"A whole number from {first} to {last} is expected.",
            )
        return number
