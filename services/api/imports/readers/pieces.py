"""Reading a large sheet piece by piece: whatever is read is laid out as a whole.

A sheet is cut between rows, and each piece is made a workbook of its own, which is read
while the rows of the piece before it are looked at.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from python_calamine import CalamineWorkbook

from services.api.imports.readers.cells import Cell
from services.api.imports.readers.extents import Extent

PIECE_BYTES = 1 << 21
MAX_REPEATED_BYTES = 1 << 20  # each piece has the texts of the whole workbook

_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_ROW_BEGIN = b'<row r="'
_ROW = re.compile(rb'<row r="(\d{1,7})"[^<>]*>')
_PIECE_END = b"</sheetData></worksheet>"


class DisorderedRowsError(Exception):
    """Cells stand in other rows than the sheet says: it should not have been cut."""


@dataclass(frozen=True, slots=True)
class CuttableSheet:
    """The only sheet of a workbook, which can be cut: its part, and how far it goes."""

    part: str
    extent: Extent


class RowOrder:
    """Whether a sheet is written so plainly that it can be cut between its rows."""

    def __init__(self) -> None:
        """Begin before the first piece of the sheet's XML."""
        self._is_plain = True
        self._is_begun = False
        self._last = 0

    def look_at(self, tags: bytes) -> None:
        """Look at the next piece of XML, which ends with a tag."""
        if not self._is_plain:
            return
        declared = 0 if self._is_begun else 1
        rows = [self._last, *map(int, _ROW.findall(tags))]
        self._is_plain = (
            (self._is_begun or tags.count(_BEGIN) == 1)
            and b"<!" not in tags  # where text may look like a row
            and tags.count(b"<?") <= declared
            and len(rows) - 1 == tags.count(b"<row ") + tags.count(b"<row>")
            and all(row < following for row, following in pairwise(rows))
        )
        self._is_begun = True
        self._last = rows[-1]

    def can_cut(self, size: int) -> bool:
        """Say whether it can be cut, all of it seen, and is large enough for that."""
        return self._is_plain and size > PIECE_BYTES


def read_pieces(path: str, sheet: CuttableSheet) -> Iterator[list[Cell]]:
    """Yield the rows of a sheet from its first one on, all of the same length.

    Args:
        path: A workbook whose parts are not compressed.
        sheet: Its sheet.

    Raises:
        CalamineError: a piece is damaged.
        DisorderedRowsError: the rows do not come in their order.
    """
    columns, number = sheet.extent.columns, 0
    with zipfile.ZipFile(path) as stored, ThreadPoolExecutor(1) as beside:
        pieces = _laid_out(stored, sheet.part)
        ahead = beside.submit(next, pieces, None)
        while (piece := ahead.result()) is not None:
            ahead = beside.submit(next, pieces, None)
            if piece.row < number:
                raise DisorderedRowsError
            for _ in range(number, piece.row):
                yield [""] * columns
            yield from piece.padded(columns)
            number = piece.row + len(piece.rows)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Cells that are filled, and where the first of them stands, counted from 0."""

    row: int
    column: int
    rows: list[list[Cell]]

    def padded(self, columns: int) -> Iterator[list[Cell]]:
        before = self.column
        after = columns - before - len(self.rows[0])
        if before or after:
            return ([""] * before + row + [""] * after for row in self.rows)
        return iter(self.rows)


def _laid_out(stored: zipfile.ZipFile, part: str) -> Iterator[_Piece]:
    others = {name: stored.read(name) for name in stored.namelist() if name != part}
    for xml in _cut(stored, part):
        with CalamineWorkbook.from_filelike(_workbook({**others, part: xml})) as book:
            sheet = book.get_sheet_by_index(0)
            if sheet.start is not None:
                row, column = sheet.start
                yield _Piece(row, column, sheet.to_python(skip_empty_area=True))


def _workbook(parts: Mapping[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    target.seek(0)
    return target


def _cut(stored: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield sheets that each have some of the rows; what follows the rows is left."""
    with stored.open(part) as xml:
        text = xml.read(PIECE_BYTES)
        while _BEGIN not in text:
            text += xml.read(PIECE_BYTES)
        head, _, text = text.partition(_BEGIN)
        head += _BEGIN
        while _END not in text and (more := xml.read(PIECE_BYTES)):
            text += more
            rows, begin, rest = text.rpartition(_ROW_BEGIN)
            if rows and _END not in text:
                yield head + rows + _PIECE_END
                text = begin + rest
        yield head + text.partition(_END)[0] + _PIECE_END
