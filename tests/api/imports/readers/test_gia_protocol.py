"""Reading protocols of ЕГЭ and ОГЭ."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.gia_protocol import read_gia_protocol
from services.api.imports.readers.rows import ImportedRow, ReadRow, SkippedRow
from shared.domain.result_figures import ResultFigures, figure_faults
from tests.api.imports.readers.pupil_files import faults, only, read, results
from tests.api.imports.workbooks import workbook

NAME = "Синтетический Ученик"
DENSE: tuple[object, ...] = (
    "№",
    "Код МСУ",
    "Код ОО",
    "Класс",
    "Код ППЭ",
    "Аудитория",
    "Фамилия",
    "Имя",
    "Отчество",
    "Серия",
    "Номер",
    "Задания с кратким ответом",
    "Задания с развёрнутым ответом",
    "Первичный балл",
    "Балл",
)
MARKED: tuple[object, ...] = (*DENSE[:-1], "Оценка")
RUSSIAN = "01 - Русский язык 2025.05.30"


def pupil(
    number: int, school: object, primary: object, final: object, grade: object = "11А"
) -> list[object]:
    names = [NAME, f"{number}", "Тайнович"]
    place: list[object] = [number, 111, school, grade, 1018, "0009"]
    return [*place, *names, 1234, 567890, "+-+", "1(2)", primary, final]


def sparse(cells: Sequence[object]) -> list[object]:
    """Put a blank cell beside each, as merged cells do."""
    return [each for cell in cells for each in (cell, "")]


PUPILS = [
    pupil(1, 111002, 31, 60),
    pupil(2, 111002.0, 9, 23),
    pupil(3, "111002", "22", "24"),
    pupil(4, 111003, 50, 100),
]


def protocol(*rows: Sequence[object]) -> io.BytesIO:
    return workbook({"Лист1": rows})


def gathered(source: io.BytesIO, **options: Any) -> list[ImportedRow]:
    rows = read(read_gia_protocol, source, **options)
    assert faults(rows) == []
    assert_nothing_personal(rows)
    return results(rows)


def assert_nothing_personal(rows: Sequence[ReadRow]) -> None:
    told = repr(rows)
    assert not any(word in told for word in ("Синтет", "Тайн", "1234", "567890"))


def text(*lines: str, encoding: str = "utf-8-sig") -> io.BytesIO:
    return io.BytesIO("\r\n".join(lines).encode(encoding))


def joined(cells: Sequence[object]) -> str:
    return ";".join(map(str, cells))


@pytest.mark.parametrize(
    "source",
    [
        protocol([RUSSIAN], DENSE, *PUPILS),
        protocol([], ["", "", "", RUSSIAN], [], DENSE, *PUPILS, []),
        protocol([RUSSIAN], sparse(DENSE), *map(sparse, PUPILS)),
        protocol(["01 – Русский язык", "30.05.2025"], DENSE, *PUPILS),
        protocol([f"Протокол: {RUSSIAN} (основной период)"], DENSE, *PUPILS),
        protocol(
            [RUSSIAN],
            DENSE,
            *(
                [*p[:2], f"{p[2]} - МБОУ «Школа»".replace(".0", ""), *p[3:]]
                for p in PUPILS
            ),
        ),
        protocol([RUSSIAN], [*DENSE[:2], "Kод OО", *DENSE[3:], "", ""], *PUPILS),
        protocol(
            [RUSSIAN],
            DENSE,
            *PUPILS,
            ["Средние", *[""] * 12, 28, 52],
            ["Минимальная граница", *[""] * 12, 24],
            ["Всего участников", *[""] * 12, 4],
            ["Председатель ГЭК", f"{NAME} 9"],
        ),
        text(RUSSIAN + ";;;;", joined(DENSE), *map(joined, PUPILS)),
        text(RUSSIAN, joined(sparse(DENSE)), *(joined(sparse(p)) for p in PUPILS)),
        text(RUSSIAN, joined(DENSE), *map(joined, PUPILS), encoding="cp1251"),
        text(RUSSIAN, joined(DENSE), *map(joined, PUPILS), encoding="utf-16"),
    ],
)
def test_pupils_are_counted_into_a_result_of_each_school(source: io.BytesIO) -> None:
    first, second = gathered(source)

    assert first.key == {
        "procedure": "ege",
        "academic_year": 2024,
        "programme_grade": 11,
        "pupil_grade": 11,
        "written_on": date(2025, 5, 30),
    }
    assert (first.names.subject, first.names.login) == ("russian", "111002")
    assert first.figures == {
        "n": 3,
        "n_absent": 0,
        "mean_primary_score": 20.67,
        "score_counts": {"9": 1, "22": 1, "31": 1},
        "mean_test_score": 35.67,
        "n_below_minimum": 1,
    }
    assert (second.names.login, second.figures["n_below_minimum"]) == ("111003", 0)
    assert first.warnings == second.warnings == ()


def test_a_sheet_may_hold_several_blocks() -> None:
    oge = [pupil(1, 111002, 20, 4, "9Б"), pupil(2, 111002, 7, 2, "9Б")]
    basic = [pupil(1, 111002, 13, 4), pupil(2, 111002, 5, 2)]

    found = gathered(
        protocol(
            [RUSSIAN],
            DENSE,
            *PUPILS[:1],
            [],
            ["22 - Математика базовая 2025.05.27"],
            MARKED,
            *basic,
            ["02 - Математика 2025.06.03"],
            sparse(MARKED),
            *map(sparse, oge),
        )
    )

    told = [(r.key["procedure"], r.names.subject, r.key["pupil_grade"]) for r in found]
    assert told == [
        ("ege", "russian", 11),
        ("ege", "mathematics_basic", 11),
        ("oge", "mathematics", 9),
    ]
    marks = ("n", "n2", "n3", "n4", "n5")
    assert [found[1].figures[name] for name in marks] == [2, 1, 0, 1, 0]
    assert found[1].figures["n_below_minimum"] == 1
    assert [found[2].figures[name] for name in marks] == [2, 1, 0, 1, 0]
    assert "n_below_minimum" not in found[2].figures


def test_pupils_without_a_result_are_counted_apart() -> None:
    result = only(
        gathered(
            protocol(
                [RUSSIAN],
                DENSE,
                pupil(1, 111002, 31, 60),
                pupil(2, 111002, "", ""),
                pupil(3, 111002, "х", "X"),
                pupil(4, 111002, "", "Неявка"),
                pupil(5, 111002, 12, "аннулировано"),
            )
        )
    )

    counts = ("n", "n_absent", "n_ungraded", "mean_test_score")
    assert [result.figures[name] for name in counts] == [1, 3, 1, 60.0]


def test_a_school_whose_pupils_were_all_absent_has_a_result_of_nobody() -> None:
    oge = protocol(
        ["01 - Русский язык 2025.06.09"], MARKED, pupil(1, 111002, "", "", "9А")
    )

    result = only(gathered(oge))

    assert result.figures == {"n": 0, "n_absent": 1}
    assert figure_faults(ResultFigures(**result.figures), marked=True) == []


def test_marks_of_oge_come_from_a_text_with_columns_of_its_own() -> None:
    header = "SchoolCode;ClassCode;Surname;Name;DocumentNumber;PrimaryMark;Mark5"
    rows = [f"111002.0;9А;{NAME};1;567890;{p};{m}" for p, m in ((20, 5), (9, 3))]

    result = only(
        gathered(text(header, *rows), subject="Математика", written_on=date(2025, 6, 3))
    )

    assert result.key["procedure"] == "oge"
    assert (result.names.subject, result.names.login) == ("mathematics", "111002")
    marks = ("n", "n2", "n3", "n4", "n5")
    assert [result.figures[name] for name in marks] == [2, 0, 1, 0, 1]
    assert result.figures["score_counts"] == {"9": 1, "20": 1}


def test_subject_and_day_may_be_columns() -> None:
    header = "SchoolCode;ClassCode;SubjectCode;ExamDate;PrimaryMark;Mark5"

    found = gathered(
        text(
            header,
            "111002;9;1;2025-06-09;30;5",
            "111002;9;2;2025-06-03;20;4",
            "111002;9;02;03.06.2025;9;3",
        )
    )

    assert [(r.names.subject, r.figures["n"]) for r in found] == [
        ("russian", 1),
        ("mathematics", 2),
    ]


def test_additional_exams_belong_to_the_year_before() -> None:
    autumn = protocol(["01 - Русский язык 2025.09.05"], DENSE, *PUPILS[:1])

    assert only(gathered(autumn)).key["academic_year"] == 2024


def test_an_unknown_minimum_is_a_warning_and_that_of_the_protocol_counts() -> None:
    chemistry = ["04 - Химия 2019.05.31"]
    rows = [pupil(1, 111002, 10, 35), pupil(2, 111002, 20, 36)]

    unknown = only(gathered(protocol(chemistry, DENSE, *rows)))
    stated = only(
        gathered(
            protocol(chemistry, DENSE, *rows, ["Минимальная граница", *[""] * 13, 36])
        )
    )

    assert "n_below_minimum" not in unknown.figures
    assert ["2019" in warning.reason.ru for warning in unknown.warnings] == [True]
    assert stated.figures["n_below_minimum"] == 1
    assert stated.warnings == ()


def test_participants_that_are_declared_but_not_there_are_a_warning() -> None:
    source = protocol([RUSSIAN], DENSE, *PUPILS, ["Всего участников", *[""] * 12, 7])

    first, _ = gathered(source)

    assert ["7" in warning.reason.en for warning in first.warnings] == [True]


def test_foreign_languages_are_known_by_their_name() -> None:
    title = ["Английский язык п:2022.06.14; у:2022.06.16"]

    result = only(gathered(protocol(title, DENSE, *PUPILS[3:])))

    assert result.names.subject == "english"
    assert result.key["written_on"] == date(2022, 6, 14)


def test_an_oral_part_by_itself_is_passed_over() -> None:
    title = ["29 - Английский язык (устный) 2025.06.17"]

    rows = read(read_gia_protocol, protocol(title, DENSE, *PUPILS))

    assert [type(row) for row in rows] == [SkippedRow]


def test_bad_rows_are_told_without_what_may_be_personal() -> None:
    rows = read(
        read_gia_protocol,
        protocol(
            [RUSSIAN],
            DENSE,
            pupil(1, 111002, 31, 160),
            pupil(2, 111002, NAME, "1234 567890"),
            pupil(3, "", 31, 60),
            pupil(4, NAME, 31, 60),
            pupil(5, 1234567890, 31, 60),
            *PUPILS[3:],
            ["99 - Тайный предмет 2025.06.01"],
            DENSE,
            *PUPILS,
        ),
    )

    assert faults(rows) == [
        (3, "Балл", "160"),
        (4, "Первичный балл", "***"),
        (4, "Балл", "***"),
        (5, "Код ОО", ""),
        (6, "Код ОО", "***"),
        (7, "Код ОО", "***"),
        (9, "Код предмета", "99"),
        (3, None, None),
    ]
    assert_nothing_personal(rows)
    assert [row.names.login for row in results(rows)] == ["111003"]


@pytest.mark.parametrize(
    "source",
    [
        protocol([RUSSIAN], [*DENSE[:2], *DENSE[3:]], *PUPILS),
        protocol([f"{NAME} 1", "Класс"], [f"{NAME} 2", "11А"]),
        text("Фамилия;Класс", f"{NAME};11А"),
        text("", f'"{NAME}' + "x" * 200_000),
        io.BytesIO(b"\xff\xfe\x98" + NAME.encode()),
        protocol(
            [RUSSIAN],
            ["№", "Код ОО", "Фамилия", "Тип апелляции / перепроверки", "Балл"],
            [1, 111002, NAME, "Апелляция", 60],
        ),
    ],
)
def test_what_is_no_protocol_is_refused_without_what_may_be_personal(
    source: io.BytesIO,
) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(read_gia_protocol, source)

    told = f"{caught.value.detail} {caught.value.faults} {caught.value}"
    assert "Синтет" not in told
    assert caught.value.__cause__ is None


def test_what_nobody_says_is_asked_for() -> None:
    header = "SchoolCode;PrimaryMark;Mark5"
    for said, asked in (({}, "subject"), ({"subject": "Физика"}, "written_on")):
        with pytest.raises(UnreadableFileError) as caught:
            read(read_gia_protocol, text(header, "111002;20;5"), **said)
        assert [fault.column for fault in caught.value.faults] == [asked]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([111002, 111003]), st.integers(0, 100)), min_size=1
    ),
    st.sampled_from([list, sparse]),
)
def test_every_pupil_is_counted_once_in_the_school_of_the_row(
    pupils: list[tuple[int, int]], shape: Callable[[Sequence[object]], list[object]]
) -> None:
    rows = [pupil(at, code, 10, score) for at, (code, score) in enumerate(pupils)]

    found = gathered(protocol([RUSSIAN], shape(DENSE), *map(shape, rows)))

    counted = {int(row.names.login): row.figures for row in found}
    for code in {code for code, _ in pupils}:
        scores = [score for own, score in pupils if own == code]
        assert counted[code]["n"] == len(scores)
        assert counted[code]["n_below_minimum"] == sum(s < 24 for s in scores)
