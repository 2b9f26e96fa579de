"""Places of schools overall, within their kind and within their cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from services.scoring.engine.ranking import rank
from services.scoring.engine.small_numbers.bands import bands
from services.scoring.engine.small_numbers.draws import Draws
from services.scoring.engine.small_numbers.rank_intervals import place_interval
from shared.domain.measures import Direction

OVERALL: Final = "overall"
# What a ranking is among, and the column that tells schools apart in it.
SCOPES: Final[Mapping[str, str | None]] = MappingProxyType(
    {OVERALL: None, "kind": "kind", "cluster": "cluster"}
)

_WITHIN: Final = ["municipality_id", "scope", "scope_group"]
_IN_ORDER: Final = ["municipality_id", "school_id", "value", "n"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a method ranks: the good end of its figure, and its fewest pupils."""

    direction: Direction
    minimum_n: int
    confidence: float


def places(figures: pl.DataFrame, draws: Draws, rules: Rules) -> pl.DataFrame:
    """Rank schools in every scope, each place with its interval and its band.

    A place's interval always holds the place itself. A school whose cluster is not
    known has no place within one.

    Args:
        figures: ``municipality_id``, ``school_id``, ``kind``, ``cluster`` (text,
            nullable), ``value`` (nullable), ``n``, ``value_low`` and ``value_high``:
            a row for each school, by municipality and school.
        draws: Resamples of each figure, row by row; those of schools without a place
            do not matter.
        rules: Of the method.

    Returns:
        ``municipality_id``, ``scope``, ``scope_group`` (the kind or the cluster),
        ``school_id``, ``value``, ``n``, ``place_from``, ``place_to``, ``of``,
        ``reason``, ``interval_low``, ``interval_high`` and ``band``, the last three
        null where the place is; ranking by ranking, and in each by place.
    """
    numbered = figures.with_row_index("row")
    scoped = pl.concat(
        numbered.select(
            *_IN_ORDER,
            pl.lit(scope).alias("scope"),
            (pl.lit(None, pl.String) if column is None else pl.col(column)).alias(
                "scope_group"
            ),
        )
        for scope, column in SCOPES.items()
    )
    overall_or_known = (pl.col("scope") == OVERALL) | pl.col(
        "scope_group"
    ).is_not_null()
    ranked = rank(
        scoped.filter(overall_or_known),
        direction=rules.direction,
        minimum_n=rules.minimum_n,
        within=_WITHIN,
    ).join(
        numbered.select(
            "municipality_id", "school_id", "row", "value_low", "value_high"
        ),
        on=["municipality_id", "school_id"],
        how="left",
        maintain_order="left",
    )
    return _with_uncertainty(ranked, draws, rules).drop(
        "row", "value_low", "value_high"
    )


def _with_uncertainty(ranked: pl.DataFrame, draws: Draws, rules: Rules) -> pl.DataFrame:
    """Add the interval of each place and its band, ranking by ranking."""
    low, high, band = (np.zeros(ranked.height, dtype=np.int32) for _ in range(3))
    has_place, *columns = (
        column.to_numpy()
        for column in ranked.select(
            pl.col("place_from").is_not_null().alias("has_place"),
            pl.col("row", "place_from", "value", "value_low", "value_high").fill_null(
                0
            ),
        )
    )
    for begin, end in _spans(ranked):
        inside = begin + np.flatnonzero(has_place[begin:end])
        row, first, value, down, up = (column[inside] for column in columns)
        low[inside], high[inside] = place_interval(
            draws[row], rules.direction, confidence=rules.confidence
        )
        band[inside] = bands(first, value, down, up)
    return ranked.with_columns(
        interval_low=_known(pl.min_horizontal(pl.lit(pl.Series(low)), "place_from")),
        interval_high=_known(pl.max_horizontal(pl.lit(pl.Series(high)), "place_to")),
        band=_known(pl.lit(pl.Series(band))),
    )


def _known(figure: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("place_from").is_not_null()).then(figure).cast(pl.Int32)


def _spans(ranked: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield where each ranking begins and ends in the sorted rows."""
    lengths = ranked.select(pl.struct(_WITHIN).rle().struct.field("len").cum_sum())
    ends = lengths.to_series().to_list()
    yield from zip([0, *ends], ends, strict=False)
