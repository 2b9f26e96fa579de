"""Whether what schools wrote in two years can be compared."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from shared.domain.methods.comparability import (
    Comparability,
    Incomparable,
    Sameness,
)

_REASONS: Final = {
    Sameness.PROCEDURE: Incomparable.PROCEDURES,
    Sameness.SUBJECT: Incomparable.SUBJECTS,
    Sameness.PROGRAMME_GRADE: Incomparable.COHORT,
}
_LAG: Final = "lag"  # whole years between the grade taught and the programme tested


def incomparable_results(
    now: Mapping[int, pl.DataFrame],
    before: Mapping[int, pl.DataFrame],
    comparability: Comparability,
) -> pl.DataFrame:
    """Say of which schools the results of two spans of years do not compare, and why.

    A known break of a procedure comes first, then what differs in the procedures,
    the subjects and the grades, each within what stands before it, then the season:
    whether a procedure tests the programme of the pupils' grade or of the one before.

    Args:
        now: Counted results by academic year, with the columns of `PAPERS_SCHEMA`.
        before: The same of the earlier span; the spans may overlap.
        comparability: What has to be the same, and the known breaks.

    Returns:
        ``school_id`` and ``incomparable`` for the schools that do not compare. Schools
        with results in one span only are among them; they have nothing to compare.
    """
    spans = [_written(now), _written(before)]
    columns: list[str] = []
    found = [_broken([*now.items(), *before.items()], comparability)]
    for name in comparability.same:
        columns.append(name.value)
        found.append(_differing(spans, columns, _REASONS[name]))
    found.append(_differing(spans, ["procedure", _LAG], Incomparable.SEASON))
    return pl.concat(found).unique("school_id", keep="first", maintain_order=True)


def incomparable_scales(
    scores: pl.DataFrame, *, group: str, years: tuple[int, int]
) -> pl.DataFrame:
    """Say of which schools a group's МСОКО scores are of different maxima.

    Returns what `incomparable_results` does; `scores` has `MSOKO_SCHEMA`.
    """
    now, before = (
        scores.filter(pl.col("group") == group, pl.col("academic_year") == year).select(
            "school_id", "maximum"
        )
        for year in years
    )
    both = now.join(before, on="school_id", how="inner", suffix="_before")
    differs = pl.col("maximum") != pl.col("maximum_before")
    return both.filter(differs).select(
        "school_id", incomparable=pl.lit(Incomparable.SCALE.value)
    )


def _written(span: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """Return what each school wrote, each paper once."""
    lag = (pl.col("pupil_grade") - pl.col("programme_grade")).alias(_LAG)
    # Categories compare as numbers, which is what makes this fast for a country.
    papers = [
        frame.select(
            "school_id",
            pl.col("procedure", "subject").cast(pl.Categorical),
            "programme_grade",
            lag,
        )
        for frame in span.values()
    ]
    return pl.concat(papers).unique()


def _differing(
    spans: list[pl.DataFrame], columns: list[str], reason: Incomparable
) -> pl.DataFrame:
    """Find the schools with a combination of columns that only one span has."""
    keys = ["school_id", *columns]
    return (
        pl.concat(span.select(keys).unique() for span in spans)
        .group_by(keys)
        .agg(spans=pl.len())
        .filter(pl.col("spans") == 1)
        .select("school_id", incomparable=pl.lit(reason.value))
        .unique()
    )


def _broken(
    years: list[tuple[int, pl.DataFrame]], comparability: Comparability
) -> pl.DataFrame:
    """Find the schools with results of a known break, the first in the method."""
    nobody = pl.DataFrame(schema={"school_id": pl.Int64, "incomparable": pl.String})
    found = [nobody]
    for each in comparability.breaks:
        is_of_break = pl.col("procedure") == each.procedure
        found += [
            results.filter(is_of_break)
            .select("school_id", incomparable=pl.lit(each.reason.value))
            .unique()
            for year, results in years
            if year == each.academic_year
        ]
    return pl.concat(found)
