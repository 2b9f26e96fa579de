"""Reading «Статистика по отметкам»."""

import io

import pytest

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import FileOptions, Meter
from services.api.imports.readers.rows import (
    BadRow,
    ImportedRow,
    ReadRow,
    RowNames,
    SkippedRow,
    SkipReason,
)
from tests.api.imports.workbooks import HEADER, failing, row, statistics, workbook


def read(source: io.BytesIO) -> list[ReadRow]:
    return list(read_mark_statistics(source, FileOptions()))


def only(parsed: list[ReadRow]) -> ImportedRow:
    (first,) = parsed
    assert isinstance(first, ImportedRow)
    return first


def said(row: ImportedRow) -> tuple[object, ...]:
    """Return all that a row says, however its cells were typed."""
    return (row.sheet, row.row, row.names, row.key, row.figures)


def marks(row: ImportedRow) -> list[int]:
    return [row.figures[name] for name in ("n", "n2", "n3", "n4", "n5")]


def faults(parsed: ReadRow) -> list[tuple[str | None, str | None]]:
    assert isinstance(parsed, BadRow)
    assert all((f.sheet, f.row) == (parsed.sheet, parsed.row) for f in parsed.faults)
    assert all(f.reason.ru and f.reason.en for f in parsed.faults)
    return [(fault.column, fault.value) for fault in parsed.faults]


def test_a_row_is_read_with_its_place_and_its_whole_counts() -> None:
    read_row = only(read(statistics(row())))
    assert (read_row.sheet, read_row.row) == ("ВПР", 2)
    assert read_row.key == {"year": 2019, "grade": 4}
    assert read_row.names == RowNames(
        subject="Русский язык",
        municipality="Ужурский район",
        school="МБОУ «Ильинская СОШ»",
        login="sch240001",
    )
    assert read_row.figures == {
        "n": 25,
        "n2": 3,
        "n3": 7,
        "n4": 10,
        "n5": 5,
        "percentages": {"2": 12, "3": 28, "4": 40, "5": 20},
        "counts_rebuilt": True,
    }
    assert [*read_row.cells.values()] == [*row()]


@pytest.mark.parametrize(
    "changes",
    [
        {"year": "2019 г.", "grade": "4 класс", "n": "25"},
        {"year": "2019", "grade": 4.0, "n": 25.0},
        {"two": "12,0", "three": "28%", "four": "40,00 %", "five": " 20 "},
        {"two": 0.12, "three": 0.28, "four": 0.4, "five": 0.2},
        {"subject": "  Русский\u00a0язык ", "login": " sch240001"},
    ],
)
def test_a_row_may_be_typed_in_other_ways(changes: dict[str, object]) -> None:
    plain = only(read(statistics(row())))
    assert said(only(read(statistics(row(**changes))))) == said(plain)


def test_a_code_that_became_a_number_is_read_as_a_code() -> None:
    assert only(read(statistics(row(login=240001.0)))).names.login == "240001"


@pytest.mark.parametrize("blank", ["", "-", None])
def test_a_blank_share_or_an_error_of_the_spreadsheet_is_bad_and_not_zero(
    blank: str | None,
) -> None:
    source = statistics(row(two=blank, three=0, four=80, five=20))
    if blank is None:
        source = failing(HEADER, row(three=0, four=80, five=20), formula_in=7)
    (bad,) = read(source)
    assert faults(bad) == [("2", blank or "")]
    assert isinstance(bad, BadRow)
    assert "#ДЕЛ/0!" in bad.faults[0].reason.ru
    assert "enter 0" in bad.faults[0].reason.en


def test_a_school_where_nobody_took_part_has_no_marks() -> None:
    empty = row(n=0, two="", three="", four="", five="")
    assert marks(only(read(statistics(empty)))) == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"year": 19}, [("Год", "19")]),
        ({"year": "2018/2019"}, [("Год", "2018/2019")]),
        ({"grade": "5А"}, [("Класс", "5А")]),
        ({"grade": 12}, [("Класс", "12")]),
        ({"subject": ""}, [("Предмет", "")]),
        ({"n": "двадцать"}, [("Кол-во участников", "двадцать")]),
        ({"n": 25.5}, [("Кол-во участников", "25.5")]),
        ({"n": -1}, [("Кол-во участников", "-1")]),
        ({"n": 0}, [("Кол-во участников", "0")]),
        ({"four": "сорок"}, [("4", "сорок")]),
        ({"two": -12, "three": 52}, [("2", "-12")]),
        ({"three": 25}, [("2, 3, 4, 5", "12; 25; 40; 20")]),
        ({"two": 13.5, "three": 26.5}, [("2", "13.5")]),
        ({"year": "x", "five": "y"}, [("Год", "x"), ("5", "y")]),
    ],
)
def test_a_bad_cell_is_named_by_sheet_row_column_and_value(
    changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    sound, bad = read(statistics(row(), row(login="sch240002", **changes)))
    assert isinstance(sound, ImportedRow)
    assert (bad.sheet, bad.row) == ("ВПР", 3)
    assert faults(bad) == expected


def test_percentages_that_sum_to_97_say_so() -> None:
    (bad,) = read(statistics(row(three=25)))
    assert isinstance(bad, BadRow)
    assert "97 %" in bad.faults[0].reason.ru


def test_totals_notes_and_empty_rows_are_not_schools() -> None:
    parsed = read(
        statistics(
            row(school="", login="", municipality="Красноярский край"),
            row(school="Ужурский район", login=""),
            row(school="Итого по району", login=""),
            [],
            ["Доли указаны в процентах"],
            row(),
        )
    )
    skipped = [(p.row, p.reason) for p in parsed if isinstance(p, SkippedRow)]
    total, note = SkipReason.TOTAL, SkipReason.NOTE
    assert skipped == [(2, total), (3, total), (4, total), (6, note)]
    assert isinstance(parsed[-1], ImportedRow)
    assert parsed[-1].row == 7
    assert len(parsed) == 5


def test_a_school_without_a_login_is_kept_by_its_name() -> None:
    assert only(read(statistics(row(login="")))).names.login == ""


def test_all_sheets_with_the_header_are_read_and_every_row_is_counted() -> None:
    source = workbook(
        {
            "Титул": [["Отчёт"]],
            "4": [HEADER, row()],
            "5": [["Отчёт"], [], HEADER, row(grade=5)],
        }
    )
    meter = Meter()
    first, second = read_mark_statistics(source, FileOptions(meter=meter))
    assert (first.sheet, first.row) == ("4", 2)
    assert (second.sheet, second.row) == ("5", 4)
    assert (meter.read, meter.total) == (7, 7)


def test_columns_may_stand_in_another_order() -> None:
    order = [5, 10, 9, 8, 7, 6, 0, 4, 3, 2, 1]
    source = workbook({"ВПР": [[HEADER[i] for i in order], [row()[i] for i in order]]})
    assert said(only(read(source))) == said(only(read(statistics(row()))))


def test_a_missing_column_is_named_before_any_row() -> None:
    source = workbook({"ВПР": [HEADER[:-1], row()[:-1]]})
    with pytest.raises(UnreadableFileError) as caught:
        read(source)
    assert caught.value.faults[0].reason.en == "Missing columns: 5."
