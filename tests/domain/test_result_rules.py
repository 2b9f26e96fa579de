"""What a sent result must satisfy."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.domain.periods import AcademicYear
from shared.domain.result_rules import Procedure, ResultDraft, validate_result

PROCEDURES = {
    "vpr": Procedure("vpr", frozenset({4, 5, 6, 7, 8, 9, 10, 11})),
    "ege": Procedure("ege", frozenset({11}), marked=False),
}
SUBJECTS = frozenset({"russian", "mathematics"})
VPR = ResultDraft(
    procedure="vpr",
    subject="mathematics",
    academic_year=AcademicYear(2020),
    programme_grade=4,
    pupil_grade=5,
    n=25,
    n2=3,
    n3=7,
    n4=10,
    n5=5,
    written_on=date(2020, 9, 15),
)
EGE = ResultDraft(
    procedure="ege",
    subject="russian",
    academic_year=AcademicYear(2018),
    programme_grade=11,
    pupil_grade=11,
    n=12,
    n_below_minimum=1,
    mean_test_score=61.5,
)


TODAY = date(2024, 6, 30)


def faults_of(draft: ResultDraft) -> list[tuple[str | None, str | None]]:
    found = validate_result(
        draft, procedures=PROCEDURES, subjects=SUBJECTS, today=TODAY
    )
    assert all(fault.reason.ru and fault.reason.en for fault in found)
    return [(fault.column, fault.value) for fault in found]


@pytest.mark.parametrize(
    "draft",
    [
        VPR,
        EGE,
        replace(VPR, n=0, n2=0, n3=0, n4=0, n5=0),
        replace(VPR, mean_primary_score=11.2, max_primary_score=20),
        replace(EGE, written_on=date(2019, 9, 20)),
    ],
)
def test_a_sound_result_has_no_faults(draft: ResultDraft) -> None:
    assert faults_of(draft) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedure": "pisa"}, [("procedure", "pisa")]),
        ({"subject": "alchemy"}, [("subject", "alchemy")]),
        ({"pupil_grade": 12}, [("pupil_grade", "12")]),
        ({"programme_grade": 0, "pupil_grade": 1}, [("programme_grade", "0")]),
        ({"programme_grade": 3}, [("programme_grade", "3")]),
        ({"programme_grade": 6}, [("programme_grade", "6")]),
        ({"programme_grade": 3, "pupil_grade": 3}, [("pupil_grade", "3")]),
        ({"n": 26}, [("n", "26")]),
        ({"n": -1}, [("n", "-1")]),
        ({"n2": -3}, [("n2", "-3")]),
        ({"n3": None}, [("n3", None)]),
        ({"n_absent": -1}, [("n_absent", "-1")]),
        ({"n_ungraded": 100_001}, [("n_ungraded", "100001")]),
        ({"max_primary_score": 0}, [("max_primary_score", "0")]),
        (
            {"mean_primary_score": 21, "max_primary_score": 20},
            [("mean_primary_score", "21")],
        ),
        ({"mean_primary_score": -1}, [("mean_primary_score", "-1")]),
        ({"written_on": date(2020, 8, 31)}, [("written_on", "2020-08-31")]),
        ({"written_on": date(2021, 11, 1)}, [("written_on", "2021-11-01")]),
        ({"subject": "x", "n": 26}, [("subject", "x"), ("n", "26")]),
    ],
)
def test_each_fault_names_its_field_and_what_was_sent(
    changes: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    assert faults_of(replace(VPR, **changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n_below_minimum": 13}, [("n_below_minimum", "13")]),
        ({"mean_test_score": 100.5}, [("mean_test_score", "100.5")]),
        ({"n5": 12}, [("n2", None), ("n3", None), ("n4", None)]),
    ],
)
def test_a_result_in_test_scores_has_rules_of_its_own(
    changes: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    assert faults_of(replace(EGE, **changes)) == expected


def test_what_is_still_to_come_has_no_result() -> None:
    next_year = replace(VPR, academic_year=AcademicYear(2024), written_on=None)
    assert faults_of(next_year) == [("academic_year", "2024")]
    tomorrow = TODAY + timedelta(days=1)
    assert faults_of(
        replace(VPR, academic_year=AcademicYear(2023), written_on=tomorrow)
    ) == [("written_on", str(tomorrow))]
