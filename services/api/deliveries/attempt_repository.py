"""Searching the log of attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import AttemptRow
from shared.persistence.tables.reminders import MessageRow, ReminderRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFilter:
    """What the log is narrowed to; None narrows nothing. Times are the machine's."""

    delivery_id: int | None = None
    school_id: int | None = None
    deadline_id: int | None = None
    recipient_id: int | None = None
    channel: str | None = None
    outcome: str | None = None
    code: int | None = None
    reply: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_DEADLINES = (
    select(func.array_agg(aggregate_order_by(ReminderRow.deadline_id, ReminderRow.id)))
    .where(ReminderRow.message_id == AttemptRow.message_id)
    .correlate(AttemptRow)
    .scalar_subquery()
)
_SHOWN = (
    select(
        *(each for each in AttemptRow.__table__.c if each.key != "message_id"),
        AttemptRow.message_id.label("delivery_id"),
        MessageRow.recipient_id,
        func.coalesce(UserRow.role, MessageRow.recipient_role).label("recipient_role"),
        MessageRow.kind,
        func.coalesce(_DEADLINES, []).label("deadline_ids"),
    )
    .join(MessageRow, MessageRow.id == AttemptRow.message_id)
    .outerjoin(UserRow, UserRow.id == MessageRow.recipient_id)
)


async def search_attempts(
    work: Work, wanted: AttemptFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` attempts, newest first, older than `after`."""
    statement = _SHOWN.order_by(AttemptRow.id.desc()).limit(limit + 1)
    exact = {
        AttemptRow.message_id: wanted.delivery_id,
        AttemptRow.school_id: wanted.school_id,
        MessageRow.recipient_id: wanted.recipient_id,
        AttemptRow.channel: wanted.channel,
        AttemptRow.outcome: wanted.outcome,
        AttemptRow.code: wanted.code,
    }
    for column, value in exact.items():
        if value is not None:
            statement = statement.where(column == value)
    if wanted.deadline_id is not None:
        told = select(ReminderRow.message_id).where(
            ReminderRow.deadline_id == wanted.deadline_id
        )
        statement = statement.where(AttemptRow.message_id.in_(told))
    if wanted.reply is not None:
        statement = statement.where(
            AttemptRow.reply.icontains(wanted.reply, autoescape=True)
        )
    if wanted.since is not None:
        statement = statement.where(AttemptRow.ended_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AttemptRow.ended_at < wanted.until)
    if after:
        statement = statement.where(AttemptRow.id < after)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
