"""Deadlines of the lines of an agreement's plan, for both of its schools."""

import json
from datetime import date
from typing import Final

from sqlalchemy import select, text

from services.api.scheduling.fan_out import read_calendar
from shared.domain.agreements import AgreementStatus
from shared.persistence.tables.agreements import AgreementMeasureRow
from shared.persistence.work import Work

# A plan is owed from the day on which both have signed it; while it rests, nothing is.
IN_FORCE: Final = frozenset({AgreementStatus.SIGNED, AgreementStatus.ACTIVE})

_FOLLOW = text(
    "SELECT tenancy.follow_agreement_plan(:agreement, CAST(:plan AS jsonb), :now)"
)


async def follow_plan(
    work: Work,
    agreement_id: int,
    status: AgreementStatus,
    *,
    municipality_id: int,
    starts_on: date,
    today: date,
) -> None:
    """Open the lines that are to come of a plan in force, or withdraw what is owed.

    What has been reported stays. `municipality_id` is the one that keeps the
    agreement; its calendar moves days off.
    """
    plan = []
    if status in IN_FORCE:
        days = (await read_calendar(work, municipality_id)).work
        line = AgreementMeasureRow
        rows = await work.session.execute(
            select(line.id, line.due_on).where(line.agreement_id == agreement_id)
        )
        plan = [
            {"id": row.id, "starts_on": min(starts_on, due_on), "due_on": due_on}
            for row in rows
            if (due_on := days.last_working_day_on_or_before(row.due_on)) >= today
        ]
    await work.session.execute(
        _FOLLOW,
        {
            "agreement": agreement_id,
            "plan": json.dumps(plan, default=str),
            "now": work.now,
        },
    )
