"""Resolving rows to known schools, subjects and sittings."""

import io

import pytest

from services.api.imports.mark_results import Lookup, MarkResult, resolve_mark_rows
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.rows import BadRow, SkippedRow, SkipReason
from services.api.results.reference import load_reference
from shared.domain.periods import AcademicYear
from shared.domain.school_directory import KnownSchool, SchoolDirectory
from shared.domain.sittings import Season
from tests.api.imports.workbooks import row, statistics

LOOKUP = Lookup(
    SchoolDirectory.of(
        [
            KnownSchool("ilinka", ("МБОУ «Ильинская СОШ»",), ("sch240001",)),
            KnownSchool("uzhur-3", ("МБОУ «Ужурская СОШ №3»",)),
        ]
    ),
    load_reference().subject_spellings(),
)


def resolve(
    source: io.BytesIO, season: Season | None = None
) -> list[MarkResult[str] | SkippedRow | BadRow]:
    rows = read_mark_statistics(source)
    return list(resolve_mark_rows(rows, LOOKUP, season=season))


def test_a_row_becomes_a_result_of_a_known_school() -> None:
    (result,) = resolve(statistics(row()))
    assert isinstance(result, MarkResult)
    assert (result.school_id, result.subject) == ("ilinka", "russian")
    assert result.sitting.academic_year == AcademicYear(2018)
    assert result.warnings == ()
    assert result.source.counts.n == 25


@pytest.mark.parametrize(
    ("season", "start", "pupil_grade"),
    [(None, 2020, 5), (Season.SPRING, 2019, 4)],
)
def test_the_season_of_a_year_can_be_overridden(
    season: Season | None, start: int, pupil_grade: int
) -> None:
    (result,) = resolve(statistics(row(year=2020)), season)
    assert isinstance(result, MarkResult)
    assert result.sitting.academic_year == AcademicYear(start)
    assert result.sitting.pupil_grade == pupil_grade


def test_a_school_found_by_name_warns_about_its_new_code() -> None:
    (result,) = resolve(statistics(row(school="Ужурская СОШ № 3", login="sch240033")))
    assert isinstance(result, MarkResult)
    assert result.school_id == "uzhur-3"
    assert [(w.row, w.column, w.value) for w in result.warnings] == [
        (2, "Логин", "sch240033")
    ]


def test_a_school_found_by_code_warns_about_its_new_name() -> None:
    (result,) = resolve(statistics(row(school="Ильинская сельская школа")))
    assert isinstance(result, MarkResult)
    assert result.school_id == "ilinka"
    assert [(w.row, w.column, w.value) for w in result.warnings] == [
        (2, "ОО", "Ильинская сельская школа")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"login": "sch1", "school": "Чужая СОШ"}, [("Логин", "sch1")]),
        ({"login": "", "school": "Чужая СОШ"}, [("ОО", "Чужая СОШ")]),
        ({"school": "Чужая СОШ"}, [("ОО", "Чужая СОШ")]),
        ({"subject": "Алхимия"}, [("Предмет", "Алхимия")]),
        (
            {"login": "", "school": "Чужая СОШ", "subject": "Алхимия"},
            [("ОО", "Чужая СОШ"), ("Предмет", "Алхимия")],
        ),
    ],
)
def test_what_is_unknown_is_named_by_its_cell(
    changes: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    (bad,) = resolve(statistics(row(**changes)))
    assert isinstance(bad, BadRow)
    assert [(f.column, f.value) for f in bad.faults] == expected
    assert {(f.sheet, f.row) for f in bad.faults} == {("ВПР", 2)}


def test_a_grade_that_could_not_sit_in_that_season_is_bad() -> None:
    (bad,) = resolve(statistics(row(grade=11)), Season.AUTUMN)
    assert isinstance(bad, BadRow)
    assert [(f.column, f.value) for f in bad.faults] == [("Класс", "11")]


def test_two_spellings_of_one_result_are_one() -> None:
    spelled = row(login="", school="Ильинская школа", subject="РУССКИЙ")
    _, again = resolve(statistics(row(), spelled))
    assert isinstance(again, SkippedRow)
    assert again.reason is SkipReason.REPEATED
    spelled[7], spelled[8] = 20, 20
    _, other = resolve(statistics(row(), spelled))
    assert isinstance(other, BadRow)
    assert [(f.column, f.value) for f in other.faults] == [("ОО", "Ильинская школа")]


def test_bad_and_skipped_rows_pass_through() -> None:
    parsed = resolve(statistics(row(n="x"), row(login="", school=""), row()))
    assert [type(p) for p in parsed] == [BadRow, SkippedRow, MarkResult]
