"""Measures of schools against the limits that a region has set."""

from typing import Final

import polars as pl

from services.scoring.engine.objectivity.candidates import (
    TOO_FEW,
    as_candidates,
    first_reason,
)
from shared.domain.measures import MEASURES
from shared.domain.objectivity_tests import OUTSIDE

_PAPER: Final = ("municipality_id", "procedure", "subject", "programme_grade")


def outside_limits(
    papers: pl.DataFrame, limits: pl.DataFrame, *, minimum_n: int
) -> pl.DataFrame:
    """Find the papers whose measure lies below or above its limits.

    Both limits are still within. Source: the comparison itself; limits are imported.

    Args:
        papers: Of one year, with the columns of `papers.papers`.
        limits: Of that year, with the columns of `LIMIT_SCHEMA`.
        minimum_n: With fewer pupils behind a measure nothing is said.

    Returns:
        The columns of `CANDIDATE_SCHEMA`: `reference` is the limit that was passed,
        null where none was. Papers without a limit or a figure are left out.
    """
    return as_candidates(
        pl.concat(
            [
                _measured(papers, limits, code, measure.n_column)
                for code, measure in MEASURES.items()
            ]
        ).with_columns(
            reason=first_reason((pl.col("n") < minimum_n, TOO_FEW)),
            deviates=pl.col("reference").is_not_null(),
            detail=pl.struct(
                "low", "high", "area", "source", "provenance"
            ).struct.json_encode(),
        ),
        OUTSIDE,
    )


def _measured(
    papers: pl.DataFrame, limits: pl.DataFrame, code: str, n_column: str
) -> pl.DataFrame:
    figures = papers.with_columns(figure=pl.col(code), n=pl.col(n_column)).filter(
        pl.col("figure").is_not_null()
    )
    passed = (
        pl.when(pl.col("figure") < pl.col("low"))
        .then("low")
        .when(pl.col("figure") > pl.col("high"))
        .then("high")
    )
    return figures.join(
        limits.filter(pl.col("measure") == code), on=list(_PAPER), how="inner"
    ).with_columns(reference=passed)
