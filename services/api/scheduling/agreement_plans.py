"""Deadlines of agreements: of the lines of their plans, and of their renewal."""

import json
from datetime import date
from typing import Final

from sqlalchemy import or_, select, text

from services.api.scheduling.agreement_renewals import follow_renewal
from services.api.scheduling.fan_out import read_calendar
from shared.domain.agreements import AgreementStatus
from shared.domain.calendar import WorkCalendar
from shared.domain.deadlines import DeadlineKind
from shared.domain.followed_records import RecordMove
from shared.persistence.tables.agreements import AgreementMeasureRow, AgreementRow
from shared.persistence.work import Work

# A plan is owed from the day on which both have signed it; while it rests, nothing is.
IN_FORCE: Final = frozenset({AgreementStatus.SIGNED, AgreementStatus.ACTIVE})

_FOLLOW = text(
    "SELECT * FROM tenancy.follow_agreement_plan(:agreement, CAST(:plan AS jsonb),"
    " :today, :in_force, :now)"
)


async def follow_plan(
    work: Work,
    agreement_id: int,
    status: AgreementStatus,
    *,
    municipality_id: int,
    starts_on: date,
    today: date,
) -> list[RecordMove]:
    """Open and move the lines that are to come of a plan in force; else withdraw them.

    What has been reported stays, and so does what is overdue of a plan in force. The
    renewal of the agreement is followed as well.
    `municipality_id` is the one that keeps the agreement; its calendar moves days off.
    """
    days = (await read_calendar(work, municipality_id)).work
    return await _follow(
        work, agreement_id, status, days=days, starts_on=starts_on, today=today
    )


async def follow_plans(
    work: Work, municipality_id: int, *, today: date
) -> list[RecordMove]:
    """Do so for all plans in force that the municipality keeps."""
    agreement = AgreementRow
    rows = (
        await work.session.execute(
            select(agreement.id, agreement.status, agreement.starts_on)
            .where(
                agreement.municipality_id == municipality_id,
                or_(*(agreement.status == status for status in sorted(IN_FORCE))),
            )
            .order_by(agreement.id)
        )
    ).all()
    if not rows:
        return []
    days = (await read_calendar(work, municipality_id)).work
    return [
        move
        for row in rows
        for move in await _follow(
            work,
            row.id,
            AgreementStatus(row.status),
            days=days,
            starts_on=row.starts_on,
            today=today,
        )
    ]


async def _follow(
    work: Work,
    agreement_id: int,
    status: AgreementStatus,
    *,
    days: WorkCalendar,
    starts_on: date,
    today: date,
) -> list[RecordMove]:
    plan = []
    if status in IN_FORCE:
        line = AgreementMeasureRow
        rows = await work.session.execute(
            select(line.id, line.due_on).where(line.agreement_id == agreement_id)
        )
        plan = [
            {"id": row.id, "starts_on": min(starts_on, due_on), "due_on": due_on}
            for row in rows
            if (due_on := days.last_working_day_on_or_before(row.due_on)) >= today
        ]
    moved = await work.session.execute(
        _FOLLOW,
        {
            "agreement": agreement_id,
            "plan": json.dumps(plan, default=str),
            "today": today,
            "in_force": status in IN_FORCE,
            "now": work.now,
        },
    )
    of_plan = [
        RecordMove(
            kind=DeadlineKind.AGREEMENT_PLAN,
            deadline_id=row.deadline_id,
            municipality_id=row.owner_id,
            source_id=row.line_id,
            school_id=row.whose_id,
            title=row.called,
            due_before=row.due_before,
            due_on=row.due_after,
        )
        for row in moved
    ]
    of_renewal = await follow_renewal(
        work, agreement_id, status, days=days, today=today
    )
    return of_plan + of_renewal
