"""Frames for the tests of the signs of non-objectivity, by hand and at random."""

from typing import Any

import polars as pl
from hypothesis import strategies as st

from services.scoring.engine.objectivity.papers import (
    BOUNDARY_SCHEMA,
    LIMIT_SCHEMA,
    PUPIL_SCHEMA,
    SCORE_SCHEMA,
)
from services.scoring.engine.objectivity.signs import Evidence
from shared.domain.methods.objectivity import (
    HOLM,
    CohortTest,
    JournalTest,
    Objectivity,
    PeakTest,
    RiseTest,
)

YEAR = 2019

METHOD = Objectivity(
    adjustment=HOLM,
    journal=JournalTest(
        procedures=("vpr",), minimum_n=5, minimum_reference_n=10, significance=0.05
    ),
    peak=PeakTest(
        procedures=(), minimum_n=50, limited_n=20, window=2, significance=0.05
    ),
    rise=RiseTest(procedures=(), minimum_n=5, points=10.0, incomparable=("oge:2020",)),
    cohort=CohortTest(
        procedures=("vpr",),
        from_grade=4,
        minimum_n=5,
        minimum_reference_n=10,
        significance=0.05,
    ),
    limits_minimum_n=5,
)


def result(
    school_id: int = 1,
    *,
    municipality_id: int = 1,
    year: int = YEAR,
    marks: tuple[int, int, int, int] = (0, 0, 0, 0),
    journal: tuple[int, int, int] | None = None,
    gap: int | None = None,
    procedure: str = "vpr",
    subject: str = "maths",
    grade: int = 5,
    pupil_grade: int | None = None,
) -> dict[str, Any]:
    n2, n3, n4, n5 = marks
    lower, equal, higher = journal or (None,) * 3
    return {
        "municipality_id": municipality_id,
        "academic_year": year,
        "school_id": school_id,
        "procedure": procedure,
        "subject": subject,
        "programme_grade": grade,
        "pupil_grade": pupil_grade or grade,
        "n": sum(marks),
        "n2": n2,
        "n3": n3,
        "n4": n4,
        "n5": n5,
        "n_ungraded": 0,
        "n_below_minimum": None,
        "n_lower": lower,
        "n_equal": equal,
        "n_higher": higher,
        "n_gap_2": gap,
    }


def results(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PUPIL_SCHEMA)


def scores(
    counts: dict[int, int], school_id: int = 1, municipality_id: int = 1
) -> pl.DataFrame:
    paper = {
        "municipality_id": municipality_id,
        "school_id": school_id,
        "procedure": "vpr",
        "subject": "maths",
        "programme_grade": 5,
        "pupil_grade": 5,
    }
    rows = [paper | {"score": each, "pupils": n} for each, n in counts.items()]
    return pl.DataFrame(rows, schema=SCORE_SCHEMA)


def boundaries(
    *marks: tuple[int, int], maximum: int = 20, municipality_id: int = 1
) -> pl.DataFrame:
    paper = (municipality_id, "vpr", "maths", 5)
    rows = [
        (*paper, mark, score, maximum, "Scale", "regional") for mark, score in marks
    ]
    return pl.DataFrame(rows, schema=BOUNDARY_SCHEMA, orient="row")


def limit(
    measure: str, low: float | None, high: float | None, municipality_id: int = 1
) -> pl.DataFrame:
    paper = (municipality_id, "vpr", "maths", 5)
    row = (*paper, measure, low, high, "region", "Letter", "regional")
    return pl.DataFrame([row], schema=LIMIT_SCHEMA, orient="row")


def evidence(
    *rows: dict[str, Any],
    of_scores: pl.DataFrame | None = None,
    of_boundaries: pl.DataFrame | None = None,
    of_limits: pl.DataFrame | None = None,
) -> Evidence:
    return Evidence(
        results=results(*rows),
        scores=SCORE_SCHEMA.to_frame() if of_scores is None else of_scores,
        boundaries=(
            BOUNDARY_SCHEMA.to_frame() if of_boundaries is None else of_boundaries
        ),
        limits=LIMIT_SCHEMA.to_frame() if of_limits is None else of_limits,
    )


small = st.integers(0, 30)


@st.composite
def any_results(draw: st.DrawFn) -> dict[str, Any]:
    journal = draw(st.none() | st.tuples(small, small, small))
    gap = None
    if journal is not None and draw(st.booleans()):
        gap = draw(st.integers(0, journal[0] + journal[2]))
    return result(
        draw(st.integers(1, 4)),
        municipality_id=draw(st.integers(1, 3)),
        year=draw(st.sampled_from([YEAR, YEAR - 1])),
        marks=draw(st.tuples(small, small, small, small)),
        journal=journal,
        gap=gap,
        subject=draw(st.sampled_from(["maths", "russian"])),
        grade=draw(st.integers(4, 5)),
    )


@st.composite
def any_evidence(draw: st.DrawFn) -> Evidence:
    rows = draw(st.lists(any_results(), max_size=40))
    schools = draw(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4)), unique=True)
    )
    counted = [
        scores(
            draw(st.dictionaries(st.integers(0, 20), st.integers(0, 15))),
            school,
            municipality,
        )
        for municipality, school in schools
    ]
    return evidence(
        *rows,
        of_scores=pl.concat([SCORE_SCHEMA.to_frame(), *counted]),
        of_boundaries=pl.concat(
            boundaries((3, 6), (4, 11), (5, 19), municipality_id=each)
            for each in (1, 2)
        ),
        of_limits=pl.concat(
            [limit("quality_rate", 20, 80), limit("mean_mark", 3, None, 2)]
        ),
    )
