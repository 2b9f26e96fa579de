"""Deadlines of the renewal of agreements, for both schools and who coordinates them."""

from datetime import date
from typing import Final

from sqlalchemy import select, text

from shared.domain.agreement_renewals import renewal_state, thought_of_from
from shared.domain.agreements import AgreementStatus
from shared.domain.calendar import WorkCalendar
from shared.domain.deadline_titles import RENEWAL, title_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.followed_records import RecordMove
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.work import Work

_FOLLOW: Final = text(
    "SELECT * FROM tenancy.follow_agreement_renewal(:agreement, :state, :title,"
    " :starts_on, :due_on, :today, :now)"
)


async def follow_renewal(
    work: Work,
    agreement_id: int,
    status: AgreementStatus,
    *,
    days: WorkCalendar,
    today: date,
) -> list[RecordMove]:
    """Open or move what is owed by the end of an agreement in force; else close it.

    Each school owes it, and each municipality of a party once. What is overdue stays
    by its day. Done again, it changes nothing.
    """
    row = (
        await work.session.execute(
            select(
                AgreementRow.problem, AgreementRow.starts_on, AgreementRow.ends_on
            ).where(AgreementRow.id == agreement_id)
        )
    ).one()
    moved = await work.session.execute(
        _FOLLOW,
        {
            "agreement": agreement_id,
            "state": renewal_state(status).value,
            "title": title_of(RENEWAL, row.problem),
            "starts_on": thought_of_from(row.starts_on, row.ends_on),
            "due_on": days.last_working_day_on_or_before(row.ends_on),
            "today": today,
            "now": work.now,
        },
    )
    return [
        RecordMove(
            kind=DeadlineKind.AGREEMENT_RENEWAL,
            deadline_id=row.deadline_id,
            municipality_id=row.owner_id,
            source_id=agreement_id,
            school_id=row.whose_id,
            title=row.called,
            due_before=row.due_before,
            due_on=row.due_after,
        )
        for row in moved
    ]
