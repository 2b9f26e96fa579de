"""Writing a report as a Word document."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from services.api.mentoring.docx_forms import UNPRINTABLE, archived
from services.api.programme_reports.paper_parts import Cell, Paper, Table

FONT: Final = "Times New Roman"
SIGNED: Final = (
    "Руководитель ____________________ /____________________/",
    "Исполнитель ____________________ /____________________/",
)
NOTHING: Final = "Нет сведений."


def write_document(paper: Paper, *, made_at: datetime) -> bytes:
    """Return the report as DOCX, A4 across; equal inputs, equal bytes."""
    document = Document()
    _lay_out(document)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(_printable(paper.title)).bold = True
    for line in paper.lines:
        document.add_paragraph(_printable(line))
    for table in paper.tables:
        _write_table(document, table)
    for line in SIGNED:
        document.add_paragraph(line).paragraph_format.space_before = Pt(18)
    properties = document.core_properties
    properties.title = _printable(paper.title)[:255]
    properties.author = properties.last_modified_by = ""
    properties.created = properties.modified = made_at
    return archived(document)


def _lay_out(document: DocxDocument) -> None:
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    (section,) = document.sections
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.5)


def _write_table(document: DocxDocument, table: Table) -> None:
    heading = document.add_paragraph()
    heading.paragraph_format.space_before = Pt(12)
    heading.paragraph_format.keep_with_next = True
    heading.add_run(_printable(table.title)).bold = True
    if not table.rows:
        document.add_paragraph(NOTHING)
    else:
        grid = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
        _write_row(grid, table.columns, is_bold=True)
        for row in table.rows:
            _write_row(grid, [_text(cell) for cell in row])
    if table.note:
        document.add_paragraph(_printable(table.note))


def _write_row(grid: Any, texts: Sequence[str], *, is_bold: bool = False) -> None:
    for cell, text in zip(grid.add_row().cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(_printable(text))
        run.bold, run.font.size = is_bold, Pt(9)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return "—"
        case float() | Decimal():
            return str(cell).replace(".", ",")
        case _:
            return str(cell)


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)
