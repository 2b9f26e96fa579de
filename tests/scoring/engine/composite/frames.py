"""Inputs of methods for tests, by hand and at random."""

from collections.abc import Iterable
from typing import Any

import polars as pl
from hypothesis import strategies as st

from services.scoring.engine.composite.figures import (
    MSOKO_SCHEMA,
    PAPERS_SCHEMA,
    SCHOOLS_SCHEMA,
    Inputs,
)
from tests.scoring.engine.result_frames import result

Row = tuple[int, dict[str, Any]]


def paper(year: int, school_id: int = 1, *args: Any, **changes: Any) -> Row:
    """Return a result of a year, of pupils of the grade that its programme is for."""
    lag = changes.pop("lag", 0)
    row = result(school_id, *args, **changes)
    return year, row | {"pupil_grade": row["programme_grade"] + lag}


def inputs(
    schools: Iterable[tuple[int, int, str]],
    papers: Iterable[Row] = (),
    msoko: Iterable[tuple[int, int, int, str, float, float]] = (),
) -> Inputs:
    """Put together schools (municipality, id, kind), papers and МСОКО scores."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for year, row in papers:
        by_year.setdefault(year, []).append(row)
    return Inputs(
        schools=pl.DataFrame(list(schools), schema=SCHOOLS_SCHEMA, orient="row"),
        results={
            year: pl.DataFrame(rows, schema=PAPERS_SCHEMA)
            for year, rows in by_year.items()
        },
        msoko=pl.DataFrame(list(msoko), schema=MSOKO_SCHEMA, orient="row"),
    )


counts = st.integers(0, 12)
marks = st.tuples(counts, counts, counts, counts)


def papers_of(schools: Iterable[int]) -> st.SearchStrategy[list[Row]]:
    """Draw papers of schools in the years 2017–2019."""
    return st.lists(
        st.builds(
            paper,
            st.integers(2017, 2019),
            st.sampled_from(list(schools)),
            st.sampled_from(["vpr", "oge"]),
            marks=marks,
            subject=st.sampled_from(["mathematics", "russian"]),
            grade=st.sampled_from([5, 9]),
        ),
        max_size=20,
    )
