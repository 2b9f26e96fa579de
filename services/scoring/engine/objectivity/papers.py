"""What the tests of objectivity look at: the papers of schools, as summed counts."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.measures import RESULT_SCHEMA, summarise

# What the municipality's schools have in common, and whose a count is.
PAPER: Final = (
    "municipality_id",
    "academic_year",
    "procedure",
    "subject",
    "programme_grade",
    "pupil_grade",
)
KEYS: Final = (
    "municipality_id",
    "academic_year",
    "school_id",
    "procedure",
    "subject",
    "programme_grade",
    "pupil_grade",
)
OWN: Final = tuple(name for name in KEYS if name != "academic_year")

PUPIL_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64(),
        "academic_year": pl.Int16(),
        **RESULT_SCHEMA,
        "pupil_grade": pl.Int16(),
        "n_gap_2": pl.Int32(),
    }
)
"""One row per result, of the year in question and of those that it is compared with."""

SCORE_SCHEMA: Final = pl.Schema(
    {
        **{name: PUPIL_SCHEMA[name] for name in OWN},
        "score": pl.Int32(),
        "pupils": pl.Int32(),
    }
)
"""How many pupils of a school reached a primary score in the year in question."""

BOUNDARY_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64(),
        "procedure": pl.String(),
        "subject": pl.String(),
        "programme_grade": pl.Int16(),
        "mark": pl.Int16(),
        "boundary": pl.Int32(),
        "maximum": pl.Int32(),
        "source": pl.String(),
        "provenance": pl.String(),
    }
)
"""From which primary score on a mark is given, of which maximum, and who says so."""

LIMIT_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64(),
        "procedure": pl.String(),
        "subject": pl.String(),
        "programme_grade": pl.Int16(),
        "measure": pl.String(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "area": pl.String(),
        "source": pl.String(),
        "provenance": pl.String(),
    }
)
"""Within which limits a measure is usual, and who says so; a null end is open."""


def papers(results: pl.DataFrame) -> pl.DataFrame:
    """Sum results with the columns of `PUPIL_SCHEMA` over their sittings.

    Returns:
        One row for each of `KEYS`, by them, with the columns of `summarise` and with
        ``n_gap`` of ``n_gap_of``: pupils two or more marks away from the journal, of
        those compared where that was counted.
    """
    numbered = results.with_columns(paper=numbers_of(results, KEYS)).sort("paper")
    keys = numbered.select("paper", *KEYS).unique("paper", maintain_order=True)
    compared = pl.col("n_lower") + pl.col("n_equal") + pl.col("n_higher")
    gaps = (
        numbered.filter(pl.col("n_gap_2").is_not_null())
        .group_by("paper")
        .agg(
            n_gap=pl.col("n_gap_2").cast(pl.Int64).sum(),
            n_gap_of=compared.cast(pl.Int64).sum(),
        )
    )
    return (
        keys.hstack(summarise(numbered, by=["paper"]).drop("paper"))
        .join(gaps, on="paper", how="left", maintain_order="left")
        .with_columns(pl.col("n_gap", "n_gap_of").fill_null(0))
        .drop("paper")
    )


def numbers_of(frame: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Number the rows so that they are ordered as by `keys`, and equal where these are.

    One column of numbers is grouped and sorted several times as fast as seven columns
    of a country's results.
    """
    number = pl.lit(0, pl.Int64)
    for name in keys:
        column = frame[name]
        if column.dtype == pl.String:
            code = column.cast(pl.Enum(column.unique().sort())).to_physical()
        else:
            code = column.rank("dense") - 1
        size = code.n_unique()
        number = number * size + pl.lit(code.cast(pl.Int64))
    return frame.select(number).to_series()


def of_procedures(frame: pl.DataFrame, procedures: tuple[str, ...]) -> pl.DataFrame:
    """Leave the rows of the procedures; none named means all."""
    if not procedures:
        return frame
    return frame.filter(pl.col("procedure").is_in(procedures))


def of_others(column: str) -> pl.Expr:
    """Sum a count over the other schools of the municipality with the same paper.

    The school itself is left out: else a large one would be compared with itself.
    """
    return pl.col(column).sum().over(*PAPER) - pl.col(column)
