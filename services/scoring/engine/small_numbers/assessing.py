"""A measure of every school with all that small numbers ask to be shown beside it."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.small_numbers.draws import (
    Draws,
    Stream,
    draw_figures,
    draw_normal,
)
from services.scoring.engine.small_numbers.intervals import (
    figure_interval,
    standard_error,
)
from services.scoring.engine.small_numbers.pooling import pool
from services.scoring.engine.small_numbers.shrinkage import shrink
from services.scoring.engine.small_numbers.tallies import Tally
from shared.domain.methods.small_numbers import SmallNumbers

KEYS: Final = ["municipality_id", "school_id"]


def assess(
    counts: pl.DataFrame,
    tally: Tally,
    *,
    schools: pl.DataFrame,
    years: pl.DataFrame,
    rules: SmallNumbers,
    year: int,
) -> pl.DataFrame:
    """Return how far each school's figure may be trusted.

    Args:
        counts: ``school_id`` and the counts of `measures.summarise` behind the figure.
        tally: Of the measure.
        schools: `KEYS` and whatever else is known of them; only they are looked at.
        years: ``school_id``, ``academic_year`` and the counts of `summarise` of `year`
            and of years before it.
        rules: Of the method.
        year: Whose figure it is; earlier years are pooled with it.

    Returns:
        `schools` by `KEYS` with ``value_low``, ``value_high``, ``standard_error``, the
        answers of `shrink` and `pool`, and the columns of `tally`, which are 0 where
        a school has nobody to count.
    """
    ours = counts.select("school_id", *tally.columns)
    figures = schools.join(ours, on="school_id", how="left").with_columns(
        pl.col(tally.names).fill_null(0)
    )
    low, high = figure_interval(tally, rules.confidence_share)
    placed = years.join(schools.select(KEYS), on="school_id", how="inner")
    return (
        shrink(figures, tally)
        .with_columns(
            value_low=low, value_high=high, standard_error=standard_error(tally)
        )
        .join(
            pool(placed, tally, year=year, years=rules.pooled_years),
            on=KEYS,
            how="left",
            maintain_order="left",
        )
        .rechunk()
    )


def resample(
    assessed: pl.DataFrame,
    tally: Tally | None,
    *,
    method_hash: str,
    year: int,
    rules: SmallNumbers,
) -> Draws:
    """Draw every figure; without a tally, around it by its standard error.

    Args:
        assessed: `KEYS`, ``value`` (nullable), and the columns of `tally` or
            ``standard_error``, by `KEYS`.
        tally: Of the measure; None for what is put together from others.
        method_hash: Of the version of the method.
        year: The academic year.
        rules: Of the method.

    Returns:
        A row for each of `assessed`; that of a school without a value tells nothing.
    """
    drawn = np.zeros((assessed.height, rules.resamples))
    numbered = assessed.with_row_index("row").filter(pl.col("value").is_not_null())
    for part in numbered.partition_by("municipality_id", maintain_order=True):
        stream = Stream.of(method_hash, part["municipality_id"][0], year)
        drawn[part["row"].to_numpy()] = _draw(part, tally, stream, rules.resamples)
    return drawn


def _draw(
    part: pl.DataFrame, tally: Tally | None, stream: Stream, resamples: int
) -> Draws:
    schools: NDArray[np.int64] = part["school_id"].to_numpy()
    if tally is None:
        return draw_normal(
            part["value"].to_numpy(),
            part["standard_error"].cast(pl.Float64).to_numpy(),
            schools,
            stream,
            resamples=resamples,
        )
    counts = part.select(tally.names).to_numpy()
    return draw_figures(counts, tally.weights, schools, stream, resamples=resamples)
