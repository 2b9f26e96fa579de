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
_KEYS: Final = ["municipality_id", "school_id"]
_IN_ORDER: Final = [*_KEYS, "value", "n"]
_AS_GIVEN: Final = ["row", "value", "reason", "value_low", "value_high"]
_SHOWN: Final = [
    "school_id",
    "value",
    "n",
    "place_from",
    "place_to",
    "of",
    "reason",
    "interval_low",
    "interval_high",
    "band",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How a method ranks: the good end of its figure, and how sure to be of a place."""

    direction: Direction
    confidence: float


def places(figures: pl.DataFrame, draws: Draws, rules: Rules) -> pl.DataFrame:
    """Rank schools in every scope, each place with its interval and its band.

    A place's interval always holds the place itself. A school whose cluster is not
    known has no place within one.

    Args:
        figures: ``municipality_id``, ``school_id``, ``kind``, ``cluster`` (text,
            nullable), ``value`` (nullable), ``n``, ``value_low`` and ``value_high``
            (null where nobody knows how far the value may be off), and ``reason`` of
            schools that are to have no place: a row for each school, by municipality
            and school.
        draws: Resamples of each figure, row by row; those of schools without a place
            do not matter.
        rules: Of the method.

    Returns:
        ``municipality_id``, ``scope``, ``scope_group`` (the kind or the cluster),
        ``school_id``, ``value``, ``n``, ``place_from``, ``place_to``, ``of``,
        ``reason``, ``interval_low``, ``interval_high`` and ``band``, the last three
        null where the place or the interval of the value is; ranking by ranking, and
        in each by place.
    """
    numbered = figures.with_row_index("row")
    counted = numbered.with_columns(
        value=pl.when(pl.col("reason").is_null()).then("value")
    )
    scoped = pl.concat(
        counted.select(
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
    ranked = (
        rank(scoped.filter(overall_or_known), direction=rules.direction, within=_WITHIN)
        .drop("value", "reason")
        .join(
            numbered.select(*_KEYS, *_AS_GIVEN),
            on=_KEYS,
            how="left",
            maintain_order="left",
        )
    )
    return _with_uncertainty(ranked, draws, rules).select(*_WITHIN, *_SHOWN)


def _with_uncertainty(ranked: pl.DataFrame, draws: Draws, rules: Rules) -> pl.DataFrame:
    """Add the interval of each place and its band, ranking by ranking."""
    low, high, band = (np.zeros(ranked.height, dtype=np.int32) for _ in range(3))
    is_unsure, *columns = (
        column.to_numpy()
        for column in ranked.select(
            _is_unsure.alias("is_unsure"),
            pl.col("row", "place_from", "value", "value_low", "value_high").fill_null(
                0
            ),
        )
    )
    for begin, end in _spans(ranked):
        inside = begin + np.flatnonzero(is_unsure[begin:end])
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


_is_unsure: Final = (
    pl.col("place_from").is_not_null() & pl.col("value_low").is_not_null()
)


def _known(figure: pl.Expr) -> pl.Expr:
    return pl.when(_is_unsure).then(figure).cast(pl.Int32)


def _spans(ranked: pl.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield where each ranking begins and ends in the sorted rows."""
    lengths = ranked.select(pl.struct(_WITHIN).rle().struct.field("len").cum_sum())
    ends = lengths.to_series().to_list()
    yield from zip([0, *ends], ends, strict=False)
