"""Reading the delivery log, and writing what is wished of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, insert, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import AttemptRow, ResendRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import (
    InboxMessageRow,
    InboxReadRow,
    MessageRow,
    ReminderRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """What a list of messages is narrowed to; None narrows nothing."""

    school_id: int | None = None
    deadline_id: int | None = None
    recipient_id: int | None = None
    channel: str | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_DEADLINES = (
    select(func.array_agg(aggregate_order_by(ReminderRow.deadline_id, ReminderRow.id)))
    .where(ReminderRow.message_id == MessageRow.id)
    .correlate(MessageRow)
    .scalar_subquery()
)
_READ_AT = (
    select(InboxReadRow.read_at)
    .join(InboxMessageRow, InboxMessageRow.id == InboxReadRow.message_id)
    .where(InboxMessageRow.message_id == MessageRow.id)
    .correlate(MessageRow)
    .scalar_subquery()
)
_SHOWN = (
    select(
        MessageRow.id,
        MessageRow.municipality_id,
        MessageRow.school_id,
        SchoolRow.name.label("school_name"),
        MessageRow.recipient_id,
        func.coalesce(UserRow.role, MessageRow.recipient_role).label("recipient_role"),
        MessageRow.channel,
        MessageRow.kind,
        MessageRow.status,
        func.coalesce(_DEADLINES, []).label("deadline_ids"),
        MessageRow.attempts,
        MessageRow.resends,
        MessageRow.planned_at,
        MessageRow.sent_at,
        case((MessageRow.channel == "inbox", _READ_AT)).label("read_at"),
        case((MessageRow.status == "planned", MessageRow.next_try_at)).label(
            "next_try_at"
        ),
        MessageRow.last_error,
        case((MessageRow.channel != "inbox", MessageRow.message_id)).label(
            "message_id"
        ),
        MunicipalityRow.synthetic,
    )
    .join(MunicipalityRow, MunicipalityRow.id == MessageRow.municipality_id)
    .outerjoin(SchoolRow, SchoolRow.id == MessageRow.school_id)
    .outerjoin(UserRow, UserRow.id == MessageRow.recipient_id)
)


async def list_deliveries(
    work: Work, wanted: DeliveryFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` messages, newest first, older than `after`."""
    statement = _narrowed(_SHOWN, wanted)
    statement = statement.order_by(MessageRow.id.desc()).limit(limit + 1)
    if after:
        statement = statement.where(MessageRow.id < after)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def find_delivery(work: Work, delivery_id: int) -> AnyRow | None:
    """Return a message, if the caller may see it."""
    statement = _SHOWN.where(MessageRow.id == delivery_id)
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def list_attempts(work: Work, delivery_id: int) -> Sequence[AttemptRow]:
    """Return the attempts to hand a message over, oldest first."""
    statement = select(AttemptRow).where(AttemptRow.message_id == delivery_id)
    return (await work.session.scalars(statement.order_by(AttemptRow.id))).all()


async def find_resendable(
    work: Work, wanted: DeliveryFilter, *, most: int
) -> dict[int, list[int]]:
    """Return up to `most + 1` messages that leave the system, by municipality."""
    statement = _narrowed(select(MessageRow.municipality_id, MessageRow.id), wanted)
    statement = statement.where(MessageRow.channel != "inbox").order_by(MessageRow.id)
    found: dict[int, list[int]] = {}
    for municipality_id, message_id in await work.session.execute(
        statement.limit(most + 1)
    ):
        found.setdefault(municipality_id, []).append(message_id)
    return found


async def insert_resend(
    work: Work, municipality_id: int, message_ids: Sequence[int], reason: str | None
) -> int:
    """Write the wish; return its number."""
    statement = (
        insert(ResendRow)
        .values(
            municipality_id=municipality_id,
            message_ids=list(message_ids),
            reason=reason,
            requested_by=work.user_id,
            requested_at=work.now,
        )
        .returning(ResendRow.id)
    )
    return (await work.session.scalars(statement)).one()


def _narrowed(
    statement: Select[*tuple[Any, ...]], wanted: DeliveryFilter
) -> Select[*tuple[Any, ...]]:
    exact = {
        MessageRow.school_id: wanted.school_id,
        MessageRow.recipient_id: wanted.recipient_id,
        MessageRow.channel: wanted.channel,
        MessageRow.status: wanted.status,
    }
    for column, value in exact.items():
        if value is not None:
            statement = statement.where(column == value)
    if wanted.deadline_id is not None:
        told = select(ReminderRow.message_id).where(
            ReminderRow.deadline_id == wanted.deadline_id
        )
        statement = statement.where(MessageRow.id.in_(told))
    if wanted.since is not None:
        statement = statement.where(MessageRow.planned_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(MessageRow.planned_at < wanted.until)
    return statement
