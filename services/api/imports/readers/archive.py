"""Taking from an untrusted workbook only what may be read, within bounds."""

import re
import shutil
import zipfile
import zlib
from typing import IO, BinaryIO, NoReturn

from services.api.imports.readers.extents import (
    Extent,
    column_number,
    usual_extent,
)
from services.api.imports.readers.pieces import (
    MAX_REPEATED_BYTES,
    CuttableSheet,
    RowOrder,
)
from shared.domain.errors import InvalidInputError, Text

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_STRINGS_BYTES = 64 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_PARTS = 1_000

_OLE_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_ZIP_SIGNATURE = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|"
    r"xl/sharedStrings\.xml|xl/styles\.xml|xl/worksheets/[^/]+\.xml"
)
_CHUNK = 1 << 20
_LONGEST_TEXT = 4 << 20
# Only plain cells are let through: a reference that hid behind another attribute's text
# would escape the measuring.
_PLAIN_CELL = re.compile(
    rb"""<c(?:\s+(?:s|t|cm|vm|ph)=["'][^"'<>]*["'])*"""
    rb"""\s+r=["']([A-Za-z]{1,3})(\d{1,7})["'][\s/>]"""
)
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
# Of the tags of a sheet that begin with c, all but the cell's begin with one of these.
_OTHER_TAGS = (b"<co", b"<cf", b"<cu", b"<ce")


class UnreadableFileError(InvalidInputError):
    """The file is not a workbook that can be read; nothing in it was looked at."""

    code = "unreadable_file"
    title = Text("Файл не читается", "The file cannot be read")


def copy_readable_parts(source: BinaryIO, target: IO[bytes]) -> CuttableSheet | None:
    """Copy the sheets of the `.xlsx` in `source` to `target`, uncompressed.

    Whoever reads `target` cannot be made to unpack more than was measured here, nor to
    lay out a sheet of more than `MAX_CELLS` cells because of one distant cell.

    Returns:
        The sheet, where there is but one, and it is large and can be cut.

    Raises:
        UnreadableFileError: not an `.xlsx`, encrypted, damaged, or too large.
    """
    _require_zip(source)
    try:
        with zipfile.ZipFile(source) as packed:
            _require_workbook(packed)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as stored:
                return _copy_parts(packed, stored)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
        ValueError,
    ) as error:
        raise damaged() from error


def damaged() -> UnreadableFileError:
    """Say that the file is broken or unusual, and what usually mends it."""
    return UnreadableFileError(
        Text(
            "Файл повреждён или записан необычной программой. Откройте его в "
            "табличном редакторе, сохраните как .xlsx и загрузите снова.",
            "The file is damaged or was written by an unusual program. Open it in a "
            "spreadsheet program, save it as .xlsx and upload it again.",
        )
    )


def empty() -> UnreadableFileError:
    """Say that there is nothing to read."""
    return UnreadableFileError(
        Text(
            "В файле нет данных: все видимые листы пусты.",
            "The file holds no data: all visible sheets are empty.",
        )
    )


def _require_zip(source: BinaryIO) -> None:
    source.seek(0)
    start = source.read(_CHUNK)
    source.seek(0)
    if start.startswith(_ZIP_SIGNATURE):
        return
    if not start:
        _refuse("Файл пуст.", "The file is empty.")
    if start.startswith(_OLE_SIGNATURE):
        if _ENCRYPTED_PART in start:
            _refuse(
                "Файл защищён паролем: снимите пароль и загрузите снова.",
                "The file is encrypted: remove the password and upload it again.",
            )
        _refuse(
            "Это файл старого формата .xls: сохраните его как .xlsx.",
            "This is a file of the old .xls format: save it as .xlsx.",
        )
    _refuse(
        "Это не книга .xlsx, хотя файл может так называться: сохраните таблицу как "
        "«Книга Excel (.xlsx)».",
        "This is not an .xlsx workbook, whatever its name: save the table as "
        "“Excel workbook (.xlsx)”.",
    )


def _require_workbook(packed: zipfile.ZipFile) -> None:
    names = packed.namelist()
    if len(names) > MAX_PARTS or len(names) != len(set(names)):
        raise damaged()
    if _WORKBOOK not in names:
        _refuse(
            "В файле нет листов: это не книга .xlsx. Сохраните таблицу как .xlsx.",
            "The file has no sheets: it is no .xlsx workbook. Save the table as .xlsx.",
        )


def _copy_parts(
    packed: zipfile.ZipFile, stored: zipfile.ZipFile
) -> CuttableSheet | None:
    bytes_left, cells_left = MAX_UNPACKED_BYTES, MAX_CELLS
    sheets: list[CuttableSheet | None] = []
    repeated = 0
    for part in packed.infolist():
        if not _NEEDED.fullmatch(part.filename):
            continue
        is_sheet = part.filename.startswith("xl/worksheets/")
        bytes_left -= part.file_size
        if bytes_left < 0 or not (is_sheet or part.file_size <= MAX_STRINGS_BYTES):
            _refuse_size()
        # Reading stops at the declared size, so a false declaration gains nothing.
        name = zipfile.ZipInfo(part.filename)
        with packed.open(part) as unpacked, stored.open(name, "w") as copy:
            if is_sheet:
                order = RowOrder()
                extent = _copy_measured(unpacked, copy, cells_left, order)
                cells_left -= extent.rows * extent.columns
                sheet = CuttableSheet(part.filename, extent)
                sheets.append(sheet if order.can_cut(part.file_size) else None)
            else:
                repeated += part.file_size
                shutil.copyfileobj(unpacked, copy, _CHUNK)
    is_only = len(sheets) == 1 and repeated <= MAX_REPEATED_BYTES
    return sheets[0] if is_only else None


def _copy_measured(
    sheet: IO[bytes], copy: IO[bytes], cells_left: int, order: RowOrder
) -> Extent:
    """Copy one sheet, and return how far it reaches when laid out."""
    rows, columns, carry = 0, 0, b""
    while chunk := sheet.read(_CHUNK):
        copy.write(chunk)
        text = carry + chunk
        end = text.rfind(b">") + 1
        tags, carry = text[:end], text[end:]
        if len(carry) > _LONGEST_TEXT or b"\0" in chunk or _PREFIXED_CELL.search(tags):
            raise damaged()
        reached = usual_extent(tags) or _extent(tags)
        order.look_at(tags)
        rows, columns = max(rows, reached.rows), max(columns, reached.columns)
        if rows * columns > cells_left:
            _refuse_size()
    return Extent(rows, columns)


def _extent(tags: bytes) -> Extent:
    """Return how far cells reach, or refuse if one of them could not be read."""
    expected = tags.count(b"<c") - sum(tags.count(other) for other in _OTHER_TAGS)
    cells = _PLAIN_CELL.findall(tags)
    if len(cells) != expected:
        raise damaged()
    columns = map(column_number, {column for column, _ in cells})
    rows = map(int, {row for _, row in cells})
    return Extent(max(rows, default=0), max(columns, default=0))


def _refuse_size() -> NoReturn:
    _refuse(
        f"Таблица слишком велика (более {MAX_CELLS} ячеек или "
        f"{MAX_UNPACKED_BYTES >> 20} МБ): разделите её на несколько файлов или удалите "
        "пустые строки и столбцы за её краями.",
        f"The table is too large (over {MAX_CELLS} cells or "
        f"{MAX_UNPACKED_BYTES >> 20} MB): divide it into several files, or delete the "
        "empty rows and columns beyond its edges.",
    )


def _refuse(ru: str, en: str) -> NoReturn:
    raise UnreadableFileError(Text(ru, en))
