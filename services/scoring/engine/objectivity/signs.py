"""All signs of non-objectivity of a year, in one table."""

from dataclasses import dataclass

import polars as pl

from services.scoring.engine.objectivity.candidates import CANDIDATE_SCHEMA
from services.scoring.engine.objectivity.cohorts import cohort_falls
from services.scoring.engine.objectivity.journal import confirmed_marks, wide_gaps
from services.scoring.engine.objectivity.limits import outside_limits
from services.scoring.engine.objectivity.papers import papers
from services.scoring.engine.objectivity.peaks import boundary_peaks
from services.scoring.engine.objectivity.rises import low_share_rises
from services.scoring.engine.objectivity.verdicts import with_verdicts
from shared.domain.methods.objectivity import Objectivity
from shared.domain.objectivity_tests import CONFIRMED, FALL, GAP, PEAK

YEARS_BEFORE = 2
"""From how far back results are needed: a cohort may have skipped a year."""

FINDING_SCHEMA = pl.Schema(
    {
        name: type_
        for name, type_ in {
            **CANDIDATE_SCHEMA,
            "tests": pl.Int64(),
            "adjusted_p": pl.Float64(),
            "verdict": pl.String(),
        }.items()
        if name not in {"deviates", "limited"}
    }
)
"""A finding of a test about one school; what the columns mean: `CANDIDATE_SCHEMA`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the tests look at, by the schemas in `papers`.

    `results` are of the year and of `YEARS_BEFORE` it, the rest of the year alone.
    """

    results: pl.DataFrame
    scores: pl.DataFrame
    boundaries: pl.DataFrame
    limits: pl.DataFrame


def find_signs(evidence: Evidence, method: Objectivity, *, year: int) -> pl.DataFrame:
    """Apply every test of the method to the schools of one academic year.

    Each municipality's findings are those that it would have alone. What is found are
    signs, never proofs: data for a conversation with the school.

    Returns:
        The columns of `FINDING_SCHEMA`, by municipality, school, test and paper.
    """
    all_papers = papers(_needed(evidence.results, method, year))
    of_year = all_papers.filter(pl.col("academic_year") == year)
    candidates = pl.concat(
        [
            confirmed_marks(of_year, method.journal),
            wide_gaps(of_year, method.journal),
            boundary_peaks(evidence.scores, evidence.boundaries, method.peak),
            low_share_rises(all_papers, method.rise, year=year),
            cohort_falls(all_papers, method.cohort, year=year),
            outside_limits(of_year, evidence.limits, minimum_n=method.limits_minimum_n),
        ]
    ).sort(
        "municipality_id",
        "school_id",
        "test",
        "procedure",
        "subject",
        "programme_grade",
        "pupil_grade",
        "mark",
        "measure",
    )
    significance = {
        CONFIRMED: method.journal.significance,
        GAP: method.journal.significance,
        PEAK: method.peak.significance,
        FALL: method.cohort.significance,
    }
    found = with_verdicts(candidates, significance, method.adjustment)
    return found.select(FINDING_SCHEMA.names()).rechunk()


def _needed(results: pl.DataFrame, method: Objectivity, year: int) -> pl.DataFrame:
    """Leave out what no test looks at: earlier years, but for where cohorts began."""
    earliest = (
        pl.when(pl.col("programme_grade") == method.cohort.from_grade)
        .then(year - YEARS_BEFORE)
        .otherwise(year - 1)
    )
    return results.filter(pl.col("academic_year").is_between(earliest, year))
