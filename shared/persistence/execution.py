"""How far a roadmap is: counts over the deadlines of measures."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    cast,
    func,
    select,
)

from shared.domain.deadlines import DeadlineState, DeadlineStep
from shared.persistence.deadlines import is_owed
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.submissions import SubmissionFileRow, SubmissionRow

COUNTED = DeadlineRow.state.not_in([DeadlineState.PAST, DeadlineState.WITHDRAWN])


def _evidence() -> FromClause:
    """Return what accepted reports show: `links` and `files` of each deadline."""
    report, file = SubmissionRow, SubmissionFileRow
    files = (
        select(func.count(file.id))
        .where(file.submission_id == report.id)
        .correlate(report)
        .scalar_subquery()
    )
    return (
        select(
            report.deadline_id,
            func.cardinality(report.links).label("links"),
            files.label("files"),
        )
        .where(report.decision == DeadlineStep.ACCEPT)
        .subquery("evidence")
    )


EVIDENCE = _evidence()
OF_DEADLINE = EVIDENCE.c.deadline_id == DeadlineRow.id


def counts(today: ColumnElement[Any]) -> dict[str, ColumnElement[int]]:
    """Return the counts of a group of deadlines, each of which joins its `EVIDENCE`.

    `owed` is the sum of the five that follow it.
    """
    done = DeadlineRow.state == DeadlineState.DONE
    in_time = DeadlineRow.done_on <= DeadlineRow.due_on
    ahead = DeadlineRow.due_on >= today
    groups = {
        "owed": COUNTED,
        "done_on_time": and_(done, in_time),
        "done_late": and_(done, ~func.coalesce(in_time, False)),
        "submitted": DeadlineRow.state == DeadlineState.SUBMITTED,
        "overdue": and_(is_owed(), ~ahead),
        "ahead": and_(is_owed(), ahead),
        "with_evidence": EVIDENCE.c.links + EVIDENCE.c.files > 0,
    }
    return {
        **{name: func.count().filter(holds) for name, holds in groups.items()},
        **{
            # The sum of whole numbers is none in PostgreSQL, but numeric.
            name: cast(func.coalesce(func.sum(EVIDENCE.c[name]), 0), BigInteger)
            for name in ("links", "files")
        },
    }
