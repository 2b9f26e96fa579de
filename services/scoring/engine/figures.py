"""All figures of municipalities' years: of each district and of each school."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.measures import (
    COUNTS,
    pupils_of,
    total_within,
    with_measures,
)
from services.scoring.engine.small_numbers.shrinkage import prior_pupils
from services.scoring.engine.small_numbers.tallies import TALLIES
from shared.domain.measures import MEASURES, prior_column

LEVELS: Final = ((), ("subject",), ("procedure", "subject", "programme_grade"))
_DISTRICT: Final = ("municipality_id",)
_SCHOOL: Final = ("municipality_id", "school_id")
_POPULATIONS: Final = tuple(
    dict.fromkeys(measure.n_column for measure in MEASURES.values())
)
KEYS: Final = (*_SCHOOL, *LEVELS[-1])

FIGURE_SCHEMA: Final = pl.Schema(
    [
        ("municipality_id", pl.Int64),
        ("school_id", pl.Int64),
        ("procedure", pl.String),
        ("subject", pl.String),
        ("programme_grade", pl.Int16),
        *((measure, pl.Float64) for measure in MEASURES),
        *((count, pl.Int64) for count in _POPULATIONS),
        *((prior_column(measure), pl.Float64) for measure in TALLIES),
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
        measure a district has `prior_pupils` over its schools, beside the same results.
    """
    homes = schools.select(_SCHOOL)
    placed = results.join(homes, on="school_id", how="inner")
    schools_of = _levels(pupils_of(placed, [*_SCHOOL, *LEVELS[-1]]), _SCHOOL)
    own = [each.with_columns(_missing(each)) for each in schools_of]
    districts = _levels(schools_of[-1], _DISTRICT)
    districts[0] = _every_district(districts[0], homes)
    whole = [each.with_columns(_missing(each)) for each in districts]
    columns = [*KEYS, *COUNTS]
    counts = pl.concat(each.select(columns) for each in (*whole, *own))
    priors = _priors(pl.concat(each.select(columns) for each in own))
    return (
        with_measures(counts)
        .join(priors, on=KEYS, how="left", nulls_equal=True, maintain_order="left")
        .select(pl.col(name).cast(dtype) for name, dtype in FIGURE_SCHEMA.items())
        .rechunk()
    )


def _levels(counts: pl.DataFrame, whose: Sequence[str]) -> list[pl.DataFrame]:
    """Sum counts at each of `LEVELS`, a coarser one from what is finer."""
    sums = []
    for level in reversed(LEVELS):
        counts = total_within(counts, [*whose, *level])
        sums.append(counts)
    return sums[::-1]


def _missing(sums: pl.DataFrame) -> list[pl.Expr]:
    """Return the keys that sums are over all of."""
    return [
        pl.lit(None, FIGURE_SCHEMA[name]).alias(name)
        for name in KEYS
        if name not in sums.columns
    ]


def _priors(schools: pl.DataFrame) -> pl.DataFrame:
    """Return what the schools of each district say of how far they differ.

    A group's schools are in their order, so that its figure is the same in any company.
    """
    keys = [name for name in KEYS if name != "school_id"]
    ordered = schools.sort(*keys, "school_id")
    groups = ordered.select(keys).unique(maintain_order=True)
    sums = (
        ordered.select(
            *keys,
            n=tally.total(0).fill_null(0),
            points=tally.total(1).fill_null(0),
            squares=tally.total(2).fill_null(0),
        )
        for tally in TALLIES.values()
    )
    return groups.with_columns(
        pl.lit(None, pl.Int64).alias("school_id"),
        *(
            prior_pupils(each, by=keys).alias(prior_column(measure))
            for measure, each in zip(TALLIES, sums, strict=True)
        ),
    )


def _every_district(sums: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    districts = homes.select(_DISTRICT).unique().sort(_DISTRICT)
    return districts.join(
        sums, on=_DISTRICT, how="left", maintain_order="left"
    ).with_columns(pl.col(COUNTS).fill_null(0))
