"""Reading inboxes and the delivery log; read marks."""

from collections.abc import Sequence

from sqlalchemy import case, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.paging import AnyRow
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

SHOWN = (
    select(
        *InboxMessageRow.__table__.c, InboxReadRow.read_at, MunicipalityRow.synthetic
    )
    .join(MunicipalityRow, MunicipalityRow.id == InboxMessageRow.municipality_id)
    .outerjoin(InboxReadRow, InboxReadRow.message_id == InboxMessageRow.id)
)


async def list_messages(
    work: Work, recipient_id: int, *, unread: bool | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` messages, newest first, older than `after`."""
    statement = (
        SHOWN.where(InboxMessageRow.recipient_id == recipient_id)
        .order_by(InboxMessageRow.id.desc())
        .limit(limit + 1)
    )
    if unread is not None:
        statement = statement.where(InboxReadRow.read_at.is_(None) == unread)
    if after:
        statement = statement.where(InboxMessageRow.id < after)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def count_unread(work: Work, recipient_id: int) -> int:
    """Return how many messages the recipient has not read."""
    statement = (
        select(func.count())
        .select_from(InboxMessageRow)
        .outerjoin(InboxReadRow, InboxReadRow.message_id == InboxMessageRow.id)
        .where(
            InboxMessageRow.recipient_id == recipient_id,
            InboxReadRow.read_at.is_(None),
        )
    )
    return (await work.session.scalars(statement)).one()


async def list_newer(
    work: Work, recipient_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit` messages newer than `after`, oldest first."""
    statement = (
        SHOWN.where(
            InboxMessageRow.recipient_id == recipient_id, InboxMessageRow.id > after
        )
        .order_by(InboxMessageRow.id)
        .limit(limit)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def newest_id(work: Work, recipient_id: int) -> int:
    """Return the number of the recipient's newest message, 0 where there is none."""
    statement = select(func.coalesce(func.max(InboxMessageRow.id), 0)).where(
        InboxMessageRow.recipient_id == recipient_id
    )
    return (await work.session.scalars(statement)).one()


async def has_message(work: Work, recipient_id: int, message_id: int) -> bool:
    """Tell whether the message is in the recipient's inbox."""
    statement = select(InboxMessageRow.id).where(
        InboxMessageRow.id == message_id, InboxMessageRow.recipient_id == recipient_id
    )
    return await work.session.scalar(statement) is not None


async def mark_read(work: Work, recipient_id: int, message_id: int) -> None:
    """Write that the message has been read; the first time counts."""
    await work.session.execute(
        insert(InboxReadRow)
        .values(message_id=message_id, recipient_id=recipient_id, read_at=work.now)
        .on_conflict_do_nothing()
    )


async def mark_all_read(work: Work, recipient_id: int, *, up_to: int | None) -> None:
    """Write that all messages have been read, or those up to and with `up_to`."""
    unread = (
        select(InboxMessageRow.id, InboxMessageRow.recipient_id, literal(work.now))
        .outerjoin(InboxReadRow, InboxReadRow.message_id == InboxMessageRow.id)
        .where(
            InboxMessageRow.recipient_id == recipient_id,
            InboxReadRow.read_at.is_(None),
        )
    )
    if up_to is not None:
        unread = unread.where(InboxMessageRow.id <= up_to)
    columns = ["message_id", "recipient_id", "read_at"]
    await work.session.execute(
        insert(InboxReadRow).from_select(columns, unread).on_conflict_do_nothing()
    )


async def list_reminders(
    work: Work, *, school_id: int | None, status: str | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` reminders, newest first, older than `after`."""
    is_planned = ReminderRow.status == "planned"
    is_mail = ReminderRow.channel == "mail"
    shown = [
        column
        for column in ReminderRow.__table__.c
        if column.key not in {"recipient_role", "message_id"}
    ]
    statement = (
        select(
            *shown,
            MessageRow.attempts,
            MessageRow.last_error,
            case((is_planned, MessageRow.next_try_at)).label("next_try_at"),
            case((is_mail, MessageRow.message_id)).label("message_id"),
            SchoolRow.name.label("school_name"),
            func.coalesce(UserRow.role, ReminderRow.recipient_role).label(
                "recipient_role"
            ),
            WORDED_DEADLINES.c.number.label("measure_number"),
            WORDED_DEADLINES.c.title.label("measure_title"),
            MunicipalityRow.synthetic,
        )
        .join(MessageRow, MessageRow.id == ReminderRow.message_id)
        .join(MunicipalityRow, MunicipalityRow.id == ReminderRow.municipality_id)
        .outerjoin(SchoolRow, SchoolRow.id == ReminderRow.school_id)
        .outerjoin(UserRow, UserRow.id == ReminderRow.recipient_id)
        .outerjoin(WORDED_DEADLINES, WORDED_DEADLINES.c.id == ReminderRow.deadline_id)
        .order_by(ReminderRow.id.desc())
        .limit(limit + 1)
    )
    if school_id is not None:
        statement = statement.where(ReminderRow.school_id == school_id)
    if status is not None:
        statement = statement.where(ReminderRow.status == status)
    if after:
        statement = statement.where(ReminderRow.id < after)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
