"""Peaks of primary scores where a mark begins."""

from typing import Final

import numpy as np
import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.objectivity.binomial import greater
from services.scoring.engine.objectivity.candidates import (
    NO_BOUNDARIES,
    NO_NEIGHBOURS,
    TOO_FEW,
    as_candidates,
    first_reason,
)
from services.scoring.engine.objectivity.papers import OWN, of_procedures
from shared.domain.methods.objectivity import PeakTest
from shared.domain.objectivity_tests import PEAK

_PAPER: Final = ("municipality_id", "procedure", "subject", "programme_grade")


def boundary_peaks(
    scores: pl.DataFrame, boundaries: pl.DataFrame, test: PeakTest
) -> pl.DataFrame:
    """Find more pupils at the lowest score of a mark than the scores around it tell.

    Where the number of pupils changes evenly with the score, that of the middle one of
    2w + 1 neighbouring scores is one in 2w + 1 of them all, whatever the slope. So of
    the pupils within w scores of the boundary the number at it is binomial, with that
    chance, and the p-value is that of as many or more: exact, and with nothing to be
    estimated. A boundary at the very hump of the distribution may hold a little more.

    Source: the linear interpolation of neighbours under an exact binomial test; a
    simple relative of the density test at a threshold (McCrary 2008). No document
    prescribes a test.

    Args:
        scores: With the columns of `SCORE_SCHEMA`, at most one row for each score.
        boundaries: With the columns of `BOUNDARY_SCHEMA`.
        test: The thresholds.

    Returns:
        The columns of `CANDIDATE_SCHEMA`, a row for each paper and mark: `figure` is
        the number of pupils at the boundary, `reference` that to be expected. A paper
        without boundaries has one row, which says so.
    """
    counted = of_procedures(scores, test.procedures)
    totals = (
        counted.group_by(*OWN)
        .agg(n=pl.col("pupils").cast(pl.Int64).sum())
        .join(boundaries, on=list(_PAPER), how="left")
        .with_columns(window=_window(test.window))
    )
    looked_at = totals.join(_around(counted, totals), on=[*OWN, "mark"], how="left")
    peaks = looked_at.with_columns(
        pl.col("at_boundary", "within").fill_null(0)
    ).with_columns(
        expected=quotient(pl.col("within"), 2 * pl.col("window") + 1),
        reason=first_reason(
            (pl.col("n") < test.limited_n, TOO_FEW),
            (pl.col("boundary").is_null(), NO_BOUNDARIES),
            ((pl.col("window") < 1) | (pl.col("within") == 0), NO_NEIGHBOURS),
        ),
        limited=pl.col("n") < test.minimum_n,
    )
    return as_candidates(_with_p_values(peaks), PEAK)


def _window(most: int) -> pl.Expr:
    """Return how many scores there are on each side of the boundary, as many at most.

    Both sides are as wide as the narrower: else a slope would pass for a peak.
    """
    boundary = pl.col("boundary").cast(pl.Int64)
    above = pl.col("maximum").cast(pl.Int64) - boundary
    return pl.min_horizontal(pl.lit(most, pl.Int64), boundary, above)


def _around(scores: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Count the pupils at each boundary and within its window."""
    bounds = totals.filter(pl.col("window") >= 1)
    distance = (pl.col("score").cast(pl.Int64) - pl.col("boundary")).abs()
    pupils = pl.col("pupils").cast(pl.Int64)
    return (
        scores.join(
            bounds.select(*OWN, "mark", "boundary", "window"), on=list(OWN), how="inner"
        )
        .group_by(*OWN, "mark")
        .agg(
            at_boundary=pupils.filter(distance == 0).sum(),
            within=pupils.filter(distance <= pl.col("window")).sum(),
        )
    )


def _with_p_values(peaks: pl.DataFrame) -> pl.DataFrame:
    within = peaks["within"].to_numpy()
    window = peaks["window"].fill_null(1).clip(1).to_numpy()
    p_values = greater(
        peaks["at_boundary"].to_numpy(),
        np.maximum(within, 1),
        1 / (2 * window + 1),
    )
    has_peak = pl.col("reason").is_null()
    return peaks.with_columns(
        p_value=pl.Series(p_values, dtype=pl.Float64),
        figure=pl.when(has_peak).then(pl.col("at_boundary").cast(pl.Float64)),
        reference=pl.when(has_peak).then("expected"),
        n_reference=pl.when(has_peak).then("within"),
        deviates=pl.col("at_boundary") > pl.col("expected"),
        detail=pl.struct(
            "boundary",
            "maximum",
            "window",
            "at_boundary",
            "within",
            "expected",
            "source",
            "provenance",
        ).struct.json_encode(),
    )
