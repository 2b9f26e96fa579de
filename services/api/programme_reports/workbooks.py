"""Writing a report as a workbook, a sheet for each of its tables."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from services.api.programme_reports.paper_parts import Cell, Paper, Table

FIRST_ROW: Final = 3
NARROW, WIDE = 12, 40
LONG: Final = 20  # characters, beyond which a column is wide


def write_workbook(paper: Paper, *, made_at: datetime) -> bytes:
    """Return the report as XLSX; equal inputs, equal bytes."""
    target = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        created = made_at.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": paper.title[:255], "created": created})
        looks = {
            "bold": workbook.add_format({"bold": True}),
            "head": workbook.add_format({"bold": True, "text_wrap": True, "border": 1}),
            "cell": workbook.add_format(
                {"text_wrap": True, "border": 1, "valign": "top"}
            ),
            "money": workbook.add_format(
                {"num_format": "#,##0.00", "border": 1, "valign": "top"}
            ),
        }
        for table in paper.tables:
            _write_sheet(workbook.add_worksheet(table.tab), paper, table, looks)
    return target.getvalue()


def _write_sheet(sheet: Any, paper: Paper, table: Table, looks: dict[str, Any]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, f"{paper.title}. {'. '.join(paper.lines)}", looks["bold"])
    sheet.write_string(1, 0, table.title, looks["bold"])
    for index, title in enumerate(table.columns):
        is_long = any(len(str(row[index])) > LONG for row in table.rows)
        sheet.set_column(index, index, WIDE if is_long else NARROW)
        sheet.write_string(FIRST_ROW - 1, index, title, looks["head"])
    for number, row in enumerate(table.rows, start=FIRST_ROW):
        for index, cell in enumerate(row):
            _write(sheet, number, index, cell, looks)
    if table.note:
        below = FIRST_ROW + len(table.rows) + 1
        sheet.write_string(below, 0, table.note)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(FIRST_ROW - 1)


def _write(
    sheet: Any, row: int, column: int, cell: Cell, looks: dict[str, Any]
) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, looks["cell"])
        case str():
            sheet.write_string(row, column, cell, looks["cell"])
        case Decimal():
            sheet.write_number(row, column, cell, looks["money"])
        case _:
            sheet.write_number(row, column, cell, looks["cell"])
