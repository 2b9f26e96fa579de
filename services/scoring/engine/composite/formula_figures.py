"""The figures of an indicator that a formula counts, over columns and indicators."""

from collections.abc import Mapping

import polars as pl

from services.scoring.engine.formulas import compile_formula
from shared.domain.formulas.catalogue import RESULTS
from shared.domain.formulas.columns import INDICATOR
from shared.domain.methods.indicator_sources import FormulaSource, n_column


def formula_figures(
    source: FormulaSource,
    schools: pl.DataFrame,
    *,
    facts: pl.DataFrame,
    counts: pl.DataFrame | None,
    known: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """Count a formula for schools in a year.

    Args:
        source: The formula, checked against the catalogue and the indicators.
        schools: The column ``school_id``.
        facts: One row for a school; a column that is not there is unknown for all.
        counts: The answer of `summarise` over the chosen results, by school.
        known: The figures, with reasons, of the indicators counted before, by code.
            A figure with a reason does not count here either.

    Returns:
        ``school_id``, ``value``, ``n`` (the fewest of those that its columns are over,
        null where none says), and nothing in ``numerator``.
    """
    columns = formula_columns(source, schools, facts, counts, known)
    nothing = pl.lit(None, pl.Int64)
    n = pl.min_horizontal(source.n_columns) if source.n_columns else nothing
    return columns.select(
        "school_id",
        value=compile_formula(source.expression),
        n=n,
        numerator=nothing,
    )


def formula_columns(
    source: FormulaSource,
    schools: pl.DataFrame,
    facts: pl.DataFrame,
    counts: pl.DataFrame | None,
    known: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """Return a row for each school with a column for each name of the formula.

    The arguments are those of `formula_figures`.
    """
    used = source.expression.columns
    tables = [facts, *(_of_indicator(name, known) for name in used if _is_own(name))]
    if counts is not None:
        tables.append(
            counts.rename(lambda name: name if name == "school_id" else RESULTS + name)
        )
    rows = schools
    for table in tables:
        named = [name for name in source.columns if name in table.columns]
        own = table.select("school_id", *named)
        rows = rows.join(own, on="school_id", how="left", maintain_order="left")
    return rows.with_columns(
        pl.lit(None, pl.Float64).alias(name)
        for name in source.columns
        if name not in rows.columns
    )


def _is_own(name: str) -> bool:
    return name.startswith(INDICATOR)


def _of_indicator(name: str, known: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return value and N of another indicator where they count."""
    figures = known[name.removeprefix(INDICATOR)]
    counts = pl.col("reason").is_null()
    return figures.select(
        "school_id",
        pl.when(counts).then("value").alias(name),
        pl.when(counts).then("n").alias(n_column(name) or ""),
    )
