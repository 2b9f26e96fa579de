"""Reading «Ф1_Индивидуальные результаты»."""

import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.rows import SkippedRow
from services.api.imports.readers.vpr_individual import read_vpr_individual
from shared.domain.result_figures import ResultFigures, figure_faults
from tests.api.imports.readers.pupil_files import (
    F1_HEADER,
    ILINKA,
    f1,
    f1_pupil,
    faults,
    only,
    read,
    results,
)
from tests.api.imports.workbooks import workbook

SEPARATOR = ["МБОУ «Ильинская СОШ» (sch240001) | Кол-во участников: 4"]
PUPILS = [
    f1_pupil(50001, 2, 3, 5, 5, 4),
    f1_pupil(50002, 1, "x", 1, 2, 3),
    f1_pupil(50003, 1, 2, 3, "4", "4"),
    f1_pupil(50004, 0, 2, 2.0, 3.0, "нет отметки"),
]


def test_marks_scores_and_the_journal_are_counted_into_one_result() -> None:
    result = only(read(read_vpr_individual, f1(SEPARATOR, *PUPILS)))

    assert result.key == {"year": 2025, "grade": 5}
    assert result.names.subject == "Математика"
    assert (result.names.login, result.names.school) == (ILINKA[0], ILINKA[2])
    assert result.names.municipality == ILINKA[1]
    assert result.figures == {
        "n": 4,
        "n2": 1,
        "n3": 1,
        "n4": 1,
        "n5": 1,
        "n_ungraded": 0,
        "n_lower": 1,
        "n_equal": 1,
        "n_higher": 1,
        "n_gap_2": 0,
        "mean_primary_score": 2.75,
        "max_primary_score": 5.0,
        "score_counts": {"1": 1, "2": 1, "3": 1, "5": 1},
    }
    assert result.warnings == ()
    assert "5000" not in repr(result)


@pytest.mark.parametrize(
    "source",
    [
        f1(SEPARATOR, *PUPILS, above=1),
        f1(SEPARATOR, *[[*pupil, "", ""] for pupil in PUPILS]),
        f1(*PUPILS),
        f1(*PUPILS, header=[str(title).upper() for title in F1_HEADER]),
        f1(*PUPILS, ["Итого", "", "", "", "", "", "", "", 11, ""]),
    ],
)
def test_the_same_results_are_read_however_they_are_laid_out(
    source: io.BytesIO,
) -> None:
    rows = read(read_vpr_individual, source)

    (result,) = results(rows)
    assert (result.names.login, result.figures["n"]) == (ILINKA[0], 4)
    assert faults(rows) == []


@pytest.mark.parametrize(
    "text",
    [
        "МБОУ «Ильинская СОШ» (sch240001), участников: 6",
        "МБОУ «Ильинская СОШ» (sch240001; 6 участников)",
        "МБОУ «Ильинская СОШ» (логин sch240001). Кол-во участников 6",
        "6 участников - МБОУ «Ильинская СОШ» (sch240001)",
    ],
)
def test_a_separator_is_read_however_it_is_put(text: str) -> None:
    nameless = [["", "", "", *pupil[3:]] for pupil in PUPILS]

    result = only(read(read_vpr_individual, f1([text], *nameless)))

    assert result.names.login == "sch240001"
    assert ["6" in warning.reason.ru for warning in result.warnings] == [True]


def test_participants_that_are_declared_but_not_there_are_a_warning() -> None:
    declared = ["МБОУ «Ильинская СОШ» (sch240001), количество участников - 6"]

    result = only(read(read_vpr_individual, f1(declared, *PUPILS)))

    (warning,) = result.warnings
    assert "6" in warning.reason.ru
    assert "4" in warning.reason.en


