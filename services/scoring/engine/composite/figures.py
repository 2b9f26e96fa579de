"""The figures of one indicator: what each listed school has, over how many pupils."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

import polars as pl

from services.scoring.engine.listing import is_listed
from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from services.scoring.engine.ranking import NO_DATA, TOO_FEW_PARTICIPANTS
from shared.domain.measures import MEASURES
from shared.domain.methods.indicator_sources import (
    MeasureSource,
    MsokoSource,
    Source,
)
from shared.domain.methods.indicators import Indicator

KEYS: Final = ("municipality_id", "school_id")

SCHOOLS_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "school_id": pl.Int64, "kind": pl.String}
)
PAPERS_SCHEMA: Final = pl.Schema([*RESULT_SCHEMA.items(), ("pupil_grade", pl.Int16)])
MSOKO_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "academic_year": pl.Int16,
        "group": pl.String,
        "score": pl.Float64,
        "maximum": pl.Float64,
    }
)
FIGURES_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "value": pl.Float64,
        "n": pl.Int64,
        "numerator": pl.Int64,
        "n_results": pl.Int64,
        "n_left_out": pl.Int64,
        "reason": pl.String,
    }
)

_NO_PAPERS: Final = pl.DataFrame(schema=PAPERS_SCHEMA)

# What a measure counts of its pupils; one that is no share of them is not here.
NUMERATORS: Final = {
    "quality_rate": pl.col("n4") + pl.col("n5"),
    "success_rate": pl.col("n3") + pl.col("n4") + pl.col("n5"),
    "low_share": pl.col("n_low"),
    "confirmed_marks": pl.col("n_equal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What indicators are counted from, of one municipality or of many.

    `schools` has `SCHOOLS_SCHEMA` and `msoko` `MSOKO_SCHEMA`. `results` has
    `PAPERS_SCHEMA` for each academic year that the method looks back to; a year
    without results may be missing.
    """

    schools: pl.DataFrame
    results: Mapping[int, pl.DataFrame]
    msoko: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Tally:
    """What the results of chosen papers and years sum up to, for each school.

    `counts` is the answer of `summarise`, `papers` what was counted, by year, and
    `n_all` how many results there are, counted or not.
    """

    counts: pl.DataFrame
    papers: Mapping[int, pl.DataFrame]
    n_all: pl.DataFrame


Choice = tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...], tuple[int, ...]]


def choice_of(indicator: Indicator, year: int) -> Choice | None:
    """Return which papers and years an indicator counts; None if it counts none.

    Indicators of the same choice share its tally.
    """
    source = indicator.source
    if not isinstance(source, MeasureSource):
        return None
    years = tuple(year - back for back in range(indicator.treatment.pool_years))
    return (source.procedures, source.subjects, source.grades, years)


def tallies(
    indicators: Iterable[Indicator], inputs: Inputs, year: int
) -> dict[Choice, Tally]:
    """Sum the results of each choice of papers, once for all that share it."""
    choices = {choice_of(each, year) for each in indicators} - {None}
    return {choice: tally_of(choice, inputs) for choice in choices if choice}


def listed_schools(inputs: Inputs, year: int) -> pl.DataFrame:
    """Return the schools that a ranking of the year lists, in the order of `KEYS`."""
    results = inputs.results.get(year, _NO_PAPERS)
    has_results = pl.col("school_id").is_in(results["school_id"].unique().implode())
    return inputs.schools.filter(is_listed(has_results)).select(*KEYS).sort(*KEYS)


def figures_of(
    indicator: Indicator,
    inputs: Inputs,
    *,
    year: int,
    schools: pl.DataFrame,
    tallied: Mapping[Choice, Tally],
) -> pl.DataFrame:
    """Count an indicator in a year for each of `schools`.

    Returns:
        The columns of `FIGURES_SCHEMA`, a row for each school in their order. `value`
        is null without data; `n` counts the pupils behind it, null where it is not
        counted from pupils; `numerator` those that a rate counts. `n_results` are
        counted results, `n_left_out` those of the school that the indicator does not
        count. `reason` says why the value does not count.
    """
    source: Source = indicator.source
    match source:
        case MeasureSource():
            choice = choice_of(indicator, year)
            counted = _measured(source, tallied[choice]) if choice else pl.DataFrame()
        case MsokoSource():
            counted = _msoko(source, inputs.msoko, year)
        case _:
            assert_never(source)
    rows = schools.join(counted, on="school_id", how="left", maintain_order="left")
    missing = ~pl.col("value").is_finite().fill_null(value=False)
    few = pl.col("n") < indicator.treatment.minimum_n
    return rows.with_columns(
        value=pl.when(~missing).then("value"),
        reason=pl.when(missing)
        .then(pl.lit(NO_DATA))
        .when(few)
        .then(pl.lit(TOO_FEW_PARTICIPANTS)),
    ).select(pl.col(name).cast(dtype) for name, dtype in FIGURES_SCHEMA.items())


def tally_of(choice: Choice, inputs: Inputs) -> Tally:
    """Sum the results of the papers and years of a choice."""
    procedures, subjects, grades, years = choice
    chosen = [
        pl.col(name).is_in(list(values))
        for name, values in (
            ("procedure", procedures),
            ("subject", subjects),
            ("programme_grade", grades),
        )
        if values
    ]
    results = {year: inputs.results.get(year, _NO_PAPERS) for year in years}
    papers = {
        year: frame.filter(chosen) if chosen else frame
        for year, frame in results.items()
    }
    return Tally(
        counts=summarise(pl.concat(papers.values()), by=["school_id"]),
        papers=papers,
        n_all=pl.concat(frame.select("school_id") for frame in results.values())
        .group_by("school_id")
        .agg(n_all=pl.len().cast(pl.Int64)),
    )


def _measured(source: MeasureSource, tally: Tally) -> pl.DataFrame:
    measure = MEASURES[source.measure]
    figures = tally.counts.select(
        "school_id",
        "n_results",
        value=pl.col(measure.code),
        n=pl.col(measure.n_column),
        numerator=NUMERATORS.get(source.measure, pl.lit(None, pl.Int64)),
    )
    return (
        tally.n_all.join(figures, on="school_id", how="left")
        .with_columns(pl.col("n", "n_results").fill_null(0))
        .with_columns(n_left_out=pl.col("n_all") - pl.col("n_results"))
    )


def _msoko(source: MsokoSource, scores: pl.DataFrame, year: int) -> pl.DataFrame:
    in_group = pl.col("group") == source.group
    in_year = pl.col("academic_year") == year
    return scores.filter(in_group & in_year).select(
        "school_id",
        value=100 * pl.col("score") / pl.col("maximum"),
        n=pl.lit(None, pl.Int64),
        numerator=pl.lit(None, pl.Int64),
        n_results=pl.lit(1, pl.Int64),
        n_left_out=pl.lit(0, pl.Int64),
    )
