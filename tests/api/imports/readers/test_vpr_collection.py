"""Reading the form in which a school enters the scores of a ВПР."""

import io
from typing import Any
from unicodedata import normalize

import pytest
import xlsxwriter

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.rows import ImportedRow
from services.api.imports.readers.vpr_collection import read_vpr_collection
from shared.domain.sittings import Season
from tests.api.imports.readers.pupil_files import (
    FORM_HEADER,
    JOURNAL,
    faults,
    form,
    only,
    read,
)
from tests.api.imports.workbooks import workbook

SERVICE: list[list[object]] = [
    ["Предмет", "Математика"],
    ["Класс", "5"],
    ["Логин ОО", "sch240001"],
    ["Дата проведения", "17.04.2025"],
]
PUPILS: list[list[object]] = [
    [10001, 1, 5, 2, 3, 1, 4, 10],
    [10002.0, "2", "4", "x", "1,0", 1, "нет отметки", 5],
    [10003, "отсутствовал", "", "", "", 2, 3, 0],
    [10004, 1, "Х", "X", "х", 2, 3, 0],
]


def collected(source: io.BytesIO, **options: Any) -> ImportedRow:
    return only(read(read_vpr_collection, source, **options))


def test_pupils_are_counted_into_one_result_and_made_rows_are_none() -> None:
    result = collected(form(*PUPILS, service=SERVICE, made=1499))

    assert result.key == {"year": 2025, "grade": 5}
    assert (result.names.subject, result.names.login) == ("Математика", "sch240001")
    assert result.figures == {
        "n": 3,
        "n_absent": 1,
        "mean_primary_score": 5.0,
        "max_primary_score": 10.0,
        "score_counts": {"0": 1, "5": 1, "10": 1},
    }
    assert (result.sheet, result.row) == ("Протокол", 2)


@pytest.mark.parametrize("word", ["н/я", "Н/Я", "неявка", "не явился"])
def test_the_absent_are_counted_however_their_absence_is_written(word: str) -> None:
    pupils = [*PUPILS, [10005, word, "", "", "", 2, 3, 0]]
    figures = collected(form(*pupils, service=SERVICE)).figures
    assert (figures["n"], figures["n_absent"]) == (3, 2)


def test_nothing_of_a_pupil_is_handed_on() -> None:
    assert "1000" not in repr(collected(form(*PUPILS, service=SERVICE)))


def test_marks_of_the_work_are_counted_where_the_form_has_them() -> None:
    header: list[object] = [*FORM_HEADER[:-1], "Отметка", "Итого баллов"]
    pupils: list[list[object]] = [
        [1, 1, 5, 2, 3, 1, 5, 5, 10],
        [2, 1, 5, 0, 0, 1, 4, 3, 5],
        [3, 1, 0, 0, 0, 1, "нет отметки", "2", 0],
        [4, 1, 1, 0, 0, 1, 3, "нет отметки", 1],
    ]

    figures = collected(form(*pupils, header=header, service=SERVICE)).figures

    marks = ("n", "n2", "n3", "n4", "n5", "n_ungraded")
    assert [figures[name] for name in marks] == [3, 1, 1, 0, 1, 1]
    journal = ("n_lower", "n_equal", "n_higher")
    assert [figures[name] for name in journal] == [1, 1, 0]


@pytest.mark.parametrize(
    "source",
    [
        form(*PUPILS, above=[["Форма сбора результатов"], []], service=SERVICE),
        form(
            *[[*p, "", ""] for p in PUPILS],
            header=[*FORM_HEADER, "", ""],
            service=SERVICE,
        ),
        form(
            *PUPILS,
            # Latin letters stand for Russian ones here.
            header=["КOД  УЧACТНИKA", "вариант", *FORM_HEADER[2:]],
            service=SERVICE,
        ),
        form(*PUPILS, above=[["ВПР 2025. Математика. 5 класс"], ["Логин: sch240001"]]),
        form(*PUPILS, service=[["предмет: Математика", "класс:5"], *SERVICE[2:]]),
        form(
            *PUPILS, service=[[row[0] for row in SERVICE], [row[1] for row in SERVICE]]
        ),
        form(
            *PUPILS,
            above=[["ВПР 2025", "", "Математика", "", "5 класс"]],
            service=[*SERVICE[2:3], ["Предмет", "", "Математика"]],
        ),
        # Letters such as й, typed as и with a breve.
        form(
            *PUPILS,
            header=[normalize("NFD", str(title)) for title in FORM_HEADER],
            service=[[normalize("NFD", str(c)) for c in row] for row in SERVICE],
        ),
    ],
)
def test_the_same_form_is_read_however_it_is_laid_out(source: io.BytesIO) -> None:
    result = collected(source)

    assert (result.key, result.figures["n"]) == ({"year": 2025, "grade": 5}, 3)
    assert (result.names.subject, result.names.login) == ("Математика", "sch240001")


