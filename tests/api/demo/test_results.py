"""Synthetic results: repeatable, plausible, readable as an upload."""

import io
from dataclasses import replace
from itertools import groupby
from statistics import fmean

from services.api.demo.profile import load_demo_profile
from services.api.demo.results import DemoResult, DemoSchool, generate_results
from services.api.demo.workbook import (
    SYNTHETIC_TITLE,
    mark_statistics_name,
    write_mark_statistics,
)
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import ImportedRow
from services.api.imports.readers.tables import open_workbook
from services.api.results.reference import load_reference
from shared.domain.spellings import spelling_key

PROFILE = load_demo_profile()
SCHOOLS = [
    DemoSchool(
        code=f"school-{number}",
        name=f"МБОУ «Школа №{number}»",
        municipality="Ужурский район",
        login=f"sch2400{number:02}",
        pupils=60 + 40 * number,
        last_grade=9 if number % 4 == 0 else 11,
        weak=number % 2 == 0,
    )
    for number in range(1, 13)
]


def drawn(
    schools: list[DemoSchool] = SCHOOLS, years: tuple[int, ...] = PROFILE.years
) -> list[DemoResult]:
    return list(generate_results(schools, PROFILE, years=years))


def written(results: list[DemoResult]) -> bytes:
    target = io.BytesIO()
    assert write_mark_statistics(results, target) == len(results)
    return target.getvalue()


def test_the_same_seed_gives_the_same_results_and_another_gives_others() -> None:
    assert drawn() == drawn()
    other = PROFILE.model_copy(update={"seed": PROFILE.seed + 1})
    assert list(generate_results(SCHOOLS, other, years=PROFILE.years)) != drawn()


def test_a_school_or_a_year_more_changes_no_other_result() -> None:
    everything = drawn()
    assert drawn(SCHOOLS[3:5], (2019,)) == [
        result
        for result in everything
        if result.school in SCHOOLS[3:5] and result.year == 2019
    ]


def test_every_result_is_marked_synthetic_and_has_pupils() -> None:
    results = drawn()
    assert all(result.synthetic for result in results)
    assert all(result.counts.n > 0 for result in results)
    assert {result.procedure for result in results} == {"vpr"}


def test_the_subjects_are_known_by_code_and_by_spelling() -> None:
    spellings = load_reference().subject_spellings()
    for code, subject in PROFILE.subjects.items():
        assert spellings[spelling_key(subject.spelled)] == code
    expected = {(s, g) for s in ("russian", "mathematics") for g in range(4, 9)}
    assert expected <= {(r.subject, r.sitting.programme_grade) for r in drawn()}


def test_grades_are_of_plausible_size() -> None:
    for school, results in groupby(drawn(), key=lambda result: result.school):
        usual = school.pupils / school.last_grade
        assert all(result.counts.n <= 1.3 * usual for result in results)


def test_a_weak_school_does_worse_in_the_mean() -> None:
    def low_share(*, weak: bool) -> float:
        chosen = [r.counts for r in drawn() if r.school.weak is weak]
        return fmean(100 * c.n2 / c.n for c in chosen)

    assert 3 < low_share(weak=False) < 25
    assert low_share(weak=True) > low_share(weak=False) + 5


def test_an_autumn_sitting_draws_from_the_grade_above() -> None:
    primary = replace(SCHOOLS[0], last_grade=4)
    assert drawn([primary], (2020,)) == []
    assert {r.sitting.programme_grade for r in drawn([primary], (2019,))} == {4}


def marks_of(row: ImportedRow) -> tuple[int, ...]:
    return tuple(row.figures[name] for name in ("n2", "n3", "n4", "n5"))


def test_the_sample_upload_is_read_back_to_the_same_counts() -> None:
    results = drawn(years=(2019,))
    file = io.BytesIO(written(results))
    rows = list(read_mark_statistics(file, FileOptions()))
    assert all(isinstance(row, ImportedRow) for row in rows)
    assert [
        (row.key, row.names.subject, row.names.login, row.figures["n"], marks_of(row))
        for row in rows
        if isinstance(row, ImportedRow)
    ] == [
        (
            {"year": r.year, "grade": r.sitting.programme_grade},
            r.subject_text,
            r.school.login,
            r.counts.n,
            r.counts.marks,
        )
        for r in results
    ]


def test_the_sample_upload_is_the_same_file_each_time_and_says_what_it_is() -> None:
    results = drawn(years=(2019,))
    content = written(results)
    assert content == written(results)
    with open_workbook(io.BytesIO(content)) as (sheet,):
        _, first = next(sheet.rows)
    assert first[0] == SYNTHETIC_TITLE
    assert mark_statistics_name(2019) == "statistika-po-otmetkam-2019.xlsx"
