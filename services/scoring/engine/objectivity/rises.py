"""Low shares that grew from one year to the next."""

import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.objectivity.candidates import (
    INCOMPARABLE,
    TOO_FEW,
    as_candidates,
    first_reason,
    percent,
)
from services.scoring.engine.objectivity.papers import OWN, of_procedures
from shared.domain.methods.objectivity import RiseTest
from shared.domain.objectivity_tests import RISE


def low_share_rises(papers: pl.DataFrame, test: RiseTest, *, year: int) -> pl.DataFrame:
    """Compare each paper's low share with the same paper's in the year before.

    The same paper is of the same procedure, subject and grades, so that a work written
    in autumn on the programme of the grade before meets only its like.

    Source: the difference of two shares in points; there is no test of significance.
    The detail tells how many points one pupil is worth, and whether one pupil fewer
    among the low would take the sign away.

    Three of 20 below, after one of 20, are 10 points more; one pupil is worth 5.

    Args:
        papers: Of both years at least, with the columns of `papers.papers`.
        test: The thresholds.
        year: The later one; 2019 is 2019/2020.

    Returns:
        The columns of `CANDIDATE_SCHEMA`: `figure` is the change in points,
        `reference` the threshold. Papers without a year before are left out.
    """
    told = of_procedures(papers, test.procedures).filter(pl.col("n_low_of") > 0)
    counts = told.select(
        *OWN, "academic_year", low=pl.col("n_low"), n=pl.col("n_low_of")
    )
    before = counts.filter(pl.col("academic_year") == year - 1).select(
        *OWN, low_before=pl.col("low"), n_reference=pl.col("n")
    )
    both = counts.filter(pl.col("academic_year") == year).join(
        before, on=list(OWN), how="inner"
    )
    known = pl.min_horizontal("n", "n_reference")
    changes = both.with_columns(
        figure=_change(pl.col("low")),
        reference=pl.lit(test.points),
        one_fewer=_change((pl.col("low") - 1).clip(0)),
        reason=first_reason(
            (_are_incomparable(test, year), INCOMPARABLE),
            (known < test.minimum_n, TOO_FEW),
        ),
    )
    return as_candidates(_explained(changes, test), RISE)


def _change(low: pl.Expr) -> pl.Expr:
    """Return the change of the low share in points, by one division of integers."""
    difference = low * pl.col("n_reference") - pl.col("low_before") * pl.col("n")
    return quotient(100 * difference, pl.col("n") * pl.col("n_reference"))


def _explained(changes: pl.DataFrame, test: RiseTest) -> pl.DataFrame:
    deviates = pl.col("figure") >= test.points
    return changes.with_columns(
        deviates=deviates,
        low_share=percent("low", "n"),
        low_share_before=percent("low_before", "n_reference"),
        points_per_pupil=100 / pl.col("n"),
        within_one_pupil=deviates & (pl.col("one_fewer") < test.points),
    ).with_columns(
        detail=pl.struct(
            "low",
            "low_share",
            "low_before",
            "low_share_before",
            "points_per_pupil",
            "within_one_pupil",
        ).struct.json_encode()
    )


def _are_incomparable(test: RiseTest, year: int) -> pl.Expr:
    """Tell whether either of the two years is one that nothing is compared with."""
    years = {str(year), str(year - 1)}
    named = (name.partition(":") for name in test.incomparable)
    procedures = sorted({procedure for procedure, _, each in named if each in years})
    return pl.col("procedure").is_in(procedures)
