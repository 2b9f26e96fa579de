"""The figures of one indicator: what each listed school has, over how many pupils."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from services.scoring.engine.composite.formula_figures import formula_figures
from services.scoring.engine.composite.source_figures import (
    measure_figures,
    msoko_figures,
    with_results,
)
from services.scoring.engine.listing import is_listed
from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from services.scoring.engine.ranking import NO_DATA, TOO_FEW_PARTICIPANTS
from shared.domain.methods.indicator_formulas import in_counting_order
from shared.domain.methods.indicator_sources import (
    FormulaSource,
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
FACTS_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "academic_year": pl.Int64,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What indicators are counted from, of one municipality or of many.

    `schools` has `SCHOOLS_SCHEMA` and `msoko` `MSOKO_SCHEMA`. `results` has
    `PAPERS_SCHEMA` for each academic year that the method looks back to; a year
    without results may be missing. `facts` has `FACTS_SCHEMA` and then columns of the
    catalogue of formulas under their names, at most one row for a school and a year.
    `absent` has for an academic year the schools that there are none of: closed in it
    or before, or not open yet.
    """

    schools: pl.DataFrame
    results: Mapping[int, pl.DataFrame]
    msoko: pl.DataFrame
    facts: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=FACTS_SCHEMA)
    )
    absent: Mapping[int, Collection[int]] = field(default_factory=dict)
    # Scores, their change and the places by them are counted from the same sums.
    tallied: "dict[Choice, Tally]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


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
    match source:
        case MeasureSource():
            years = tuple(year - back for back in range(indicator.treatment.pool_years))
        case FormulaSource(counts_results=True):
            years = (year,)
        case _:
            return None
    return (source.procedures, source.subjects, source.grades, years)


def tallies(
    indicators: Iterable[Indicator], inputs: Inputs, year: int
) -> dict[Choice, Tally]:
    """Sum the results of each choice of papers, once for all that share it."""
    choices = {choice_of(each, year) for each in indicators} - {None}
    return {choice: tally_of(choice, inputs) for choice in choices if choice}


def listed_schools(inputs: Inputs, year: int) -> pl.DataFrame:
    """Return the schools that a ranking of the year lists, in the order of `KEYS`.

    Of a school that is absent in the year nothing is missing: it is listed only with
    results, as one that was closed in the course of it may be.
    """
    results = inputs.results.get(year, _NO_PAPERS)
    has_results = pl.col("school_id").is_in(results["school_id"].unique().implode())
    absent = inputs.absent.get(year, ())
    listed = inputs.schools.filter(is_listed(has_results, absent))
    return listed.select(*KEYS).sort(*KEYS)


def figures_of(
    indicators: Sequence[Indicator],
    inputs: Inputs,
    *,
    year: int,
    schools: pl.DataFrame,
    tallied: Mapping[Choice, Tally],
) -> dict[str, pl.DataFrame]:
    """Count all indicators of a method in a year for each of `schools`.

    Returns:
        By code, in the method's order, the columns of `FIGURES_SCHEMA`, a row for each
        school in their order. `value` is null without data; `n` counts the pupils
        behind it (in a formula those whom its columns are over), null where it is not
        counted from any; `numerator` those that a rate counts. `n_results` are
        counted results, `n_left_out` those of the school that the indicator does not
        count. `reason` says why the value does not count.
    """
    found: dict[str, pl.DataFrame] = {}
    for each in in_counting_order(indicators):
        choice = choice_of(each, year)
        tally = tallied[choice] if choice else None
        counted = _counted(each.source, inputs, year, tally, found)
        found[each.code] = _judged(each, schools, counted)
    return {each.code: found[each.code] for each in indicators}


def _counted(
    source: Source,
    inputs: Inputs,
    year: int,
    tally: Tally | None,
    known: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """Return the figures of the schools that have any, not yet judged."""
    match source:
        case FormulaSource():
            facts = inputs.facts.filter(pl.col("academic_year") == year)
            counts = None if tally is None else tally.counts
            schools = inputs.schools.select("school_id")
            figures = formula_figures(
                source, schools, facts=facts, counts=counts, known=known
            )
            if tally is not None:
                return with_results(figures, tally.counts, tally.n_all)
            nothing = pl.lit(None, pl.Int64)
            return figures.with_columns(n_results=nothing, n_left_out=nothing)
        case MsokoSource():
            return msoko_figures(source, inputs.msoko, year)
        case MeasureSource() if tally is not None:
            return measure_figures(source, tally.counts, tally.n_all)
        case _:
            raise AssertionError(source)  # A measure always has its papers.


def _judged(
    indicator: Indicator, schools: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
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
    """Sum the results of the papers and years of a choice, once for all who ask."""
    if choice not in inputs.tallied:
        inputs.tallied[choice] = _tally(choice, inputs)
    return inputs.tallied[choice]


def _tally(choice: Choice, inputs: Inputs) -> Tally:
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
