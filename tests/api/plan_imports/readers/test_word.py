"""A Word table is read as its reader sees it: merged cells, Word's own numbers."""

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from services.api.imports.readers.archive import UnreadableFileError
from services.api.plan_imports.readers.opening import read_tables
from services.api.plan_imports.readers.word import DOCUMENT


def numbered(cell: Any, level: int) -> None:
    """Let Word number the cell's paragraph."""
    listed = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", 7)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        listed.append(element)
    cell.paragraphs[0]._p.get_or_add_pPr().append(listed)  # noqa: SLF001 (no other way)


def test_merged_cells_and_numbers_that_word_counts_are_read() -> None:
    document = Document()
    table = document.add_table(5, 3)
    for place, text in enumerate(("№", "Мероприятие", "Срок")):
        table.cell(0, place).text = text
    table.cell(1, 0).merge(table.cell(1, 2)).text = "Задача 1"
    for row, level in ((2, 0), (3, 1), (4, 0)):
        numbered(table.cell(row, 0), level)
        table.cell(row, 1).text = f"Строка {row}"
    table.cell(2, 2).merge(table.cell(3, 2)).text = "Май 2021"
    table.cell(4, 2).paragraphs[0].add_run("Июнь").add_break()
    table.cell(4, 2).paragraphs[0].add_run("2021")
    saved = io.BytesIO()
    document.save(saved)
    saved.seek(0)
    (read,) = read_tables(saved)
    assert [row.cells for row in read.rows] == [
        ("№", "Мероприятие", "Срок"),
        ("Задача 1", "", ""),
        ("1.", "Строка 2", "Май 2021"),
        ("1.1.", "Строка 3", "Май 2021"),
        ("2.", "Строка 4", "Июнь 2021"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"<w:document",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'[:-1],
        b" " * (25 << 20),
    ],
    ids=["broken", "entity", "huge"],
)
def test_a_document_that_is_broken_or_unpacks_to_too_much_is_refused(
    content: bytes,
) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, content)
    packed.seek(0)
    with pytest.raises(UnreadableFileError):
        read_tables(packed)
