"""All scores of a method for a year, with places, dynamics and the grid."""

from typing import Final

import numpy as np
import polars as pl

from services.scoring.engine.composite.figures import (
    Inputs,
)
from services.scoring.engine.composite.grid import levels
from services.scoring.engine.composite.movement import moved_scores
from services.scoring.engine.composite.scores import MUNICIPALITY
from services.scoring.engine.composite.sensitivity import sensitivity
from services.scoring.engine.composite.weighing import nominal_weights
from services.scoring.engine.composite.year import (
    YearScores,
    frames_of,
    member_codes,
    scores_of_year,
)
from services.scoring.engine.rounding import rounded
from shared.domain.measures import Direction
from shared.domain.methods.composites import Grid
from shared.domain.methods.indicators import COMPOSITE
from shared.domain.methods.ranking import Ranking

SCORES_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "level": pl.String,
        "code": pl.String,
        "position": pl.Int16,
        "value": pl.Float64,
        "n": pl.Int64,
        "numerator": pl.Int64,
        "n_results": pl.Int64,
        "n_left_out": pl.Int64,
        "reason": pl.String,
        "score": pl.Float64,
        "weight": pl.Float64,
        "coverage": pl.Float64,
        "place_from": pl.Int32,
        "place_to": pl.Int32,
        "ranked": pl.Int32,
        "value_before": pl.Float64,
        "n_before": pl.Int64,
        "change": pl.Float64,
        "noise": pl.Float64,
        "dynamics": pl.String,
        "incomparable": pl.String,
        "effect": pl.Float64,
        "p_value": pl.Float64,
        "status_level": pl.Int16,
        "change_level": pl.Int16,
        "band": pl.Int16,
        "moved_by": pl.String,
        "moved_share": pl.Float64,
    }
)


def school_scores(inputs: Inputs, spec: Ranking, year: int) -> pl.DataFrame:
    """Score every listed school by every indicator, group and the composite.

    The year before is scored by the same method, so that a change is the schools' and
    never the method's.

    Args:
        inputs: Of one municipality or many, which do not touch each other.
        spec: The method.
        year: The academic year.

    Returns:
        The columns of `SCORES_SCHEMA`: by municipality, then in the method's order
        (``position``), then by school. ``weight`` is the nominal share in the
        composite, ``moved_by`` and ``moved_share`` are those of `sensitivity`;
        ``place_from`` and ``place_to`` are places by the value, equal if
        it reads the same; the levels are those of what ranks.
    """
    now = scores_of_year(inputs, spec, year)
    before = scores_of_year(inputs, spec, year - 1)
    frames = moved_scores(inputs, spec, year, now=now, before=before)
    weights = nominal_weights(spec.composite) if spec.composite else {}
    tables = [
        _finished(
            _with_bands(frames[level, code], spec, now, level),
            spec,
            level=level,
            code=code,
            position=position,
            weight=_weight(spec, level, code, weights),
        )
        for position, (level, code, _) in enumerate(frames_of(now))
    ]
    return pl.concat(tables).sort(MUNICIPALITY, "position", "school_id").rechunk()


def _weight(
    spec: Ranking, level: str, code: str, weights: dict[str, float]
) -> float | None:
    """Return the nominal share in the composite; None of what is not in it."""
    match level:
        case "composite":
            return 1.0
        case "group":
            return weights[code]
        case _:
            groups = spec.composite.groups if spec.composite else ()
            shares = (weights.get(f"{group.code}/{code}") for group in groups)
            return next((share for share in shares if share is not None), None)


def _finished(
    frame: pl.DataFrame,
    spec: Ranking,
    *,
    level: str,
    code: str,
    position: int,
    weight: float | None,
) -> pl.DataFrame:
    direction = (
        spec.indicator(code).direction
        if level == "indicator"
        else Direction.MORE_IS_BETTER
    )
    ranks = code == spec.ranked_by and level in ("indicator", COMPOSITE)
    return (
        _with_levels(frame, spec.grid if ranks else None, direction)
        .with_columns(
            *_places(direction),
            level=pl.lit(level),
            code=pl.lit(code),
            position=pl.lit(position),
            weight=pl.lit(weight, pl.Float64),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in SCORES_SCHEMA.items())
    )


def _with_bands(
    frame: pl.DataFrame, spec: Ranking, now: YearScores, level: str
) -> pl.DataFrame:
    """Add to the composite how much of it hangs on the weights."""
    if spec.composite is None or level != COMPOSITE:
        return frame.with_columns(
            band=pl.lit(None, pl.Int16),
            moved_by=pl.lit(None, pl.String),
            moved_share=pl.lit(None, pl.Float64),
        )
    scores = {
        code: now.indicators[code]["score"].to_numpy().astype(np.float64)
        for code in member_codes(spec.composite)
    }
    bands = sensitivity(
        frame.select(MUNICIPALITY), scores, composite=spec.composite, grid=spec.grid
    )
    is_ranked = frame["reason"].is_null()
    return frame.hstack(bands.select(pl.when(is_ranked).then(pl.all())))


def _with_levels(
    frame: pl.DataFrame, grid: Grid | None, direction: Direction
) -> pl.DataFrame:
    if grid is None:
        nothing = pl.lit(None, pl.Int16)
        return frame.with_columns(status_level=nothing, change_level=nothing)
    counts = pl.col("reason").is_null()
    counting = frame.with_columns(value=pl.when(counts).then("value"))
    return frame.hstack(levels(counting, grid=grid, direction=direction))


def _places(direction: Direction) -> list[pl.Expr]:
    """Rank within the municipality; schools without a fair figure have no place."""
    more = direction is Direction.MORE_IS_BETTER
    shown = pl.when(pl.col("reason").is_null()).then(rounded(pl.col("value")))
    return [
        shown.rank("min", descending=more).over(MUNICIPALITY).alias("place_from"),
        shown.rank("max", descending=more).over(MUNICIPALITY).alias("place_to"),
        shown.count().over(MUNICIPALITY).alias("ranked"),
    ]