def test_what_the_form_does_not_say_is_taken_from_the_caller() -> None:
    options: dict[str, Any] = {
        "subject": "Математика",
        "school_id": 7,
        "academic_year": 2024,
    }

    result = collected(form(*PUPILS), **options)

    assert result.key == {"year": 2025, "grade": 5}
    assert (result.names.login, result.names.school) == ("", "")


def test_sheets_that_are_hidden_are_read_where_they_say_what_the_form_is_of() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in (("Протокол", [FORM_HEADER, *PUPILS]), ("Служебный", SERVICE)):
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    sheet.very_hidden()
    book.close()
    target.seek(0)

    assert collected(target).names.login == "sch240001"


def test_schools_of_one_file_are_results_of_their_own() -> None:
    header: list[object] = ["Пользователь", *FORM_HEADER]
    rows: list[list[object]] = [["edu240001", *PUPILS[0]], ["edu240002", *PUPILS[1]]]

    found = read(read_vpr_collection, form(*rows, header=header, service=SERVICE))

    logins = [row.names.login for row in found if isinstance(row, ImportedRow)]
    assert logins == ["edu240001", "edu240002"]


def test_a_total_that_was_never_reckoned_is_the_sum_of_the_tasks() -> None:
    stale = form([1, 1, 5, 2, 3, 1, 4, 0], service=SERVICE)

    assert collected(stale).figures["mean_primary_score"] == 10.0


def test_bad_rows_are_told_one_by_one_and_their_result_is_not_taken() -> None:
    rows = read(
        read_vpr_collection,
        form(
            PUPILS[0],
            [10002, 1, 6, "да", -1, 1, 4, 6],
            [10003, 1, 1, 1, 1, 1, "отл", 4],
            service=SERVICE,
        ),
    )

    assert faults(rows) == [
        (3, "1", "6"),
        (3, "2", "***"),
        (3, "4К1", "-1"),
        (4, "Первичный балл", "4"),
        (4, "Отметка по журналу", "***"),
        (2, None, None),
    ]
    assert not [row for row in rows if isinstance(row, ImportedRow)]


@pytest.mark.parametrize(
    ("service", "options", "column"),
    [
        (SERVICE[1:], {}, "subject"),
        ([SERVICE[0], *SERVICE[2:]], {"grade": None}, None),
        ([*SERVICE[:2], SERVICE[3]], {}, "school_id"),
        (SERVICE[:3], {}, "written_on"),
        # The autumn of 2022 tested grade 5, and so did the spring of 2023.
        (SERVICE[:3], {"academic_year": 2022}, "written_on"),
    ],
)
def test_what_nobody_says_is_asked_for(
    service: list[list[object]], options: dict[str, Any], column: str | None
) -> None:
    source = form(*PUPILS, service=service)
    if column is None:
        assert collected(source, **options).key["grade"] == 5
        return
    with pytest.raises(UnreadableFileError) as caught:
        read(read_vpr_collection, source, **options)
    assert [fault.column for fault in caught.value.faults] == [column]


def test_the_season_tells_the_two_works_of_one_year_apart() -> None:
    options: dict[str, Any] = {"academic_year": 2022, "season": Season.AUTUMN}

    assert collected(form(*PUPILS, service=SERVICE[:3]), **options).key["year"] == 2022


def test_an_unknown_layout_is_told_what_was_expected_and_what_was_found() -> None:
    source = workbook({"Лист 1": [["Фамилия Имя", "Вариант"], ["Кто-то", 1]]})

    with pytest.raises(UnreadableFileError) as caught:
        read(read_vpr_collection, source)

    told = caught.value.detail.ru
    assert "«Код участника»" in told
    assert "Найдены: «Вариант»" in told
    assert "Кто-то" not in told
    assert JOURNAL not in told


def test_a_form_that_nobody_filled_in_has_no_results() -> None:
    assert read(read_vpr_collection, form(made=20, service=SERVICE)) == []
