"""What a run came to, written as columns."""

from collections.abc import Mapping

import polars as pl

from services.scoring.repository.areas import write_rows
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.school_scores import SchoolScoreRow
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import Work


async def write_figures(
    work: Work, runs: Mapping[int, int], figures: pl.DataFrame
) -> None:
    """Write figures with the columns of `FIGURE_SCHEMA`."""
    await write_rows(work, FigureRow, runs, figures)


async def write_scores(
    work: Work, runs: Mapping[int, int], scores: pl.DataFrame
) -> None:
    """Write the answer of `school_scores`."""
    await write_rows(work, SchoolScoreRow, runs, scores)


async def write_places(
    work: Work, runs: Mapping[int, int], places: pl.DataFrame
) -> None:
    """Write the answer of `standings`."""
    years = pl.col("pooled_years").cast(pl.List(pl.String)).list.join(",")
    columns = places.rename(
        {"of": "ranked", "reason": "outside_reason", "weight": "shrink_weight"}
    ).with_columns(pooled_years=pl.format("[{}]", years))
    await write_rows(work, RankingPlaceRow, runs, columns)
