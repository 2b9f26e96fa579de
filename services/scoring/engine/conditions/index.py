"""The index of a school's social conditions (ИОУ), from its shares."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.division import quotient
from shared.domain.methods.condition_index import Reference, ShareUse
from shared.domain.periods import LAST_YEAR
from shared.domain.social_passports import SHARES, Effect

KEYS: Final = ("municipality_id", "year", "school_id")
PERCENTS: Final = tuple(share.percent for share in SHARES)
PASSPORT_SCHEMA: Final = pl.Schema(
    dict.fromkeys(KEYS, pl.Int64) | dict.fromkeys(PERCENTS, pl.Float64)
)

NO_PASSPORT: Final = "no_passport"
TOO_FEW_SHARES: Final = "too_few_shares"
NO_REFERENCE: Final = "no_reference"
NO_VARIATION: Final = "no_variation"


def ends_of(
    passports: pl.DataFrame, uses: Sequence[ShareUse], reference: Reference
) -> pl.DataFrame:
    """Return the ends of each share's scale, for each municipality and year.

    Given bounds are the same for all. Counted ones are the lowest and the highest
    share among the municipality's own schools of the same year; where the reference
    fixes a year, of that year from then on. They are null where no share is known.

    Returns:
        ``municipality_id``, ``year``, ``reference_year`` (null with given bounds),
        then ``<share>_low`` and ``<share>_high``.
    """
    groups = passports.select("municipality_id", "year").unique().sort(pl.all())
    if reference.bounds:
        return groups.with_columns(
            pl.lit(None, pl.Int64).alias("reference_year"),
            *(
                pl.lit(end).alias(name)
                for use in uses
                for name, end in _given(use, reference).items()
            ),
        )
    years = [
        end.alias(f"{use.name}_{side}")
        for use in uses
        for side, end in _extremes(pl.col(use.percent))
    ]
    ends = (
        passports.select("municipality_id", "year", *(use.percent for use in uses))
        .group_by("municipality_id", reference_year="year")
        .agg(years)
    )
    fixed = reference.year or LAST_YEAR
    return groups.with_columns(
        reference_year=pl.min_horizontal("year", pl.lit(fixed, pl.Int64))
    ).join(
        ends,
        on=["municipality_id", "reference_year"],
        how="left",
        maintain_order="left",
    )


def _given(use: ShareUse, reference: Reference) -> dict[str, float]:
    ends = reference.bounds[use.name]
    return {f"{use.name}_low": ends.low, f"{use.name}_high": ends.high}


def _extremes(share: pl.Expr) -> list[tuple[str, pl.Expr]]:
    return [("low", share.min()), ("high", share.max())]


def index_of(
    passports: pl.DataFrame,
    ends: pl.DataFrame,
    uses: Sequence[ShareUse],
    *,
    minimum_shares: int,
) -> pl.DataFrame:
    """Reckon the index of each school and year.

    A share stands between the ends of its scale as (x − low)/(high − low), or 1 minus
    that where a larger share hinders; the index is the mean of what is known by the
    weights: 0 the hardest conditions, 1 the best. A share beyond given ends, or
    beyond those of another year, stands at the end. A share whose ends are equal
    tells schools nothing apart and is left out, though it counts as known.

    Source: norm and index of domain.md §5; the ИОУ of Krasnoyarsk krai is published
    without its formula.

    With shares of 10, 20 and 30 % that help, and 0, 40 and 40 % that hinder, the
    third school has ((30 − 10)/(30 − 10) + 1 − (40 − 0)/(40 − 0))/2 = (1 + 0)/2:

    >>> uses = [
    ...     ShareUse(name="good_housing", weight=1, effect=Effect.HELPS),
    ...     ShareUse(name="bussed", weight=1, effect=Effect.HINDERS),
    ... ]
    >>> shares = {
    ...     "good_housing_percent": [10.0, 20, 30],
    ...     "bussed_percent": [0.0, 40, 40],
    ... }
    >>> keys = {"municipality_id": 1, "year": 2020, "school_id": [1, 2, 3]}
    >>> passports = pl.DataFrame(keys | shares)
    >>> from shared.domain.methods.condition_index import Area
    >>> own = Reference(area=Area.MUNICIPALITY, year=None, bounds={})
    >>> ends = ends_of(passports, uses, own)
    >>> index_of(passports, ends, uses, minimum_shares=2)["index"].to_list()
    [0.5, 0.25, 0.5]

    Args:
        passports: One row per school and year, with the shares' columns.
        ends: What `ends_of` returns.
        uses: The shares that enter.
        minimum_shares: With fewer known shares there is no index.

    Returns:
        ``municipality_id``, ``year``, ``school_id``, ``index`` (null for a reason),
        ``shares_known`` (of those that enter), ``shares_used`` (of them, those whose
        ends differ) and ``index_reason``; by municipality, year and school.
    """
    placed = passports.join(ends, on=["municipality_id", "year"], how="left").sort(KEYS)
    norms = placed.select(
        *KEYS,
        *(_norm(use).alias(use.name) for use in uses),
        shares_known=pl.sum_horizontal(
            *(pl.col(use.percent).is_not_null().cast(pl.Int64) for use in uses)
        ),
        has_reference=pl.any_horizontal(
            *(pl.col(f"{use.name}_low").is_not_null() for use in uses)
        ),
    )
    return norms.with_columns(
        shares_used=pl.sum_horizontal(
            *(pl.col(use.name).is_not_null().cast(pl.Int64) for use in uses)
        ),
    ).select(
        *KEYS,
        pl.when(_reason(minimum_shares).is_null()).then(_mean(uses)).alias("index"),
        "shares_known",
        "shares_used",
        _reason(minimum_shares).alias("index_reason"),
    )


def _norm(use: ShareUse) -> pl.Expr:
    low, high = pl.col(f"{use.name}_low"), pl.col(f"{use.name}_high")
    norm = quotient(pl.col(use.percent) - low, high - low).clip(0, 1)
    reversed_ = norm if use.effect is Effect.HELPS else 1 - norm
    return pl.when(high > low).then(reversed_)


def _mean(uses: Sequence[ShareUse]) -> pl.Expr:
    """Sum in the order of the shares; a mean of numbers within [0, 1] stays there."""
    total, weights = pl.lit(0.0), pl.lit(0.0)
    for use in uses:
        norm = pl.col(use.name)
        weights += pl.when(norm.is_not_null()).then(use.weight).otherwise(0.0)
        total += (use.weight * norm).fill_null(0.0)
    return total / weights


def _reason(minimum_shares: int) -> pl.Expr:
    return (
        pl.when(~pl.col("has_reference"))
        .then(pl.lit(NO_REFERENCE))
        .when(pl.col("shares_known") < minimum_shares)
        .then(pl.lit(TOO_FEW_SHARES))
        .when(pl.col("shares_used") == 0)
        .then(pl.lit(NO_VARIATION))
    )
