"""Reading «Статистика по отметкам»."""

import io

import pytest

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.mark_statistics import (
    MarkStatisticsRow,
    ParsedRow,
    read_mark_statistics,
)
from services.api.imports.readers.rows import BadRow, SkippedRow, SkipReason
from shared.domain.assessments import MarkCounts
from tests.api.imports.workbooks import HEADER, row, statistics, workbook


def read(source: io.BytesIO) -> list[ParsedRow]:
    return list(read_mark_statistics(source))


def only(parsed: list[ParsedRow]) -> MarkStatisticsRow:
    (first,) = parsed
    assert isinstance(first, MarkStatisticsRow)
    return first


def faults(parsed: ParsedRow) -> list[tuple[str | None, str | None]]:
    assert isinstance(parsed, BadRow)
    assert all((f.sheet, f.row) == (parsed.sheet, parsed.row) for f in parsed.faults)
    assert all(f.reason.ru and f.reason.en for f in parsed.faults)
    return [(fault.column, fault.value) for fault in parsed.faults]


def test_a_row_is_read_with_its_place_and_its_whole_counts() -> None:
    assert only(read(statistics(row()))) == MarkStatisticsRow(
        sheet="ВПР",
        row=2,
        year=2019,
        grade=4,
        subject_text="Русский язык",
        municipality_text="Ужурский район",
        school_text="МБОУ «Ильинская СОШ»",
        login="sch240001",
        n=25,
        percentages=(12, 28, 40, 20),
        counts=MarkCounts(25, 3, 7, 10, 5),
    )


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
    assert only(read(statistics(row(**changes)))) == plain


def test_a_code_that_became_a_number_is_read_as_a_code() -> None:
    assert only(read(statistics(row(login=240001.0)))).login == "240001"


def test_a_blank_share_is_zero_if_the_others_make_up_100() -> None:
    parsed = only(read(statistics(row(two="", three="-", four=80, five=20))))
    assert parsed.counts.marks == (0, 0, 20, 5)


def test_a_school_where_nobody_took_part_has_no_marks() -> None:
    empty = row(n=0, two="", three="", four="", five="")
    assert only(read(statistics(empty))).counts == MarkCounts(0, 0, 0, 0, 0)


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
    assert isinstance(sound, MarkStatisticsRow)
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
    assert isinstance(parsed[-1], MarkStatisticsRow)
    assert parsed[-1].row == 7
    assert len(parsed) == 5


def test_a_school_without_a_login_is_kept_by_its_name() -> None:
    assert only(read(statistics(row(login="")))).login == ""


def test_a_repeated_row_is_skipped_even_under_another_name() -> None:
    _, again = read(statistics(row(), row(school="Ильинская СОШ")))
    assert isinstance(again, SkippedRow)
    assert (again.row, again.reason) == (3, SkipReason.REPEATED)
    assert "строка 2" in again.note.ru


def test_a_second_row_with_other_figures_is_bad() -> None:
    _, other = read(statistics(row(), row(two=20, three=20)))
    assert faults(other) == [("Логин", "sch240001")]
    _, unnamed = read(statistics(row(login=""), row(login="", two=20, three=20)))
    assert faults(unnamed) == [("ОО", "МБОУ «Ильинская СОШ»")]


def test_all_sheets_with_the_header_are_read_and_compared() -> None:
    source = workbook(
        {
            "Титул": [["Отчёт"]],
            "4": [HEADER, row()],
            "5": [["Отчёт"], [], HEADER, row(grade=5), row()],
        }
    )
    first, second, again = read(source)
    assert (first.sheet, first.row) == ("4", 2)
    assert (second.sheet, second.row) == ("5", 4)
    assert isinstance(again, SkippedRow)


def test_columns_may_stand_in_another_order() -> None:
    order = [5, 10, 9, 8, 7, 6, 0, 4, 3, 2, 1]
    source = workbook({"ВПР": [[HEADER[i] for i in order], [row()[i] for i in order]]})
    assert only(read(source)) == only(read(statistics(row())))


def test_a_missing_column_is_named_before_any_row() -> None:
    source = workbook({"ВПР": [HEADER[:-1], row()[:-1]]})
    with pytest.raises(UnreadableFileError) as caught:
        read(source)
    assert caught.value.faults[0].reason.en == "Missing columns: 5."
