"""Shares of schools that a method defines itself, by a condition over columns."""

from typing import Any, Final

import polars as pl

from services.scoring.engine.composite.figures import Inputs, tally_of
from services.scoring.engine.composite.formula_figures import formula_columns
from services.scoring.engine.formulas import share_of_schools
from services.scoring.engine.programmes.findings import (
    Finding,
    Prospect,
    Verdict,
    no,
    undecided,
    yes,
)
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.methods.indicator_sources import n_column
from shared.domain.methods.share_indicators import ShareIndicator
from shared.domain.programme_reasons import Reason

_ALL: Final = "all"  # one group of all schools


def schools_that(
    records: Records, period: Period, indicator: ShareIndicator
) -> Finding:
    """Count the schools of which the indicator's condition holds.

    Source: `share_of_schools` over the schools that there are on the last day of the
    period, by their figures of its academic year. A figure over fewer pupils than
    `minimum_n` is not known; what the condition needs no more of is decided all the
    same. Under `MissingPolicy.COUNT_AS_NO` an undecided school stays undecided in the
    coverage and is in the denominator.

    Each verdict has the figures that decided it as its evidence.
    """
    schools = records.schools(period)
    columns = _columns(schools, records.inputs, period.academic_year, indicator)
    masked = columns.with_columns(
        pl.when(~_is_few(name, indicator)).then(name).alias(name)
        for name in indicator.condition.expression.columns
    )
    shares = share_of_schools(
        masked.with_columns(pl.lit(_ALL).alias(_ALL)),
        indicator.condition.expression,
        missing=indicator.missing,
        by=[_ALL],
    )
    answers: dict[int, bool] = {}
    for share in shares.iter_rows(named=True):
        answers |= dict.fromkeys(share["school_ids"], True)
        answers |= dict.fromkeys(share["other_ids"], False)
    few = _schools_with_few(columns, indicator)
    evidence = {row.pop("school_id"): row for row in columns.iter_rows(named=True)}
    verdicts = tuple(
        _verdict(
            school, answers.get(school), evidence[school], school in few, indicator
        )
        for school in schools
    )
    return _finding(verdicts, indicator)


def _columns(
    schools: list[int], inputs: Inputs | None, year: int, indicator: ShareIndicator
) -> pl.DataFrame:
    """Return a row for each school with the columns of the condition."""
    source = indicator.condition
    rows = pl.DataFrame({"school_id": schools}, schema={"school_id": pl.Int64})
    if inputs is None:
        nothing = pl.lit(None, pl.Float64)
        return rows.with_columns(nothing.alias(name) for name in source.columns)
    counts = None
    if source.counts_results:
        choice = (source.procedures, source.subjects, source.grades, (year,))
        counts = tally_of(choice, inputs).counts
    facts = inputs.facts.filter(pl.col("academic_year") == year)
    return formula_columns(source, rows, facts, counts, {}).select(
        "school_id", *source.columns
    )


def _is_few(name: str, indicator: ShareIndicator) -> pl.Expr:
    """Tell whether a column is counted over too few; it is not over anybody's N."""
    n = n_column(name)
    if n is None:
        return pl.lit(value=False)
    return (pl.col(n) < indicator.minimum_n).fill_null(value=False)


def _schools_with_few(columns: pl.DataFrame, indicator: ShareIndicator) -> set[int]:
    names = indicator.condition.expression.columns
    is_few = pl.any_horizontal([_is_few(name, indicator) for name in names])
    return set(columns.filter(is_few)["school_id"].to_list())


def _verdict(
    school: int,
    holds: bool | None,  # noqa: FBT001 (the answer, and no switch)
    evidence: dict[str, Any],
    is_few: bool,  # noqa: FBT001 (said of the school)
    indicator: ShareIndicator,
) -> Verdict:
    if holds:
        return yes(school, **evidence)
    if holds is False:
        return no(school, Reason.CONDITION_NOT_MET, **evidence)
    reason = Reason.TOO_FEW_PARTICIPANTS if is_few else Reason.CONDITION_UNKNOWN
    if indicator.missing is MissingPolicy.EXCLUDE:
        return undecided(school, reason, **evidence)
    return Verdict(
        school_id=school, holds=None, part=0, whole=1, reason=reason, evidence=evidence
    )


def _finding(verdicts: tuple[Verdict, ...], indicator: ShareIndicator) -> Finding:
    """Let the undecided schools follow the rate of the decided ones."""
    kept = sum(each.holds is True for each in verdicts)
    missed = sum(each.holds is False for each in verdicts)
    open_parts = len(verdicts) - kept - missed
    is_counted = indicator.missing is MissingPolicy.COUNT_AS_NO
    prospect = Prospect(
        open_parts=open_parts,
        joining=0 if is_counted else open_parts,
        kept=kept,
        missed=missed,
    )
    return Finding(
        verdicts=verdicts,
        prospect=prospect if kept + missed else None,
        unprojected=None if kept + missed else Reason.NOTHING_COUNTED,
        thresholds=(indicator.path,),
    )
