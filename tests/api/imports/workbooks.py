"""Workbooks made for the tests of reading."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

HEADER: tuple[object, ...] = (
    "Год",
    "Класс",
    "Предмет",
    "Муниципалитет",
    "ОО",
    "Логин",
    "Кол-во участников",
    2,
    3,
    4,
    5,
)
ILINKA: tuple[object, ...] = (
    2019,
    4,
    "Русский язык",
    "Ужурский район",
    "МБОУ «Ильинская СОШ»",
    "sch240001",
    25,
    12,
    28,
    40,
    20,
)


NAMES = (
    "year",
    "grade",
    "subject",
    "municipality",
    "school",
    "login",
    "n",
    "two",
    "three",
    "four",
    "five",
)


def row(**changes: object) -> list[object]:
    """Return a sound row with some cells changed: ``row(n=0, two="x")``."""
    cells = dict(zip(NAMES, ILINKA, strict=True))
    assert changes.keys() <= cells.keys()
    return [*(cells | changes).values()]


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> io.BytesIO:
    """Make an `.xlsx` with these sheets."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    book.close()
    target.seek(0)
    return target


def statistics(*rows: Sequence[object]) -> io.BytesIO:
    """Make a «Статистика по отметкам» with the usual header in row 1."""
    return workbook({"ВПР": [HEADER, *rows]})


def failing(*rows: Sequence[object], formula_in: int) -> io.BytesIO:
    """Make a sheet whose last row divides by zero in one column."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("ВПР")
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    sheet.write_formula(len(rows) - 1, formula_in, "=1/0", None, "#DIV/0!")
    book.close()
    target.seek(0)
    return target
