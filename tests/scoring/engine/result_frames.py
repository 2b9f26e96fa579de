"""Frames of results for the engine's tests, by hand and at random."""

from typing import Any

import polars as pl
from hypothesis import strategies as st

from services.scoring.engine.measures import RESULT_SCHEMA


def result(
    school_id: int = 1,
    procedure: str = "vpr",
    *,
    marks: tuple[int, int, int, int] | None = (0, 0, 0, 0),
    n: int | None = None,
    ungraded: int = 0,
    below_minimum: int | None = None,
    journal: tuple[int, int, int] | None = None,
    subject: str = "maths",
    grade: int = 5,
) -> dict[str, Any]:
    n2, n3, n4, n5 = marks or (None,) * 4
    lower, equal, higher = journal or (None,) * 3
    return {
        "school_id": school_id,
        "procedure": procedure,
        "subject": subject,
        "programme_grade": grade,
        "n": sum(marks or ()) if n is None else n,
        "n2": n2,
        "n3": n3,
        "n4": n4,
        "n5": n5,
        "n_ungraded": ungraded,
        "n_below_minimum": below_minimum,
        "n_lower": lower,
        "n_equal": equal,
        "n_higher": higher,
    }


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RESULT_SCHEMA)


def content(table: pl.DataFrame) -> str:
    """All that a table holds, floats to the last bit, and its columns' types."""
    return f"{table.schema} {table.rows()!r}"


counts = st.integers(0, 60)
rows = st.builds(
    result,
    school_id=st.integers(1, 6),
    procedure=st.sampled_from(["vpr", "oge"]),
    marks=st.tuples(counts, counts, counts, counts),
    ungraded=st.integers(0, 5),
    below_minimum=st.none(),
    journal=st.none() | st.tuples(counts, counts, counts),
    subject=st.sampled_from(["maths", "russian"]),
    grade=st.integers(4, 9),
)
score_rows = st.builds(
    result,
    school_id=st.integers(1, 6),
    procedure=st.just("ege"),
    marks=st.none(),
    n=st.integers(20, 60),
    below_minimum=st.integers(0, 20) | st.none(),
    grade=st.just(11),
)
tables = st.lists(rows | score_rows, max_size=25)
