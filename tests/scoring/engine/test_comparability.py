"""When the results of two years compare, by what was written in them."""

from typing import Any

import polars as pl
import pytest

from services.scoring.engine.comparability import incomparable_results
from shared.domain.errors import Text
from shared.domain.methods.comparability import (
    Break,
    Comparability,
    Incomparable,
    Sameness,
)
from tests.scoring.engine.composite.frames import Row, inputs, paper

EVERYTHING = Comparability(
    same=tuple(Sameness),
    breaks=(
        Break(
            procedure="ege",
            academic_year=2019,
            reason=Incomparable.SCALE,
            title=Text("Шкала", "Scale"),
        ),
    ),
)
PROCEDURES = Comparability(same=(Sameness.PROCEDURE,), breaks=())


def compared(
    papers: list[Row], comparability: Comparability = EVERYTHING
) -> dict[int, Any]:
    by_year = inputs([], papers).results
    empty = {2019: pl.DataFrame(schema=by_year[2018].schema)}
    now = {2019: by_year[2019]} if 2019 in by_year else empty
    found = incomparable_results(now, {2018: by_year[2018]}, comparability)
    return dict(found.rows())


def test_the_same_papers_compare_however_often_they_were_written() -> None:
    papers = [paper(2018), paper(2019), paper(2019), paper(2019, lag=0)]

    assert compared(papers) == {}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (paper(2019, 1, "oge"), "procedures"),
        (paper(2019, subject="russian"), "subjects"),
        (paper(2019, grade=6), "cohort"),
        (paper(2019, lag=1), "season"),
        (paper(2019, 1, "ege", subject="russian", lag=1), "scale"),
        (paper(2019, 1, "oge", subject="russian", lag=1), "procedures"),
    ],
)
def test_what_differs_is_named_the_weightiest_first(other: Row, reason: str) -> None:
    assert compared([paper(2018), other]) == {1: reason}


def test_an_additional_or_a_lost_paper_makes_a_difference_too() -> None:
    both = [paper(2018), paper(2019)]

    assert compared([*both, paper(2019, subject="russian")]) == {1: "subjects"}
    assert compared([*both, paper(2018, subject="russian")]) == {1: "subjects"}


def test_only_what_a_method_asks_for_has_to_be_the_same() -> None:
    papers = [paper(2018), paper(2019, subject="russian", grade=6)]

    assert compared(papers, PROCEDURES) == {}


def test_a_grade_that_moved_to_another_subject_is_another_cohort() -> None:
    papers = [
        paper(year, subject=subject, grade=grade)
        for year, subject, grade in (
            (2018, "maths", 5),
            (2018, "russian", 6),
            (2019, "maths", 6),
            (2019, "russian", 5),
        )
    ]

    assert compared(papers) == {1: "cohort"}


def test_schools_do_not_touch_each_other() -> None:
    papers = [
        paper(2018, 1),
        paper(2018, 2),
        paper(2019, 2, grade=6),
        paper(2019, 1),
    ]

    assert compared(papers) == {2: "cohort"}
