"""Resolving rows to known schools, subjects and sittings."""

import io
from datetime import date

import pytest

from services.api.imports.drafts import Draft
from services.api.imports.lookup import Lookup
from services.api.imports.readers.mark_columns import ROLES
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import BadRow, SkippedRow, SkipReason
from services.api.imports.result_rows import ResultRows
from services.api.imports.result_sittings import Sittings
from services.api.results.reference import load_reference
from shared.domain.errors import Fault
from shared.domain.school_directory import KnownSchool, SchoolDirectory
from shared.domain.sittings import Season
from tests.api.imports.workbooks import row, statistics

ILINKA, UZHUR_3 = 1, 2
SCHOOLS = SchoolDirectory.of(
    [
        KnownSchool(ILINKA, ("МБОУ «Ильинская СОШ»",), ("sch240001",)),
        KnownSchool(UZHUR_3, ("МБОУ «Ужурская СОШ №3»",)),
    ]
)
REFERENCE = load_reference()


def rows_of(season: Season | None = None) -> ResultRows:
    lookup = Lookup("Ужурский район", SCHOOLS, REFERENCE.subject_spellings())
    procedures = REFERENCE.procedures_by_code
    sittings = Sittings(procedures, "vpr", season, date(2021, 1, 1))
    return ResultRows(lookup, sittings, ROLES, {})


def resolve(
    source: io.BytesIO, season: Season | None = None
) -> list[Draft | SkippedRow | BadRow]:
    return list(rows_of(season).resolve(read_mark_statistics(source, FileOptions())))


def warnings(source: io.BytesIO) -> list[Fault]:
    rows = rows_of()
    (draft,) = rows.resolve(read_mark_statistics(source, FileOptions()))
    assert isinstance(draft, Draft)
    return rows.warnings()


def test_a_row_becomes_a_result_of_a_known_school() -> None:
    (result,) = resolve(statistics(row()))
    assert isinstance(result, Draft)
    assert result.record == {
        "school_id": ILINKA,
        "subject": "russian",
        "procedure": "vpr",
        "academic_year": 2018,
        "programme_grade": 4,
        "pupil_grade": 4,
        "wave": 1,
        "written_on": None,
        "n": 25,
        "n2": 3,
        "n3": 7,
        "n4": 10,
        "n5": 5,
        "percentages": {"2": 12, "3": 28, "4": 40, "5": 20},
        "counts_rebuilt": True,
    }
    assert warnings(statistics(row())) == []


@pytest.mark.parametrize(
    ("season", "start", "pupil_grade"),
    [(None, 2020, 5), (Season.SPRING, 2019, 4)],
)
def test_the_season_of_a_year_can_be_overridden(
    season: Season | None, start: int, pupil_grade: int
) -> None:
    (result,) = resolve(statistics(row(year=2020)), season)
    assert isinstance(result, Draft)
    assert result.record["academic_year"] == start
    assert result.record["pupil_grade"] == pupil_grade


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"school": "Ужурская СОШ № 3", "login": "sch240033"}, "Логин", "sch240033"),
        ({"school": "Ильинская сельская школа"}, "ОО", "Ильинская сельская школа"),
    ],
)
def test_a_school_known_by_half_warns_about_the_other_half(
    changes: dict[str, object], column: str, value: str
) -> None:
    (warning,) = warnings(statistics(row(**changes)))
    assert (warning.row, warning.column, warning.value) == (2, column, value)


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


def test_a_year_that_has_not_begun_is_named_by_its_cell() -> None:
    (bad,) = resolve(statistics(row(year=2022)))
    assert isinstance(bad, BadRow)
    assert [(f.column, f.value) for f in bad.faults] == [("Год", "2022")]


def test_two_spellings_of_one_result_are_one() -> None:
    spelled = row(login="", school="Ильинская школа", subject="РУССКИЙ")
    _, again = resolve(statistics(row(), spelled))
    assert isinstance(again, SkippedRow)
    assert again.reason is SkipReason.REPEATED
    assert "строка 2" in again.note.ru
    spelled[7], spelled[8] = 20, 20
    _, other = resolve(statistics(row(), spelled))
    assert isinstance(other, BadRow)
    assert [(f.column, f.value) for f in other.faults] == [("ОО", "Ильинская школа")]


def test_a_row_of_another_district_is_skipped_and_told_of() -> None:
    rows = rows_of()
    foreign = row(municipality="Ачинский район", login="sch1")
    source = statistics(row(), foreign, foreign)
    found = [*rows.resolve(read_mark_statistics(source, FileOptions()))]
    reasons = [each.reason for each in found if isinstance(each, SkippedRow)]
    assert reasons == [SkipReason.OTHER_MUNICIPALITY] * 2
    (warning,) = rows.warnings()
    assert (warning.column, warning.value) == ("Муниципалитет", "Ачинский район")


def test_bad_and_skipped_rows_pass_through() -> None:
    parsed = resolve(statistics(row(n="x"), row(login="", school=""), row()))
    assert [type(p) for p in parsed] == [BadRow, SkippedRow, Draft]
