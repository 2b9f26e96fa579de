"""A share of schools, counted against a plain count school by school."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.formulas import share_of_schools
from shared.domain.formulas import MissingPolicy, parse
from tests.scoring.engine.result_frames import content

CONDITION = "a > 2 and b.c < 4"
SCHEMA = {
    "municipality_id": pl.Int64,
    "school_id": pl.Int64,
    "a": pl.Int64,
    "b.c": pl.Float64,
}
cells = st.none() | st.integers(0, 6)
rows = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 40), cells, cells),
    unique_by=lambda row: row[1],
    max_size=30,
)


def frame(rows: list[tuple[int | None, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row", strict=False)


def holds(a: int | None, b: int | None) -> bool | None:
    if (a is not None and a <= 2) or (b is not None and b >= 4):
        return False
    return None if a is None or b is None else True


@given(rows, st.sampled_from(MissingPolicy))
def test_schools_are_counted_one_by_one(
    rows: list[Any], missing: MissingPolicy
) -> None:
    counted = share_of_schools(frame(rows), parse(CONDITION), missing=missing)

    assert counted["municipality_id"].to_list() == sorted({row[0] for row in rows})
    for found in counted.iter_rows(named=True):
        answers = {
            school: holds(a, b)
            for municipality, school, a, b in sorted(rows, key=lambda row: row[1])
            if municipality == found["municipality_id"]
        }
        by_answer = {
            answer: [school for school, own in answers.items() if own is answer]
            for answer in (True, False, None)
        }
        assert found["school_ids"] == by_answer[True]
        assert found["other_ids"] == by_answer[False]
        assert found["undecided_ids"] == by_answer[None]
        assert found["numerator"] == len(by_answer[True])
        assert found["n_schools"] == len(answers)
        assert found["n_decided"] == len(answers) - len(by_answer[None])
        excluded = missing is MissingPolicy.EXCLUDE
        whole = found["n_decided"] if excluded else found["n_schools"]
        assert found["denominator"] == whole
        percent = 100 * found["numerator"] / whole if whole else None
        assert found["percent"] == percent


@given(rows)
def test_a_municipality_alone_has_the_share_it_has_among_all(rows: list[Any]) -> None:
    schools, condition = frame(rows), parse(CONDITION)

    together = share_of_schools(schools, condition)
    alone = [
        share_of_schools(schools.filter(pl.col("municipality_id") == each), condition)
        for each in together["municipality_id"]
    ]

    for each, own in zip(together["municipality_id"], alone, strict=True):
        among_all = together.filter(pl.col("municipality_id") == each)
        assert content(among_all) == content(own)


@pytest.mark.parametrize(
    ("missing", "expected"),
    [(MissingPolicy.EXCLUDE, (0, None)), (MissingPolicy.COUNT_AS_NO, (2, 0.0))],
)
def test_a_share_over_no_schools_is_missing_and_not_zero(
    missing: MissingPolicy, expected: tuple[int, float | None]
) -> None:
    schools = frame([(1, 1, None, None), (1, 2, 5, None)])

    counted = share_of_schools(schools, parse(CONDITION), missing=missing)

    assert counted.select("denominator", "percent").row(0) == expected
    assert counted["undecided_ids"].to_list() == [[1, 2]]


def test_years_are_counted_apart() -> None:
    schools = frame([(1, 1, 5, 1), (1, 1, 1, 1)]).with_columns(year=pl.Series([1, 2]))

    counted = share_of_schools(
        schools, parse(CONDITION), by=("municipality_id", "year")
    )

    assert counted.select("year", "percent").rows() == [(1, 100.0), (2, 0.0)]
