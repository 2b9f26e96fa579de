"""All figures of municipalities' years: of each district and of each school."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.measures import summarise
from services.scoring.engine.small_numbers.shrinkage import prior_pupils
from services.scoring.engine.small_numbers.tallies import TALLIES
from shared.domain.measures import MEASURES, prior_column

LEVELS: Final = ((), ("subject",), ("procedure", "subject", "programme_grade"))
_DISTRICT: Final = ("municipality_id",)
_SCHOOL: Final = ("municipality_id", "school_id")
_COUNTS: Final = tuple(dict.fromkeys(measure.n_column for measure in MEASURES.values()))
_RATES: Final = tuple(code for code, tally in TALLIES.items() if tally.is_rate)

FIGURE_SCHEMA: Final = pl.Schema(
    [
        ("municipality_id", pl.Int64),
        ("school_id", pl.Int64),
        ("procedure", pl.String),
        ("subject", pl.String),
        ("programme_grade", pl.Int16),
        *((measure, pl.Float64) for measure in MEASURES),
        *((count, pl.Int64) for count in _COUNTS),
        *((prior_column(rate), pl.Float64) for rate in _RATES),
    ]
)


def all_figures(results: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Count every measure over all results, by subject, and by paper.

    Args:
        results: One row per result, with the columns of `RESULT_SCHEMA`.
        schools: ``municipality_id`` and ``school_id`` of all schools of one or more
            municipalities; results of others are left aside.

    Returns:
        The columns of `FIGURE_SCHEMA`; a null key means all of them together, and a
        null ``school_id`` the district. Districts come first, and within each the
        figures over all results; those are there even without any result. Of each
        rate a district has `prior_pupils` over its schools, beside the same results.
    """
    homes = schools.select(_SCHOOL)
    placed = results.join(homes, on="school_id", how="inner")
    return pl.concat(
        _at(placed, homes, whose, level)
        for whose in (_DISTRICT, _SCHOOL)
        for level in LEVELS
    ).rechunk()


def _at(
    placed: pl.DataFrame,
    homes: pl.DataFrame,
    whose: Sequence[str],
    level: Sequence[str],
) -> pl.DataFrame:
    figures = summarise(placed, by=[*whose, *level])
    if whose == _DISTRICT:
        schools = summarise(placed, by=[*_SCHOOL, *level])
        figures = _with_priors(figures, schools, [*whose, *level])
    if whose == _DISTRICT and not level:
        figures = _every_district(figures, homes)
    missing = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in FIGURE_SCHEMA.items()
        if name not in figures.columns
    ]
    return figures.with_columns(missing).select(
        pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items()
    )


def _with_priors(
    figures: pl.DataFrame, schools: pl.DataFrame, keys: Sequence[str]
) -> pl.DataFrame:
    """Add what the schools of each district say of how far they differ."""
    ordered = schools.sort(*keys, "school_id")
    groups = ordered.select(keys).unique(maintain_order=True)
    priors = groups.with_columns(
        prior_pupils(
            ordered.select(
                *keys,
                n=TALLIES[rate].total(0).fill_null(0),
                points=TALLIES[rate].total(1).fill_null(0),
                squares=TALLIES[rate].total(2).fill_null(0),
            ),
            by=keys,
        ).alias(prior_column(rate))
        for rate in _RATES
    )
    return figures.join(
        priors, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )


def _every_district(figures: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    districts = homes.select(_DISTRICT).unique().sort(_DISTRICT)
    return districts.join(
        figures, on=_DISTRICT, how="left", maintain_order="left"
    ).with_columns(pl.col(_COUNTS).fill_null(0))
