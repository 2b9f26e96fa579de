"""The sample upload: synthetic results as a «Статистика по отметкам» workbook."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO

import xlsxwriter

from services.api.demo.results import DemoResult
from services.api.imports.readers.mark_columns import TITLES

SYNTHETIC_TITLE = "СИНТЕТИЧЕСКИЕ ДАННЫЕ / SYNTHETIC DATA"
# A fixed date of creation: the same results give the same bytes.
_CREATED = datetime(2020, 9, 1, tzinfo=UTC)
_FIRST_ROW = 3


def mark_statistics_name(year: int) -> str:
    """Return the file name of the sample upload for `year`."""
    return f"statistika-po-otmetkam-{year}.xlsx"


def write_mark_statistics(
    results: Iterable[DemoResult], target: BinaryIO, *, title: str = SYNTHETIC_TITLE
) -> int:
    """Write a format-3 workbook with percentages of two decimals.

    `title` stands above the header and says what the data are.

    Returns:
        How many rows were written below the header.
    """
    workbook = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False}
    )
    workbook.set_properties({"created": _CREATED, "title": title})
    bold = workbook.add_format({"bold": True})
    percent = workbook.add_format({"num_format": "0.00"})
    sheet = workbook.add_worksheet("Статистика по отметкам")
    sheet.write_string(0, 0, title, bold)
    headers = [int(text) if text.isdigit() else text for text in TITLES]
    sheet.write_row(_FIRST_ROW - 1, 0, headers, bold)
    sheet.freeze_panes(_FIRST_ROW, 0)
    rows = [_row(result) for result in results]
    for number, figures in enumerate(rows, start=_FIRST_ROW):
        sheet.write_row(number, 0, figures[:-4])
        sheet.write_row(number, len(figures) - 4, figures[-4:], percent)
    workbook.close()
    return len(rows)


def _row(result: DemoResult) -> tuple[str | float, ...]:
    school = result.school
    return (
        result.year,
        result.sitting.programme_grade,
        result.subject_text,
        school.municipality,
        school.name,
        school.login,
        result.counts.n,
        *result.counts.percentages,
    )
