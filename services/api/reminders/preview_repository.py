"""Reading what could be reminded of in the days to come, and what already was."""

from datetime import date

from sqlalchemy import and_, or_, select

from shared.domain.deadlines import DeadlineState
from shared.domain.reminders.day import Key
from shared.domain.reminders.rule_books import Deadline
from shared.persistence.deadlines import is_owed
from shared.persistence.reminder_situations import DEADLINES, deadline_of
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import ReminderRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


async def read_today(work: Work, municipality_id: int) -> date:
    """Return the day that it is in the municipality."""
    zones = await work.session.scalars(
        select(MunicipalityRow.time_zone).where(MunicipalityRow.id == municipality_id)
    )
    return work.today_in(zones.one())


async def read_deadlines(
    work: Work, municipality_id: int, *, last: date
) -> list[Deadline]:
    """Return what is owed by `last`, and what waits for the coordinator."""
    is_submitted = DeadlineRow.state == DeadlineState.SUBMITTED
    rows = await work.session.execute(
        DEADLINES.where(
            DeadlineRow.municipality_id == municipality_id,
            or_(and_(is_owed(), DeadlineRow.due_on <= last), is_submitted),
        ).order_by(DeadlineRow.due_on, DeadlineRow.id)
    )
    return [deadline_of(row) for row in rows]


async def read_planned(work: Work, municipality_id: int) -> set[Key]:
    """Return the keys of what was planned of open deadlines and not withdrawn."""
    row = ReminderRow
    rows = await work.session.execute(
        select(
            row.recipient_id,
            row.recipient_role,
            row.deadline_id,
            row.due_on,
            row.rule,
            row.channel,
        )
        .join(DeadlineRow, DeadlineRow.id == row.deadline_id)
        .where(row.municipality_id == municipality_id, row.status != "withdrawn")
    )
    return {(a, b, c, d, e, f) for a, b, c, d, e, f in rows}


async def read_roles(work: Work, user_ids: set[int]) -> dict[int, str]:
    """Return the roles of accounts that the transaction may see."""
    rows = await work.session.execute(
        select(UserRow.id, UserRow.role).where(UserRow.id.in_(user_ids))
    )
    return {row.id: row.role for row in rows}
