"""Files of pupils' rows, shaped as they are exchanged, and how tests read them."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from services.api.imports.formats import Reader
from services.api.imports.readers.mark_runs import each_row
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import BadRow, ImportedRow, ReadRow
from tests.api.imports.workbooks import workbook

JOURNAL = "Отметка за предыдущий триместр/ четверть/полугодие"
FORM_HEADER: tuple[object, ...] = (
    "Код участника",
    "Вариант",
    "1 (5б)",
    "2 (2б)",
    "4К1 (3б)",
    "Порядковый номер класса",
    JOURNAL,
    "Итого баллов",
)
F1_HEADER: tuple[object, ...] = (
    "ОО",
    "Муниципалитет",
    "Название ОО",
    "Код участника",
    "Класс",
    "Вариант",
    "1 (2б)",
    "2 (3б)",
    "Первичный балл",
    "Отметка",
    "Отметка по журналу",
)
ILINKA = ("sch240001", "Ужурский район", "МБОУ «Ильинская СОШ»")


def read(reader: Reader, source: io.BytesIO, **options: Any) -> list[ReadRow]:
    return list(each_row(reader(source, FileOptions(**options))))


def results(rows: Iterable[ReadRow]) -> list[ImportedRow]:
    return [row for row in rows if isinstance(row, ImportedRow)]


def only(rows: Iterable[ReadRow]) -> ImportedRow:
    found = [*rows]
    assert all(isinstance(row, ImportedRow) for row in found), found
    (result,) = results(found)
    return result


def faults(rows: Iterable[ReadRow]) -> list[tuple[int, str | None, str | None]]:
    """Return row, column and value of every fault."""
    found = [fault for row in rows if isinstance(row, BadRow) for fault in row.faults]
    assert all(fault.reason.ru and fault.reason.en for fault in found)
    return [(fault.row or 0, fault.column, fault.value) for fault in found]


def form(
    *pupils: Sequence[object],
    service: Sequence[Sequence[object]] = (),
    made: int = 0,
    header: Sequence[object] = FORM_HEADER,
    above: Sequence[Sequence[object]] = (),
) -> io.BytesIO:
    """Make a form of collection, with `made` rows that nobody filled in."""
    empty = [[90000 + n, *[""] * (len(header) - 2), 0] for n in range(made)]
    classes: list[list[object]] = [
        ["Порядковый номер класса", "Класс"],
        [1, "5А"],
        [2, "5Б"],
    ]
    return workbook(
        {
            "Протокол": [*above, header, *pupils, *empty],
            "Служебный": service,
            "Порядковый номер класса": classes,
        }
    )


def f1(
    *rows: Sequence[object],
    title: str = "ВПР 2025 Математика 5 класс",
    header: Sequence[object] = F1_HEADER,
    above: int = 0,
) -> io.BytesIO:
    """Make «Ф1_Индивидуальные результаты» with the title block in rows 1–7."""
    block: list[Sequence[object]] = [
        [title],
        ["Индивидуальные результаты"],
        ["Предмет:", "Математика"],
        ["Максимальный первичный балл:", 5],
        ["Дата:", "18.04.2025"],
        [],
        [],
    ]
    return workbook(
        {"Индивидуальные результаты": [*[[]] * above, *block, header, *rows]}
    )


def f1_pupil(
    code: int, *scores: object, school: Sequence[object] = ILINKA
) -> list[Any]:
    """Return a row: two tasks, primary score, mark, mark in the journal."""
    first, second, total, mark, journal = scores
    return [*school, code, "5А", 2, first, second, total, mark, journal]
