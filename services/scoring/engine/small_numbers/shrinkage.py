"""Figures of small schools drawn towards that of all schools, beside the raw ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from services.scoring.engine.small_numbers.sums import (
    Floats,
    Groups,
    group_numbers,
    sum_within,
)
from services.scoring.engine.small_numbers.tallies import Tally

SHRINKAGE_SCHEMA: Final = pl.Schema(
    {"shrunk": pl.Float64, "weight": pl.Float64, "common": pl.Float64}
)


def shrink(figures: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """Add what each figure is worth beside those of the municipality's other schools.

    ``shrunk`` = ``weight`` · own figure + (1 - ``weight``) · ``common``, where
    ``common`` is the figure of all pupils together and ``weight`` = n / (n + K), with
    K = variance between pupils of a school / variance between schools. For a rate that
    is the posterior mean of the beta-binomial model whose prior has K pupils.

    Both variances are estimated by moments, from all schools with any pupils: with J
    schools and N pupils, within = SSW / (N - J) and
    between = (SSB - (J - 1) · within) / (N - Σn²/N).
    Where schools differ by no more than chance makes them (between ≤ 0), weight is 0
    and every school's ``shrunk`` is ``common``. All three are null where a
    municipality has but one school, or as many pupils as schools.

    Source: H. Bühlmann and E. Straub, «Glaubwürdigkeit für Schadensätze» (1970); for
    rates J. C. Kleinman (1973), with the estimator by analysis of variance of
    M. Ridout, C. Demétrio and D. Firth (1999).

    Two schools of ten pupils with 2 and 8 successes: within = 3200·100/18 and
    between = (18000·10 - 1·within) / 10, in squares of per cent:

    >>> from services.scoring.engine.small_numbers.tallies import TALLIES
    >>> schools = {"municipality_id": [1, 1], "school_id": [7, 8]}
    >>> counts = {"tally_0": [2, 8], "tally_1": [8, 2]}
    >>> shrunk = shrink(pl.DataFrame(schools | counts), TALLIES["success_rate"])
    >>> [round(value, 3) for value in shrunk["shrunk"]]
    [22.963, 77.037]

    Args:
        figures: ``municipality_id``, ``school_id`` and the columns of `tally`.
        tally: Of the measure that they count for.

    Returns:
        `figures` by municipality and school, with ``shrunk``, ``weight``, ``common``.
    """
    ordered = figures.sort("municipality_id", "school_id")
    sums = ordered.select(
        "municipality_id",
        n=tally.moment(0).fill_null(0),
        points=tally.moment(1).fill_null(0),
        squares=tally.moment(2).fill_null(0),
    )
    return ordered.hstack(shrink_sums(sums, by=["municipality_id"]))


def shrink_sums(sums: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Do what `shrink` does from sums over the pupils of each school.

    Args:
        sums: ``n``, and the sums of weights (``points``) and of their ``squares``, 0
            where there is nobody, in the order of `by` and then of the schools.
        by: Whose figures are comparable, such as those of a municipality.

    Returns:
        ``shrunk``, ``weight`` and ``common``, row by row.
    """
    counts = _Counts.of(sums, by)
    common, within, between = _estimates(counts)
    weight = _weight(counts.n, within[counts.groups], between[counts.groups])
    shared = common[counts.groups]
    shrunk = weight * _divided(counts.points, counts.n) + (1 - weight) * shared
    columns = (shrunk, weight, shared)
    return pl.DataFrame(dict(zip(SHRINKAGE_SCHEMA, columns, strict=True))).with_columns(
        pl.when(pl.lit(pl.Series(np.isfinite(shrunk)))).then(pl.all())
    )


def prior_pupils(sums: pl.DataFrame, *, by: Sequence[str]) -> pl.Series:
    """Return K of `shrink`, group by group in their order.

    It is infinite where schools differ by no more than chance makes them, and null
    where it cannot be estimated. With it a school of n pupils weighs n / (n + K).

    Args:
        sums: As those of `shrink_sums`.
        by: Whose figures are comparable.

    >>> rows = {"area": [1, 1], "n": [10, 10], "points": [200, 800]}
    >>> sums = pl.DataFrame(rows | {"squares": [20_000, 80_000]})
    >>> prior_pupils(sums, by=["area"]).round(3).to_list()
    [1.096]
    """
    counts = _Counts.of(sums, by)
    _, within, between = _estimates(counts)
    apart = np.maximum(between, 0.0)
    unknown = np.where(np.isnan(apart), np.nan, np.inf)
    pupils = np.where(apart > 0, _divided(within, apart), unknown)
    return pl.Series("prior_pupils", pupils, nan_to_null=True)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Pupils of each school with the sums and sums of squares of their weights."""

    n: Floats
    points: Floats
    squares: Floats
    groups: Groups
    groups_count: int

    @classmethod
    def of(cls, sums: pl.DataFrame, by: Sequence[str]) -> "_Counts":
        columns = sums.select(pl.col("n", "points", "squares").cast(pl.Float64))
        n, points, squares = (column.to_numpy() for column in columns)
        return cls(n, points, squares, *group_numbers(sums, by))

    def total(self, values: Floats) -> Floats:
        """Sum over the schools of each municipality that have any pupils."""
        counted = np.where(self.n > 0, values, 0.0)
        return sum_within(self.groups, counted, self.groups_count)


def _estimates(counts: _Counts) -> tuple[Floats, Floats, Floats]:
    """Return the common figure, and the variances within and between schools."""
    n, own = counts.n, _divided(counts.points, counts.n)
    pupils, schools = counts.total(n), counts.total(np.ones_like(n))
    common = _divided(counts.total(counts.points), pupils)
    inner = counts.total(np.maximum(counts.squares - own * counts.points, 0.0))
    outer = counts.total(n * np.square(own - common[counts.groups]))
    within = _divided(inner, pupils - schools)
    evenness = pupils - _divided(counts.total(n * n), pupils)
    return common, within, _divided(outer - (schools - 1) * within, evenness)


def _weight(n: Floats, within: Floats, between: Floats) -> Floats:
    """Weigh a school's own figure; unknown variances give an unknown weight."""
    apart = np.maximum(between, 0.0)
    weight = np.where(apart > 0, _divided(n * apart, n * apart + within), apart)
    return np.where(n > 0, weight, np.nan)


def _divided(numerator: Floats, denominator: Floats) -> Floats:
    """Divide where there is something to divide by, else answer not a number."""
    nothing = np.full_like(numerator, np.nan)
    return np.divide(numerator, denominator, out=nothing, where=denominator > 0)
