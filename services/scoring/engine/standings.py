"""The ranking of a method: places by the figure that it names, and how sure."""

import math
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from services.scoring.engine.composite.errors import Member, composite_errors
from services.scoring.engine.composite.figures import (
    KEYS,
    Inputs,
    choice_of,
    tallies,
    tally_of,
)
from services.scoring.engine.composite.year import member_codes
from services.scoring.engine.places import OVERALL, Rules, places
from services.scoring.engine.small_numbers.assessing import assess, resample
from services.scoring.engine.small_numbers.intervals import standard_error
from services.scoring.engine.small_numbers.tallies import TALLIES, Tally
from services.scoring.engine.small_numbers.wilson import normal_quantile
from shared.domain.methods.composites import Composite
from shared.domain.methods.indicator_sources import MeasureSource
from shared.domain.methods.indicators import COMPOSITE, Indicator
from shared.domain.methods.method import Method
from shared.domain.methods.ranking import Ranking
from shared.domain.methods.small_numbers import SmallNumbers

# What stands beside a figure, in the places overall only: it is the same in all.
BESIDE: Final = pl.Schema(
    {
        "value_low": pl.Float64(),
        "value_high": pl.Float64(),
        "shrunk": pl.Float64(),
        "weight": pl.Float64(),
        "pooled_value": pl.Float64(),
        "pooled_n": pl.Int64(),
        "pooled_years": pl.List(pl.Int16),
    }
)


