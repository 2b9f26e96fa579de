"""Places of schools, against scipy and counting by brute force."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from services.scoring.engine.ranking import rank
from services.scoring.engine.rounding import rounded_figure
from shared.domain.errors import InvalidInputError
from shared.domain.measures import Direction, place_text
from tests.scoring.engine.result_frames import content

SCHEMA = pl.Schema({"school_id": pl.Int64, "value": pl.Float64, "n": pl.Int64})
MORE, LESS = Direction.MORE_IS_BETTER, Direction.LESS_IS_BETTER

Rows = list[tuple[int, float | None, int]]


def frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def places(ranked: pl.DataFrame) -> list[tuple[Any, ...]]:
    return ranked.select("school_id", "place_from", "place_to", "of", "reason").rows()


values = st.one_of(
    st.none(),
    st.integers(0, 8).map(lambda k: 100 * k / 8),
    st.floats(0, 100),
)
tables = st.dictionaries(
    st.integers(1, 99), st.tuples(values, st.integers(0, 12)), max_size=20
).map(lambda d: [(school, value, n) for school, (value, n) in d.items()])


def test_equal_values_share_a_place_and_the_next_is_skipped() -> None:
    table: Rows = [(1, 40.0, 9), (2, 80.0, 9), (3, 80.0, 9), (4, 60.0, 9)]

    assert places(rank(frame(table), direction=MORE)) == [
        (2, 1, 2, 4, None),
        (3, 1, 2, 4, None),
        (4, 3, 3, 4, None),
        (1, 4, 4, 4, None),
    ]


def test_less_is_better_turns_the_places_round() -> None:
    table: Rows = [(1, 40.0, 9), (2, 80.0, 9), (3, 0.0, 9)]

    assert places(rank(frame(table), direction=LESS)) == [
        (3, 1, 1, 3, None),
        (1, 2, 2, 3, None),
        (2, 3, 3, 3, None),
    ]


def test_no_data_and_too_few_pupils_are_outside_the_ranking() -> None:
    table: Rows = [(1, None, 0), (2, 100.0, 4), (3, 0.0, 5), (4, float("nan"), 9)]

    assert places(rank(frame(table), direction=MORE, minimum_n=5)) == [
        (3, 1, 1, 1, None),
        (1, None, None, 1, "no_data"),
        (2, None, None, 1, "too_few_participants"),
        (4, None, None, 1, "no_data"),
    ]


def test_float_noise_does_not_break_a_tie() -> None:
    table: Rows = [(1, 0.1 + 0.2, 9), (2, 0.3, 9), (3, 66.666666, 9), (4, 66.67, 9)]

    ranked = rank(frame(table), direction=MORE)

    assert ranked["place_to"].to_list() == [2, 2, 4, 4]


def test_nobody_at_all_is_an_empty_ranking() -> None:
    ranked = rank(frame([]), direction=MORE)

    assert ranked.is_empty()
    assert ranked.columns == [
        "school_id",
        "value",
        "n",
        "place_from",
        "place_to",
        "of",
        "reason",
    ]


def test_a_school_that_occurs_twice_is_refused() -> None:
    table: Rows = [(1, 40.0, 9), (7, 80.0, 9), (7, 60.0, 9)]

    with pytest.raises(InvalidInputError) as refusal:
        rank(frame(table), direction=MORE)

    assert [fault.value for fault in refusal.value.faults] == ["7"]


@pytest.mark.parametrize(("ends", "text"), [((1, 2), "1–2"), ((3, 3), "3")])
def test_a_shared_place_is_written_with_both_ends(
    ends: tuple[int, int], text: str
) -> None:
    assert place_text(*ends) == text


@given(tables, st.sampled_from(Direction))
def test_places_are_those_of_scipy(table: Rows, direction: Direction) -> None:
    ranked = rank(frame(table), direction=direction, minimum_n=5)
    inside = [(school, v) for school, v, n in table if v is not None and n >= 5]
    sign = -1 if direction is MORE else 1
    keys = np.array([sign * rounded_figure(value) for _, value in inside])

    first = dict(zip([s for s, _ in inside], rankdata(keys, "min"), strict=True))
    last = dict(zip([s for s, _ in inside], rankdata(keys, "max"), strict=True))

    for row in ranked.iter_rows(named=True):
        assert row["place_from"] == first.get(row["school_id"])
        assert row["place_to"] == last.get(row["school_id"])
        assert row["of"] == len(inside)
        assert (row["reason"] is None) == (row["place_from"] is not None)


@given(tables)
def test_a_place_is_one_more_than_the_schools_above(table: Rows) -> None:
    ranked = rank(frame(table), direction=MORE)
    shown = {s: rounded_figure(v) for s, v, _ in table if v is not None}

    for row in ranked.filter(pl.col("place_from").is_not_null()).iter_rows(named=True):
        own = shown[row["school_id"]]
        above = sum(other > own for other in shown.values())
        level = sum(other == own for other in shown.values())
        assert (row["place_from"], row["place_to"]) == (above + 1, above + level)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_schools_changes_no_byte(table: Rows, shuffler: Any) -> None:
    shuffled = list(table)
    shuffler.shuffle(shuffled)

    once = rank(frame(table), direction=MORE, minimum_n=5)
    again = rank(frame(shuffled), direction=MORE, minimum_n=5)

    assert content(once) == content(again)
