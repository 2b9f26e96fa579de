"""The grid of status and change."""

from typing import Any

import polars as pl
import pytest

from services.scoring.engine.composite.grid import levels
from shared.domain.measures import Direction
from shared.domain.methods.composites import Grid

GRID = Grid(status=(20.0, 40.0, 60.0, 80.0), change=(-10.0, -1.0, 1.0, 10.0))
SCHEMA = {"value": pl.Float64, "change": pl.Float64, "dynamics": pl.String}


def placed(row: tuple[Any, ...], direction: Direction) -> tuple[Any, ...]:
    frame = pl.DataFrame([row], schema=SCHEMA, orient="row")
    return levels(frame, grid=GRID, direction=direction).row(0)


@pytest.mark.parametrize(
    ("row", "more", "less"),
    [
        ((19.99, -10.01, "negative"), (1, 1), (5, 5)),
        ((20.0, -10.0, "negative"), (2, 2), (4, 5)),
        ((59.0, 1.0, "positive"), (3, 4), (3, 3)),
        ((80.0, 10.0, "positive"), (5, 5), (1, 2)),
        ((80.0, 40.0, "stable"), (5, 3), (1, 3)),
        ((80.0, None, "incomparable"), (5, None), (1, None)),
        ((None, None, "incomparable"), (None, None), (None, None)),
    ],
)
def test_each_cut_is_the_lowest_figure_of_the_level_above(
    row: tuple[Any, ...], more: tuple[Any, ...], less: tuple[Any, ...]
) -> None:
    assert placed(row, Direction.MORE_IS_BETTER) == more
    assert placed(row, Direction.LESS_IS_BETTER) == less
