"""What moved between two rankings."""

import polars as pl

from services.scoring.engine.changes import changes
from services.scoring.engine.ranking import rank
from shared.domain.measures import Direction

Rows = list[tuple[int, float | None, int]]


def ranking(rows: Rows) -> pl.DataFrame:
    schema = {"school_id": pl.Int64, "value": pl.Float64, "n": pl.Int64}
    values = pl.DataFrame(rows, schema=schema, orient="row")
    return rank(values, direction=Direction.MORE_IS_BETTER, minimum_n=5)


BEFORE = ranking(
    [(1, 80.0, 9), (2, 60.0, 9), (3, 40.0, 9), (4, None, 0), (5, 20.0, 9), (6, None, 0)]
)
AFTER = ranking(
    [(1, 60.0, 9), (2, 70.1, 9), (3, 40.0, 9), (4, 30.0, 9), (5, 90.0, 2), (6, None, 0)]
)


def test_each_school_says_where_it_moved() -> None:
    compared = changes(BEFORE, AFTER)

    assert compared.select(
        "school_id", "value_change", "place_change", "move"
    ).rows() == [
        (1, -20.0, -1, "down"),
        (2, 10.1, 1, "up"),
        (3, 0.0, 0, "same"),
        (4, None, None, "entered"),
        (5, 70.0, None, "left"),
        (6, None, None, "outside"),
    ]


def test_reasons_stand_beside_the_move() -> None:
    compared = changes(BEFORE, AFTER)

    assert compared.select("reason_before", "reason_after").rows() == [
        (None, None),
        (None, None),
        (None, None),
        ("no_data", None),
        (None, "too_few_participants"),
        ("no_data", "no_data"),
    ]


def test_schools_known_to_one_ranking_only_are_kept() -> None:
    compared = changes(ranking([(1, 80.0, 9)]), ranking([(2, 70.0, 9)]))

    assert compared.select("school_id", "move").rows() == [(1, "left"), (2, "entered")]


def test_a_tie_dissolved_in_ones_favour_is_no_move() -> None:
    tied, alone = (
        ranking([(1, 80.0, 9), (2, 80.0, 9)]),
        ranking([(1, 80.0, 9), (2, 70.0, 9)]),
    )

    assert changes(tied, alone)["move"].to_list() == ["same", "down"]
