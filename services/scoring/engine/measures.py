"""Measures of assessment results, counted from pupils and never from percentages."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.attainment import (
    confirmed_marks,
    low_share,
    mean_mark,
    quality_rate,
    sou,
    success_rate,
)
from shared.domain.result_figures import JOURNAL_COUNTS

RESULT_SCHEMA = pl.Schema(
    {
        "school_id": pl.Int64,
        "procedure": pl.String,
        "subject": pl.String,
        "programme_grade": pl.Int16,
        "n": pl.Int32,
        "n2": pl.Int32,
        "n3": pl.Int32,
        "n4": pl.Int32,
        "n5": pl.Int32,
        "n_ungraded": pl.Int32,
        "n_below_minimum": pl.Int32,
        "n_lower": pl.Int32,
        "n_equal": pl.Int32,
        "n_higher": pl.Int32,
    }
)


def summarise(results: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Sum the counts of `results` within `by` and add the measures of §2.

    A district is the sum over its schools (``by=[]`` gives one row), so its figures
    are those of all its pupils together. Only integers are summed and the rows are
    sorted by `by`, so the answer does not depend on the order of rows or on threads.

    Args:
        results: One row per result, with the columns of `RESULT_SCHEMA`.
        by: Columns to group by, any of the four keys.

    Returns:
        `by`, then counts as Int64: ``n_results``; the sums of ``n``, ``n2``–``n5``,
        ``n_ungraded`` and ``n_below_minimum`` (null if no result has one);
        ``n_total`` = graded + ungraded pupils of all results; the N of the measures
        (``n_marked``, ``n_graded``, ``n_low_of``, ``n_compared``) with the numerators
        ``n_low``, ``n_lower``, ``n_equal`` and ``n_higher``; ``n_ungraded_marked``.
        Then the measures as Float64, null where their N is 0.
    """
    return with_measures(total_within(pupils_of(results, by), by)).rechunk()


def pupils_of(results: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return `keys` and the counts of `summarise` of each result by itself."""
    one = pl.lit(1, pl.Int64).alias("n_results")
    return results.select(*keys, one, *_pupils()).with_columns(_low(), _low_of())


def total_within(counts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Sum counts within `by`; sums may be summed on, as each holds whole numbers.

    Args:
        counts: The answer of `pupils_of`, or of this with more keys.
        by: Columns to group by; without any there is one row, even without counts.
    """
    if not by:
        return counts.select(_sums())
    return counts.group_by(by).agg(_sums()).sort(by)


def with_measures(counts: pl.DataFrame) -> pl.DataFrame:
    """Add the measures of §2 to sums of counts, null where their N is 0."""
    return counts.with_columns(
        quality_rate=quality_rate(),
        success_rate=success_rate(),
        sou=sou(),
        mean_mark=mean_mark(),
        low_share=low_share(),
        confirmed_marks=confirmed_marks(),
    )


def _pupils() -> list[pl.Expr]:
    """Counts of one result as Int64, with those that only marked results have.

    A result in scores alone (most of ЕГЭ) has pupils but no marks, which are null: it
    must not pull the quality rate down as if all its pupils had failed.
    """
    wide = {name: pl.col(name).cast(pl.Int64) for name in _COUNTS}
    marks = wide["n2"] + wide["n3"] + wide["n4"] + wide["n5"]
    graded = marks.fill_null(0)
    has_marks = marks.is_not_null() & ((graded > 0) | (wide["n"] == 0))
    ungraded = pl.when(has_marks).then(wide["n_ungraded"]).otherwise(0)
    return [
        *wide.values(),
        graded.alias("n_graded"),
        ungraded.alias("n_ungraded_marked"),
        (graded + ungraded).alias("n_marked"),
        (wide["n"] + wide["n_ungraded"]).alias("n_total"),
        *_compared(),
    ]


def _compared() -> list[pl.Expr]:
    """Marks below, as and above the journal's, and all that were compared with it."""
    counts = [
        pl.col(name).cast(pl.Int64).fill_null(0).alias(name) for name in JOURNAL_COUNTS
    ]
    return [*counts, pl.sum_horizontal(counts).alias("n_compared")]


def _low() -> pl.Expr:
    """Low results of one row: below the minimum where a procedure sets one, else 2s.

    Only ЕГЭ holds a count below the minimum; in its papers with marks (basic maths)
    the minimum is a 3, so there too a 2 is what lies below. A result with neither
    has no low count at all.
    """
    twos = pl.when(pl.col("n_marked") > 0).then(pl.col("n2"))
    return pl.coalesce("n_below_minimum", twos).alias("n_low")


def _low_of() -> pl.Expr:
    known = pl.col("n_below_minimum").is_not_null() | (pl.col("n_marked") > 0)
    return pl.when(known).then(pl.col("n_total")).otherwise(0).alias("n_low_of")


_COUNTS: Final = ("n", "n2", "n3", "n4", "n5", "n_ungraded", "n_below_minimum")
_DERIVED: Final = (
    "n_graded",
    "n_ungraded_marked",
    "n_marked",
    "n_total",
    "n_low",
    "n_low_of",
    *JOURNAL_COUNTS,
    "n_compared",
)
COUNTS: Final = ("n_results", *_COUNTS, *_DERIVED)


def _sums() -> list[pl.Expr]:
    below = pl.col("n_below_minimum")
    known = pl.when(below.count() > 0).then(below.sum()).alias("n_below_minimum")
    plain = [name for name in COUNTS if name != "n_below_minimum"]
    return [pl.col(plain).sum(), known]
