"""The nearest change: the fewest pupils whose marks would change a school's status."""

import polars as pl

from services.scoring.engine.identification.units import UNIT_KEYS

OFF, ONTO = "off_list", "onto_list"

UNIT = pl.Struct(
    {
        "procedure": pl.String,
        "subject": pl.String,
        "programme_grade": pl.Int16,
        "pupils": pl.Int64,
    }
)

FLIP_SCHEMA = pl.Schema(
    [("place", pl.Int64()), ("pupils", pl.Int64()), ("units", pl.List(UNIT))]
)


def nearest_changes(
    units: pl.DataFrame, needs: pl.DataFrame, subjects: pl.DataFrame
) -> pl.DataFrame:
    """Choose, for each school, the units in which the fewest pupils would do.

    Among equals the units come first that stand first in `UNIT_KEYS`. Minimal: any
    `units_needed` units do, so the cheapest do; where each subject is required, its
    cheapest unit is needed first, and to be off the list it is enough that one
    subject has no low unit left.

    Args:
        units: The assessed units of the year: ``place`` of the school, `UNIT_KEYS`,
            ``is_low``, and ``pupils`` to cross the threshold (null if none would do).
        needs: One row per school that a change of this year can flip: ``place``,
            ``direction``, and ``units_needed`` that have to cross.
        subjects: Where each subject is required, one row per school and subject:
            ``place``, ``subject``, ``is_lacking`` (has no low unit) and ``is_known``
            (has results, and all of them are assessed); else no row.

    Returns:
        Rows of `FLIP_SCHEMA`, by place; no row where no change would do.
    """
    crossing = units.join(needs, on="place").filter(
        pl.col("pupils").is_not_null()
        & (pl.col("is_low") == (pl.col("direction") == OFF))
    )
    ranked = (
        crossing.join(subjects, on=["place", "subject"], how="left")
        .sort("place", "pupils", *UNIT_KEYS, nulls_last=True)
        .with_columns(first=pl.int_range(pl.len()).over("place", "subject") == 0)
        .with_columns(
            is_required=(
                (pl.col("direction") == ONTO)
                & pl.col("is_lacking").fill_null(value=False)
                & pl.col("first")
            )
        )
        .sort(
            "place",
            ~pl.col("is_required"),
            "pupils",
            *UNIT_KEYS,
            nulls_last=True,
        )
    )
    options = pl.concat([_any_units(ranked, subjects), _whole_subjects(ranked)])
    return _cheapest(options)


def _any_units(ranked: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Take as many of the cheapest units as are needed, where there are so many."""
    lacking = (
        subjects.filter("is_lacking")
        .group_by("place")
        .agg(lacking=pl.len().cast(pl.Int64))
    )
    taken = ranked.filter(pl.int_range(pl.len()).over("place") < pl.col("units_needed"))
    options = taken.group_by("place", maintain_order=True).agg(
        *_cost(),
        is_enough=pl.len() == pl.col("units_needed").first(),
        found=pl.col("is_required").sum().cast(pl.Int64),
        direction=pl.col("direction").first(),
    )
    complete = (pl.col("direction") == OFF) | (
        pl.col("found") == pl.col("lacking").fill_null(0)
    )
    return (
        options.join(lacking, on="place", how="left", maintain_order="left")
        .filter(pl.col("is_enough") & complete)
        .select(*FLIP_SCHEMA)
    )


def _whole_subjects(ranked: pl.DataFrame) -> pl.DataFrame:
    """Take all low units of a subject, so that a required one has none left."""
    return (
        ranked.filter((pl.col("direction") == OFF) & pl.col("is_known"))
        .group_by("place", "subject", maintain_order=True)
        .agg(*_cost())
        .select(*FLIP_SCHEMA)
    )


def _cost() -> list[pl.Expr]:
    return [
        pl.struct(*UNIT_KEYS, "pupils").alias("units"),
        pl.col("pupils").sum(),
    ]


def _cheapest(options: pl.DataFrame) -> pl.DataFrame:
    """Keep the option of the fewest pupils, then of the fewest units, of each."""
    return (
        options.sort("place", "pupils", pl.col("units").list.len(), maintain_order=True)
        .unique("place", keep="first", maintain_order=True)
        .select(pl.col(name).cast(dtype) for name, dtype in FLIP_SCHEMA.items())
    )
