"""Reading the tables of a Word document, without opening anything else of it."""

import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from services.api.imports.readers.archive import UnreadableFileError
from shared.domain.errors import Text
from shared.domain.plan_tables.tables import SourceTable, TableRow, cleaned

DOCUMENT: Final = "word/document.xml"
MAX_BYTES: Final = 24 << 20
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_LEVELS: Final = 9  # of Word's numbered lists
_TABLE, _ROW, _CELL = qn("w:tbl"), qn("w:tr"), qn("w:tc")
_PARAGRAPH, _TEXT, _TAB, _BREAK = qn("w:p"), qn("w:t"), qn("w:tab"), qn("w:br")
_SPAN, _MERGED, _VALUE = qn("w:gridSpan"), qn("w:vMerge"), qn("w:val")
_PROPERTIES = qn("w:tcPr")
_LIST, _LIST_ID, _LEVEL = qn("w:numPr"), qn("w:numId"), qn("w:ilvl")

Counters = dict[str, Counter[int]]


def is_word(source: BinaryIO) -> bool:
    """Tell whether a file is a Word document; it is left at its start."""
    try:
        with ZipFile(source) as packed:
            return DOCUMENT in packed.namelist()
    except (BadZipFile, ValueError, EOFError):
        return False
    finally:
        source.seek(0)


def read_word(source: BinaryIO) -> list[SourceTable]:
    """Return the tables of a document as a reader sees them, in its order.

    A cell over several columns stands in the first of them, one over several rows in
    each. Where the first column is numbered by Word, which keeps no numbers, they are
    counted.

    Raises:
        UnreadableFileError: the document is damaged or too large.
    """
    try:
        with ZipFile(source) as packed:
            if packed.getinfo(DOCUMENT).file_size > MAX_BYTES:
                raise _too_large()
            return _tables(parse_xml(packed.read(DOCUMENT)))
    except (
        BadZipFile,
        EOFError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        SyntaxError,
        ValueError,
        zlib.error,
    ) as error:
        raise _damaged() from error


def _tables(root: Any) -> list[SourceTable]:
    counters: Counters = {}
    return [
        SourceTable(f"таблица {number}", tuple(_rows(table, counters)))
        for number, table in enumerate(_outermost(root), start=1)
    ]


def _outermost(root: Any) -> Iterator[Any]:
    for table in root.iter(_TABLE):
        if next(table.iterancestors(_TABLE), None) is None:
            yield table


def _rows(table: Any, counters: Counters) -> Iterator[TableRow]:
    above: list[str] = []
    rows = table.findall(_ROW)
    if len(rows) > MAX_ROWS:
        raise _too_large()
    for number, row in enumerate(rows, start=1):
        cells = _cells(row, above, counters)
        if any(cells):
            yield TableRow(number, tuple(cells))
        above = cells


def _cells(row: Any, above: list[str], counters: Counters) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren(_CELL):
        place = len(cells)
        if place >= MAX_COLUMNS:
            break
        text = _text(cell)
        if _is_merged_up(cell):
            text = above[place] if place < len(above) else ""
        elif not text and place == 0:
            text = _counted(cell, counters)
        span = cell.find(f"./{_PROPERTIES}/{_SPAN}")
        width = int(span.get(_VALUE, "1")) if span is not None else 1
        cells += [text, *[""] * (min(width, MAX_COLUMNS) - 1)]
    return cells


def _text(cell: Any) -> str:
    paragraphs = (
        "".join(
            " " if part.tag != _TEXT else part.text or ""
            for part in paragraph.iter(_TEXT, _TAB, _BREAK)
        )
        for paragraph in cell.iter(_PARAGRAPH)
    )
    return cleaned(" ".join(paragraphs))


def _is_merged_up(cell: Any) -> bool:
    merged = cell.find(f"./{_PROPERTIES}/{_MERGED}")
    return merged is not None and merged.get(_VALUE) != "restart"


def _counted(cell: Any, counters: Counters) -> str:
    """Return the number that Word shows in a cell of a numbered list."""
    numbered = cell.find(f".//{_LIST}")
    if numbered is None:
        return ""
    listed, level = numbered.find(_LIST_ID), numbered.find(_LEVEL)
    depth = int(level.get(_VALUE, "0")) if level is not None else 0
    if listed is None or not 0 <= depth < MAX_LEVELS:
        return ""
    counter = counters.setdefault(listed.get(_VALUE, ""), Counter())
    counter[depth] += 1
    for deeper in range(depth + 1, MAX_LEVELS):
        counter[deeper] = 0
    return ".".join(str(max(counter[each], 1)) for each in range(depth + 1)) + "."


def _too_large() -> UnreadableFileError:
    return UnreadableFileError(
        Text(
            "Документ слишком велик: оставьте в нём только таблицу плана.",
            "The document is too large: leave nothing but the plan's table in it.",
        )
    )


def _damaged() -> UnreadableFileError:
    return UnreadableFileError(
        Text(
            "Документ повреждён: откройте его в Word, сохраните как .docx и загрузите "
            "снова.",
            "The document is damaged: open it in Word, save it as .docx and upload it "
            "again.",
        )
    )
