"""Reading a table from a text file, row by row, whatever wrote it."""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO, Final

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import Cell
from services.api.imports.readers.options import Meter
from services.api.imports.readers.tables import NumberedRow, Sheet
from shared.domain.errors import Text

SHEET: Final = "CSV"
_ZIP_SIGNATURE = b"PK\x03\x04"
_OLE_SIGNATURE = bytes.fromhex("D0CF11E0")
_CHUNK = 1 << 20
_START = 1 << 13
_LONGEST_LINE = 1 << 20
_DELIMITERS = ";\t,"
# With these a spreadsheet program begins what it calls Unicode text.
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_text(file: BinaryIO) -> bool:
    """Say whether a file is text, rather than a workbook; it is left at its start."""
    start = file.read(_CHUNK)
    file.seek(0)
    if start.startswith(_UTF16_MARKS):
        return True
    is_workbook = start.startswith((_ZIP_SIGNATURE, _OLE_SIGNATURE))
    return bool(start) and not is_workbook and b"\0" not in start


def text_sheet(file: BinaryIO, meter: Meter) -> Sheet:
    """Return the table of a text file, to be read once.

    The text is UTF-8, with or without a mark at its start, UTF-16 with one, or
    windows-1251; cells are separated by semicolons, tabs or commas.

    Raises:
        UnreadableFileError: on reading, if a row is no row of such a table.
    """
    return Sheet(SHEET, _rows(file, meter))


def _rows(file: BinaryIO, meter: Meter) -> Iterator[NumberedRow]:
    encoding = _encoding(file)
    file.seek(0)
    start = file.read(_START).decode(encoding, errors="replace")
    delimiter = max(_DELIMITERS, key=start.count)
    file.seek(0)
    reader = csv.reader(_lines(file, encoding), delimiter=delimiter)
    try:
        for row in reader:
            meter.read += 1
            cells: list[Cell] = [*row]
            yield reader.line_num, cells
    except (csv.Error, UnicodeDecodeError):
        # The error itself would show what stands in the file.
        raise _unreadable() from None


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder, rest = codecs.getincrementaldecoder(encoding)(), ""
    while chunk := file.read(_START):
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
        if len(rest) > _LONGEST_LINE:
            yield rest
            rest = ""
    if rest := rest + decoder.decode(b"", final=True):
        yield rest


def _encoding(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    if file.read(len(codecs.BOM_UTF16)) in _UTF16_MARKS:
        return "utf-16"
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


def _unreadable() -> UnreadableFileError:
    return UnreadableFileError(
        Text(
            "Текст файла не читается как таблица: сохраните её как CSV UTF-8 с "
            "разделителем «;».",
            "The text of the file cannot be read as a table: save it as CSV UTF-8, "
            "separated by semicolons.",
        )
    )
