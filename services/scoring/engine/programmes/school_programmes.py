"""Indicators of the programmes that schools draw up and carry out."""

from datetime import date

from services.scoring.engine.programmes.findings import (
    Finding,
    Prospect,
    Verdict,
    no,
    of_open,
    yes,
)
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records, Row, rows_by_school
from shared.domain.programme_reasons import Reason


def with_school_programmes(records: Records, period: Period) -> Finding:
    """Count the schools that have come as far with their programme as the year asks.

    Source: the Zhigalovo programme, task 3: developed in its first year, developed and
    carried out between, carried out in its last. Developed is what the experts
    approved by the year's last day; carried out what was started by then and not
    completed before the year; in the last year what was completed. Open are programmes
    that may still get so far; of like cases there are the ones that have, and those
    that should have by their own days.
    """
    by_school = rows_by_school(records.programmes)
    verdicts, coming, missed = [], set(), 0
    for school in records.schools(period):
        own = by_school[school]
        reached = [row for row in own if _reached(row, period)]
        evidence = {"statuses": sorted(row["status"] for row in own)}
        if reached:
            verdicts.append(yes(school, **evidence))
            continue
        reason = _not_reached(period) if own else Reason.NO_SCHOOL_PROGRAMME
        verdicts.append(no(school, reason, **evidence))
        planned = [_planned_on(row, period) for row in own]
        coming |= {school for day in planned if day <= period.last_day}
        missed += any(day < records.until(period) for day in planned)
    return of_open(tuple(verdicts), lambda v: v.school_id in coming, missed=missed)


def _reached(row: Row, period: Period) -> bool:
    last = period.last_day
    if period.is_last:
        return row["completed_on"] is not None and row["completed_on"] <= last
    if period.is_first:
        return row["approved_on"] is not None and row["approved_on"] <= last
    ended = row["completed_on"]
    return (
        row["started_on"] is not None
        and row["started_on"] <= last
        and (ended is None or ended >= period.first_day)
    )


def _not_reached(period: Period) -> Reason:
    if period.is_last:
        return Reason.NOT_COMPLETED
    return Reason.NOT_APPROVED if period.is_first else Reason.NOT_STARTED


def _planned_on(row: Row, period: Period) -> date:
    """Return by which day a programme itself wants to have come so far."""
    day: date = row["ends_on"] if period.is_last else row["starts_on"]
    return day


def reviewed(records: Records, period: Period) -> Finding:
    """Count the schools' programmes that passed an expertise by the year's end.

    Source: the Uzhur programme's expected results. A programme counts that the
    municipal or regional experts approved; all are counted that were handed in by the
    year's end or whose own term has begun. Open are those with the experts; the share
    is of programmes, not of schools.
    """
    by_school = rows_by_school(records.programmes)
    verdicts, open_parts, returned = [], 0, 0
    for school in records.schools(period):
        own = [row for row in by_school[school] if _is_of(row, period)]
        passed = [row for row in own if row["passed_on"] is not None]
        in_time = [row for row in passed if row["passed_on"] <= period.last_day]
        reason = None if in_time else Reason.NOT_REVIEWED
        verdicts.append(
            Verdict(
                school_id=school,
                holds=bool(in_time) if own else None,
                part=len(in_time),
                whole=len(own),
                reason=reason if own else Reason.NO_SCHOOL_PROGRAMME,
                evidence={"programmes": len(own), "passed": len(in_time)},
            )
        )
        statuses = [row["status"] for row in own if row["passed_on"] is None]
        open_parts += sum(each in ("submitted", "under_review") for each in statuses)
        returned += statuses.count("returned")
    kept = sum(v.part for v in verdicts)
    return Finding(
        verdicts=tuple(verdicts),
        prospect=Prospect(open_parts=open_parts, joining=0, kept=kept, missed=returned),
    )


def _is_of(row: Row, period: Period) -> bool:
    days = [row["submitted_on"], row["starts_on"]]
    return any(day is not None and day <= period.last_day for day in days)