def standings(
    scores: pl.DataFrame,
    inputs: Inputs,
    *,
    method: Method[Ranking],
    year: int,
    clusters: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Rank by what ranks: overall, within kinds of school and within clusters.

    Every listed school is in it, with a place or with the reason of having none. `n`
    is 0 where no pupils are counted.

    Args:
        scores: The answer of `school_scores`.
        inputs: What the scores were counted from.
        method: Which figure ranks, and how figures over few pupils are treated;
            resamples are seeded with its hash (see `seed_of`).
        year: The academic year.
        clusters: `KEYS` and ``cluster`` (text) of schools in like conditions.

    Returns:
        The answer of `places`, and `BESIDE` where the scope is overall.
    """
    rules = method.spec.small_numbers
    listed = _listed(scores, inputs, method.spec, clusters)
    scored = _Scored(scores, inputs, method.spec, year)
    tally, assessed = _assessed(listed, scored, rules)
    draws = resample(
        assessed, tally, method_hash=seed_of(method), year=year, rules=rules
    )
    ranked = places(
        assessed,
        draws,
        Rules(direction=method.spec.direction, confidence=rules.confidence_share),
    )
    shown = [pl.col(name).cast(kind) for name, kind in BESIDE.items()]
    beside = assessed.select(*KEYS, *shown, scope=pl.lit(OVERALL))
    return ranked.join(
        beside, on=[*KEYS, "scope"], how="left", maintain_order="left"
    ).rechunk()


def seed_of(method: Method[Ranking]) -> str:
    """Return the hash of what a method ranks by, which names its random numbers.

    How many resamples there are, and how sure an interval is to be, is no part of it:
    another confidence is another cut through the same draws.
    """
    spec = method.spec
    left_out = spec.small_numbers.thresholds
    provenance = {
        path: origin
        for path, origin in method.provenance.items()
        if path not in left_out
    }
    plain = replace(spec, small_numbers=SmallNumbers())
    return replace(method, spec=plain, provenance=provenance).content_hash


@dataclass(frozen=True, slots=True)
class _Scored:
    scores: pl.DataFrame
    inputs: Inputs
    spec: Ranking
    year: int


def _listed(
    scores: pl.DataFrame,
    inputs: Inputs,
    spec: Ranking,
    clusters: pl.DataFrame | None,
) -> pl.DataFrame:
    ranks = (pl.col("code") == spec.ranked_by) & (pl.col("level") != "group")
    figures = scores.filter(ranks).select(
        *KEYS, "value", pl.col("n").fill_null(0), "reason"
    )
    known = figures.join(inputs.schools.select(*KEYS, "kind"), on=KEYS, how="left")
    if clusters is None:
        return known.with_columns(cluster=pl.lit(None, pl.String)).sort(KEYS)
    return known.join(clusters.select(*KEYS, "cluster"), on=KEYS, how="left").sort(KEYS)


def _assessed(
    listed: pl.DataFrame, scored: _Scored, rules: SmallNumbers
) -> tuple[Tally | None, pl.DataFrame]:
    """Return what the figure is counted from, and what stands beside it."""
    spec, inputs, year = scored.spec, scored.inputs, scored.year
    if spec.ranked_by == COMPOSITE and spec.composite is not None:
        errors = _errors(listed, scored, spec.composite)
        reach = normal_quantile(rules.confidence_share) * pl.col("standard_error")
        return None, listed.with_columns(standard_error=errors).with_columns(
            *_unknown("value_low", "value_high"),
            value_low=pl.col("value") - reach,
            value_high=pl.col("value") + reach,
        )
    indicator = spec.indicator(spec.ranked_by)
    if not isinstance(indicator.source, MeasureSource):
        return None, listed.with_columns(
            *_unknown(), standard_error=pl.lit(None, pl.Float64)
        )
    tally = TALLIES[indicator.source.measure]
    return tally, assess(
        _counts(indicator, inputs, year),
        tally,
        schools=listed,
        years=_yearly(indicator, inputs, year, rules.pooled_years),
        rules=rules,
        year=year,
    )


def _unknown(*known: str) -> list[pl.Expr]:
    return [
        pl.lit(None, kind).alias(name)
        for name, kind in BESIDE.items()
        if name not in known
    ]


def _counts(indicator: Indicator, inputs: Inputs, year: int) -> pl.DataFrame:
    [tallied] = tallies([indicator], inputs, year).values()
    return tallied.counts


def _yearly(
    indicator: Indicator, inputs: Inputs, year: int, years: int
) -> pl.DataFrame:
    """Return the counts of each year by itself, over the indicator's papers."""
    choice = choice_of(indicator, year)
    papers = choice[:-1] if choice else ((), (), ())
    return pl.concat(
        tally_of((*papers, (each,)), inputs).counts.with_columns(
            academic_year=pl.lit(each, pl.Int64)
        )
        for each in range(year - years + 1, year + 1)
    )


def _errors(listed: pl.DataFrame, scored: _Scored, composite: Composite) -> pl.Series:
    members = {
        code: _member(scored.spec.indicator(code), listed, scored)
        for code in member_codes(composite)
    }
    municipalities = listed["municipality_id"].to_numpy()
    errors = composite_errors(members, composite, municipalities)
    return pl.Series(errors, nan_to_null=True)


def _member(indicator: Indicator, listed: pl.DataFrame, scored: _Scored) -> Member:
    is_its = (pl.col("code") == indicator.code) & (pl.col("level") == "indicator")
    rows = listed.select(KEYS).join(
        scored.scores.filter(is_its).select(*KEYS, "value", "score", "reason"),
        on=KEYS,
        how="left",
        maintain_order="left",
    )
    counts = pl.when(pl.col("reason").is_null()).then("value").alias("value")
    value, score = (
        column.fill_null(math.nan).to_numpy() for column in rows.select(counts, "score")
    )
    error = _error_of(indicator, rows, scored.inputs, scored.year).to_numpy()
    return Member(value, score, error, choice_of(indicator, scored.year))


def _error_of(
    indicator: Indicator, schools: pl.DataFrame, inputs: Inputs, year: int
) -> pl.Series:
    """Return the standard error of each school's figure, NaN where it has none."""
    if not isinstance(indicator.source, MeasureSource):
        return pl.Series([math.nan] * schools.height, dtype=pl.Float64)
    tally = TALLIES[indicator.source.measure]
    errors = _counts(indicator, inputs, year).with_columns(tally.columns)
    found = errors.select("school_id", error=standard_error(tally))
    joined = schools.select("school_id").join(
        found, on="school_id", how="left", maintain_order="left"
    )
    return joined["error"].fill_null(math.nan)
