"""Indicators of what people say of schools and of the municipality."""

from typing import Final

import polars as pl

from services.scoring.engine.programmes.findings import (
    Finding,
    Verdict,
    no,
    of_undecided,
    undecided,
    yes,
)
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.programme_reasons import Reason

SATISFIED: Final = ("satisfied_at_least", "minimum_respondents")


def satisfied_schools(
    records: Records, period: Period, spec: ProgrammeShares, question: str
) -> Finding:
    """Count the schools where enough of those asked are satisfied.

    Source: the Zhigalovo programme, tasks 4 and 5; what is enough the method says. A
    school that was not asked is undecided.
    """
    answers = _answers(records, period, question)
    verdicts = []
    for school in records.schools(period):
        if school not in answers:
            verdicts.append(undecided(school, Reason.NO_SURVEY))
            continue
        satisfied, respondents = answers[school]
        percent = 100 * satisfied / respondents
        evidence = {
            "satisfied": satisfied,
            "respondents": respondents,
            "percent": percent,
        }
        if respondents < spec.minimum_respondents:
            verdict = undecided(school, Reason.TOO_FEW_RESPONDENTS, **evidence)
        elif 100 * satisfied >= spec.satisfied_at_least * respondents:
            verdict = yes(school, **evidence)
        else:
            verdict = no(school, Reason.NOT_SATISFIED, **evidence)
        verdicts.append(verdict)
    return of_undecided(tuple(verdicts), SATISFIED)


def satisfaction(records: Records, period: Period, question: str) -> Finding:
    """Sum the satisfied of all those asked, each school weighed by its respondents.

    Source: the Uzhur programme's expected results: the level of satisfaction, which is
    a share of people. The counted schools are those that were asked. How many more
    people will be asked nobody knows, so that it is not projected.
    """
    answers = _answers(records, period, question)
    verdicts = [
        Verdict(
            school_id=school,
            holds=True,
            part=answers[school][0],
            whole=answers[school][1],
            evidence={
                "satisfied": answers[school][0],
                "respondents": answers[school][1],
            },
        )
        if school in answers
        else undecided(school, Reason.NO_SURVEY)
        for school in records.schools(period)
    ]
    return Finding(verdicts=tuple(verdicts), unprojected=Reason.RESPONDENTS_UNKNOWN)


def _answers(
    records: Records, period: Period, question: str
) -> dict[int, tuple[int, int]]:
    rows = (
        records.surveys.filter(
            pl.col("calendar_year") == period.calendar_year,
            pl.col("question") == question,
        )
        .group_by("school_id")
        .agg(pl.col("satisfied", "respondents").sum())
        .filter(pl.col("respondents") > 0)
        .rows()
    )
    return {school: (satisfied, respondents) for school, satisfied, respondents in rows}