def test_a_separator_names_the_school_where_rows_do_not() -> None:
    nameless = [["", "", "", *pupil[3:]] for pupil in PUPILS]
    other = ["МБОУ «Ужурская СОШ № 1» (sch240002) Кол-во участников: 4"]

    found = results(
        read(read_vpr_individual, f1(SEPARATOR, *nameless, [], other, *nameless))
    )

    assert [(row.names.login, row.figures["n"]) for row in found] == [
        ("sch240001", 4),
        ("sch240002", 4),
    ]


def test_bad_rows_are_told_and_only_their_school_is_not_taken() -> None:
    other = ("sch240002", ILINKA[1], "МБОУ «Ужурская СОШ № 1»")
    rows = read(
        read_vpr_individual,
        f1(
            *PUPILS,
            f1_pupil(50005, 3, 0, 3, 6, 1),
            f1_pupil(50006, 1, 1, 2, 3, 3, school=other),
        ),
    )

    assert faults(rows) == [
        (13, "1", "3"),
        (13, "Отметка", "6"),
        (13, "Отметка по журналу", "1"),
        (9, None, None),
    ]
    assert [row.names.login for row in results(rows)] == ["sch240002"]


def test_the_grade_of_the_title_is_that_of_the_programme() -> None:
    pupils = [[*pupil[:4], "6А", *pupil[5:]] for pupil in PUPILS]

    autumn = f1(*pupils, title="ВПР 2022 Математика 5 класс")
    untitled = f1(*pupils, title="Индивидуальные результаты")

    assert only(read(read_vpr_individual, autumn)).key == {"year": 2022, "grade": 5}
    assert only(read(read_vpr_individual, untitled)).key == {"year": 2025, "grade": 6}


def test_rows_without_a_pupil_are_passed_over() -> None:
    note = ["", "", "", "всего по школе", "", "", "", "", 11, 4, ""]

    rows = read(read_vpr_individual, f1(*PUPILS, note))

    assert [type(row) for row in rows].count(SkippedRow) == 1
    assert only(results(rows)).figures["n"] == 4


def test_a_file_without_the_table_is_refused_with_what_it_lacks() -> None:
    header = [title for title in F1_HEADER if title != "Первичный балл"]
    with pytest.raises(UnreadableFileError) as caught:
        read(read_vpr_individual, workbook({"Лист 1": [header, ["Тайное имя"]]}))

    assert "нет: «Первичный балл»" in caught.value.detail.ru
    assert "Тайное" not in str(caught.value.faults)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from([2, 3, 4, 5])),
        min_size=1,
        max_size=40,
    )
)
def test_whatever_pupils_got_their_counts_are_those_of_a_plain_count(
    pupils: list[tuple[int, int, int]],
) -> None:
    rows = [
        f1_pupil(50000 + at, first, second, first + second, mark, mark)
        for at, (first, second, mark) in enumerate(pupils)
    ]

    figures = dict(only(read(read_vpr_individual, f1(*rows))).figures)

    marks = Counter(mark for *_, mark in pupils)
    assert [figures[f"n{mark}"] for mark in (2, 3, 4, 5)] == [
        marks[mark] for mark in (2, 3, 4, 5)
    ]
    scores = Counter(first + second for first, second, _ in pupils)
    assert figures["n_equal"] == len(pupils)
    counts = {int(score): count for score, count in figures["score_counts"].items()}
    assert counts == scores
    stated = ResultFigures(**figures | {"score_counts": counts})
    assert figure_faults(stated, marked=True) == []


def test_marks_two_away_from_the_journal_are_counted_apart() -> None:
    """Below by one, by two, by three; above by two; the journal without a mark."""
    pairs = [("3", "4"), ("3", "5"), ("2", "5"), ("4", "2"), ("5", "")]
    pupils = [
        f1_pupil(50001 + number, 1, 1, 2, *pair) for number, pair in enumerate(pairs)
    ]

    result = only(read(read_vpr_individual, f1(SEPARATOR, *pupils)))

    names = ("n_lower", "n_equal", "n_higher", "n_gap_2")
    assert [result.figures[name] for name in names] == [3, 0, 1, 3]
