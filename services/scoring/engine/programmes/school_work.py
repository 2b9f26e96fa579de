"""Indicators of what schools do: analyses, networking, corrections of their work."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from services.scoring.engine.programme import network_mentoring
from services.scoring.engine.programmes.findings import (
    Finding,
    Prospect,
    Verdict,
    no,
    of_open,
    undecided,
    yes,
)
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records, Row, rows_by_school
from shared.domain.programme_reasons import Reason

ANSWERED: Final = ("answered", "accepted")


def analysed(records: Records, period: Period) -> Finding:
    """Count the schools with scores by the method in force and a SWOT of the year.

    Source: the Zhigalovo programme, task 1, which holds the analysis each December.
    The scores are those of either academic year that a calendar year touches. Until
    the year ends every school may still be analysed; of like cases there are those of
    the year before.
    """
    verdicts = tuple(_analysed(records, period))
    last = list(_analysed(records, period.before))
    kept = _count(last, holds=True)
    return Finding(
        verdicts=verdicts,
        prospect=Prospect(
            open_parts=sum(v.holds is not True for v in verdicts),
            joining=sum(v.holds is None for v in verdicts),
            kept=kept,
            # Where nobody was analysed, nobody kept records as yet.
            missed=_count(last, holds=False) if kept else 0,
        ),
    )


def _analysed(records: Records, period: Period) -> Iterable[Verdict]:
    years = range(period.academic_year, period.year + 1)
    frames = [records.scores[year] for year in years if year in records.scores]
    scored = {
        school
        for frame in frames
        for school in frame.filter(pl.col("n_results") > 0)["school_id"].to_list()
    }
    lines = records.swots.filter(pl.col("calendar_year") == period.calendar_year)
    counts = dict(lines.group_by("school_id").len().rows())
    for school in records.schools(period):
        evidence = {"swot_entries": counts.get(school, 0), "scored": school in scored}
        if not frames:
            yield undecided(school, Reason.NO_METHOD, **evidence)
        elif school not in counts:
            yield no(school, Reason.NO_SWOT, **evidence)
        elif school not in scored:
            yield no(school, Reason.NO_RESULTS, **evidence)
        else:
            yield yes(school, **evidence)


def in_network_mentoring(records: Records, period: Period) -> Finding:
    """Count the schools in a signed agreement on some day of the year.

    Source: see `network_mentoring`. Open are the schools of agreements that are being
    drawn up and are to begin within the year; of like cases there are the schools that
    signed theirs, and those whose agreement should have begun by now.
    """
    schools = records.schools(period)
    counted = set(
        network_mentoring(
            schools, records.agreements, period.first_day, period.last_day
        ).school_ids
    )
    drawn_up = records.agreements.filter(
        pl.col("status").is_in(["draft", "proposed"]),
        pl.col("starts_on") <= period.last_day,
        pl.col("ends_on") >= period.first_day,
    )
    late = _sides(drawn_up.filter(pl.col("starts_on") < records.until(period)))
    coming = _sides(drawn_up)
    verdicts = tuple(
        yes(school)
        if school in counted
        else no(school, Reason.NO_AGREEMENT, being_drawn_up=school in coming)
        for school in schools
    )
    missed = len((late & set(schools)) - counted)
    return of_open(verdicts, lambda v: v.school_id in coming, missed=missed)


def _sides(agreements: pl.DataFrame) -> set[int]:
    pair = (agreements["mentor_school_id"], agreements["mentee_school_id"])
    return {school for side in pair for school in side.to_list()}


def plans_corrected(records: Records, period: Period) -> Finding:
    """Count the schools that corrected their plan after an internal control (ВШК).

    Source: the Uzhur programme's expected results. Of a school whose controls of the
    year nobody recorded nothing is known. Open are controls without a correction as
    yet; of like cases there are the year's corrections, and the controls of the year
    before that led to none.
    """
    verdicts = tuple(_corrected(records, period))
    missed = _count(_corrected(records, period.before), holds=False)
    return of_open(verdicts, lambda v: v.holds is False, missed=missed)


def _corrected(records: Records, period: Period) -> Iterable[Verdict]:
    held = records.controls.filter(
        pl.col("held_on").is_between(period.first_day, period.last_day)
    )
    by_school = rows_by_school(held)
    for school in records.schools(period):
        own = by_school[school]
        days = [row["plan_corrected_on"] for row in own]
        corrected = sum(day is not None and day <= period.last_day for day in days)
        evidence = {"controls": len(own), "corrected": corrected}
        if not own:
            yield undecided(school, Reason.NO_INTERNAL_CONTROL, **evidence)
        elif corrected:
            yield yes(school, **evidence)
        else:
            yield no(school, Reason.PLAN_NOT_CORRECTED, **evidence)


def recommendations_followed(records: Records, period: Period) -> Finding:
    """Count the schools that answered every recommendation due in the year so far.

    Source: the Uzhur programme's expected results. An answer that was returned is
    none, and one after the year's end comes too late. A school without any is not in
    the share; one whose first is not due yet is undecided. Open are the undecided, and
    the schools that are late.
    """
    verdicts = tuple(_followed(records, period))
    missed = _count(verdicts, holds=False)
    return of_open(
        verdicts, lambda v: v.reason is not Reason.NO_RECOMMENDATIONS, missed=missed
    )


def _followed(records: Records, period: Period) -> Iterable[Verdict]:
    due = records.recommendations.filter(
        pl.col("due_on").is_between(period.first_day, period.last_day)
    )
    by_school = rows_by_school(due)
    for school in records.schools(period):
        own = by_school[school]
        answered = [row for row in own if _is_answered(row, period)]
        due_now = [row for row in own if _is_due(row, records.as_of)]
        late = [row for row in due_now if not _is_answered(row, period)]
        evidence = {"recommendations": len(own), "answered": len(answered)}
        if not own:
            yield undecided(school, Reason.NO_RECOMMENDATIONS, **evidence)
        elif late:
            yield no(school, Reason.UNANSWERED, **evidence)
        elif answered:
            yield yes(school, **evidence)
        else:
            yield undecided(school, Reason.NOT_DUE_YET, **evidence)


def _is_due(row: Row, as_of: date) -> bool:
    """On its last day a recommendation may still be answered."""
    return bool(row["due_on"] < as_of)


def _is_answered(row: Row, period: Period) -> bool:
    return row["status"] in ANSWERED and bool(row["answered_on"] <= period.last_day)


def _count(verdicts: Iterable[Verdict], *, holds: bool) -> int:
    return sum(verdict.holds is holds for verdict in verdicts)
