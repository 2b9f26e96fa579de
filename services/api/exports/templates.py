"""The empty form of a dataset: its sheet, and the dictionary of its columns."""

import io
from typing import Any, Final

import xlsxwriter

from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.exports.sheets import FIRST_ROW, WIDTH, Sheet

DICTIONARY: Final = "Словарь"
HEADINGS: Final = (
    "Столбец",
    "Название",
    "Title",
    "Тип",
    "Единица",
    "Допустимые значения",
    "Заполнение",
)
KINDS: Final = {
    Kind.INTEGER: "целое число",
    Kind.NUMBER: "число",
    Kind.DECIMAL: "число с копейками",
    Kind.BOOLEAN: "ИСТИНА или ЛОЖЬ",
    Kind.DATE: "дата",
    Kind.MOMENT: "дата и время (UTC)",
    Kind.TEXT: "текст",
    Kind.LIST: "список через « | »",
    Kind.RECORD: "запись JSON",
}
NEEDS: Final = {
    Need.REQUIRED: "обязательно",
    Need.OPTIONAL: "если известно",
    Need.SYSTEM: "заполняет система",
}
FORM_ROWS: Final = 10_000  # below the header, that the lists of choices cover


def make_template(dataset: Dataset) -> bytes:
    """Return the form as a workbook."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = Sheet(workbook, dataset, f"Форма: {dataset.title.ru}")
    for index, column in enumerate(dataset.columns):
        choices = choices_of(column)
        if choices:
            sheet.sheet.data_validation(
                FIRST_ROW,
                index,
                FIRST_ROW + FORM_ROWS - 1,
                index,
                {"validate": "list", "source": choices, "error_type": "stop"},
            )
    _write_dictionary(workbook, dataset)
    workbook.close()
    return target.getvalue()


def choices_of(column: Column) -> list[Any]:
    """Return what may be chosen in the column; empty where anything may stand."""
    if column.need is Need.SYSTEM:
        return []
    if column.kind is Kind.BOOLEAN:
        return ["TRUE", "FALSE"]
    return list(column.allowed)


def _write_dictionary(workbook: Any, dataset: Dataset) -> None:
    sheet = workbook.add_worksheet(DICTIONARY)
    sheet.set_column(0, len(HEADINGS) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, HEADINGS, workbook.add_format({"bold": True}))
    for row, column in enumerate(dataset.columns, start=1):
        texts = (
            column.name,
            column.title.ru,
            column.title.en,
            KINDS[column.kind],
            "" if column.unit is None else column.unit.ru,
            ", ".join(column.allowed),
            NEEDS[column.need],
        )
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text)
