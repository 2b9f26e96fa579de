"""Where a school stands on the grid of status and change."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.composite.scores import reaches
from services.scoring.engine.dynamics import Dynamics
from shared.domain.measures import Direction
from shared.domain.methods.composites import GRID_CUTS, Grid

UNCHANGED: Final = 3
LEVELS: Final = GRID_CUTS + 1


def levels(figures: pl.DataFrame, *, grid: Grid, direction: Direction) -> pl.DataFrame:
    """Give each school its level of status and of change, 5 being the best.

    Source: the five-by-five grid of California's accountability system. A cut is the
    lowest figure of the level above it. A change that is within noise, ``stable``,
    is of the middle level whatever the cuts, so that chance moves no school.

    Args:
        figures: ``value``, ``change`` and ``dynamics``, the latter two null where the
            years do not compare.
        grid: The cuts; those of the change are for the better.
        direction: Which end of the scale is the good one.

    Returns:
        ``status_level`` and ``change_level``, null where there is no such figure.

    >>> cuts = (20.0, 40.0, 60.0, 80.0)
    >>> grid = Grid(status=cuts, change=(-10.0, -1.0, 1.0, 10.0))
    >>> rows = {"value": [40.0, 39.9], "change": [12.0, 12.0]}
    >>> found = rows | {"dynamics": ["positive", "stable"]}
    >>> levels(
    ...     pl.DataFrame(found), grid=grid, direction=Direction.MORE_IS_BETTER
    ... ).rows()
    [(3, 5), (2, 3)]
    """
    is_stable = pl.col("dynamics") == Dynamics.STABLE.value
    less = direction is Direction.LESS_IS_BETTER
    status = level(pl.col("value"), grid.status)
    change = level(-pl.col("change") if less else pl.col("change"), grid.change)
    return figures.select(
        status_level=(LEVELS + 1 - status if less else status).cast(pl.Int16),
        change_level=pl.when(pl.col("change").is_not_null() & is_stable)
        .then(UNCHANGED)
        .otherwise(change)
        .cast(pl.Int16),
    )


def level(figure: pl.Expr, cuts: Sequence[float]) -> pl.Expr:
    """Count from 1 how many cuts a figure has reached; null stays null."""
    reached = pl.sum_horizontal(reaches(figure, cut).cast(pl.Int16) for cut in cuts)
    return pl.when(figure.is_not_null()).then(reached + 1)
