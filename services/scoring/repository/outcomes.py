"""What a run came to, written as columns."""

from collections.abc import Mapping, Sequence

import polars as pl
from sqlalchemy import insert

from services.scoring.engine.targets import TargetValue
from services.scoring.repository.areas import write_rows
from shared.persistence.tables.school_scores import SchoolScoreRow
from shared.persistence.tables.scoring import (
    FigureRow,
    ProgrammeValueRow,
    RankingPlaceRow,
)
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


async def write_programme_values(
    work: Work,
    run_id: int,
    municipality_id: int,
    values: Mapping[int, Sequence[TargetValue]],
    school_names: Mapping[int, str],
) -> None:
    """Write the values of each programme by its id, naming the schools behind them."""
    rows = [
        {
            "run_id": run_id,
            "municipality_id": municipality_id,
            "programme_id": programme_id,
            "indicator_id": value.target.indicator_id,
            "year": value.target.year,
            "numerator": value.share.numerator if value.share else None,
            "denominator": value.share.denominator if value.share else None,
            "percent": value.share.percent if value.share else None,
            "status": value.status,
            "schools": [
                {"id": school_id, "name": school_names[school_id]}
                for school_id in (value.share.school_ids if value.share else ())
            ],
        }
        for programme_id, of_programme in values.items()
        for value in of_programme
    ]
    if rows:
        await work.session.execute(insert(ProgrammeValueRow), rows)
