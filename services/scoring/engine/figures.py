"""All figures of a municipality's year: of the district and of each school."""

import polars as pl

from services.scoring.engine.measures import as_figures, summarise

LEVELS = ((), ("subject",), ("procedure", "subject", "programme_grade"))

FIGURE_SCHEMA = pl.Schema(
    {
        "school_id": pl.Int64,
        "procedure": pl.String,
        "subject": pl.String,
        "programme_grade": pl.Int16,
        "measure": pl.String,
        "value": pl.Float64,
        "n": pl.Int64,
    }
)


def all_figures(results: pl.DataFrame) -> pl.DataFrame:
    """Count every measure over all results, by subject, and by paper.

    Args:
        results: One row per result, with the columns of `RESULT_SCHEMA`.

    Returns:
        The columns of `FIGURE_SCHEMA`; a null key means all of them together, and a
        null ``school_id`` the district. The district comes first, and within it the
        figures over all results; they are there even without any result.
    """
    return pl.concat(
        _at(results, [*whose, *level])
        for whose in ((), ("school_id",))
        for level in LEVELS
    ).rechunk()


def _at(results: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    figures = as_figures(summarise(results, by=by), by=by)
    missing = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in FIGURE_SCHEMA.items()
        if name not in figures.columns
    ]
    return figures.with_columns(missing).select(
        pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items()
    )
