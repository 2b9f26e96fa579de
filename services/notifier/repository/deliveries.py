"""Reminders on their way: taken, withdrawn, sent, put off or given up.

`next_try_at` and `lease_until` are machine time, `sent_at` is the system's own, which
in a sandbox is another day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import InboxMessageRow, ReminderRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedReminder:
    """A reminder to be sent, with all that its message tells.

    What is None in `state` to `language` no longer exists: the deadline, or an
    active account that answers for it. A reminder `is_overtaken` if a later one was
    planned for the same deadline, recipient and channel.
    """

    id: int
    municipality_id: int
    school_id: int | None
    recipient_id: int
    deadline_id: int
    rule: str
    message_id: str
    attempts: int
    is_overtaken: bool
    time_zone: str
    is_synthetic: bool
    school_name: str | None
    state: str | None
    due_on: date | None
    measure_code: str | None
    measure_title: str | None
    expected_result: str | None
    programme_title: str | None
    recipient_name: str | None
    email: str | None
    language: str | None


LATER = aliased(ReminderRow)
DEADLINE = WORDED_DEADLINES.c
OWED = (
    select(
        ReminderRow.id,
        ReminderRow.municipality_id,
        ReminderRow.school_id,
        ReminderRow.recipient_id,
        ReminderRow.deadline_id,
        ReminderRow.rule,
        ReminderRow.message_id,
        ReminderRow.attempts,
        exists()
        .where(
            LATER.recipient_id == ReminderRow.recipient_id,
            LATER.deadline_id == ReminderRow.deadline_id,
            LATER.channel == ReminderRow.channel,
            LATER.id > ReminderRow.id,
        )
        .label("is_overtaken"),
        MunicipalityRow.time_zone,
        MunicipalityRow.synthetic.label("is_synthetic"),
        SchoolRow.name.label("school_name"),
        DEADLINE.state,
        DEADLINE.due_on,
        DEADLINE.number.label("measure_code"),
        DEADLINE.title.label("measure_title"),
        DEADLINE.expected_result,
        DEADLINE.programme_title,
        UserRow.display_name.label("recipient_name"),
        UserRow.email,
        UserRow.language,
    )
    .join(MunicipalityRow, MunicipalityRow.id == ReminderRow.municipality_id)
    .outerjoin(SchoolRow, SchoolRow.id == ReminderRow.school_id)
    .outerjoin(WORDED_DEADLINES, DEADLINE.id == ReminderRow.deadline_id)
    .outerjoin(
        UserRow,
        and_(
            UserRow.id == ReminderRow.recipient_id,
            UserRow.is_active,
            UserRow.municipality_id == ReminderRow.municipality_id,
            UserRow.school_id.is_not_distinct_from(ReminderRow.school_id),
        ),
    )
)


async def lock_owed(
    work: Work, channel: str, *, at: datetime, limit: int
) -> list[OwedReminder]:
    """Lock and return reminders whose turn has come and that nobody else holds.

    `at` is machine time.
    """
    statement = (
        OWED.where(
            ReminderRow.status == "planned",
            ReminderRow.channel == channel,
            ReminderRow.next_try_at <= at,
            or_(ReminderRow.lease_until.is_(None), ReminderRow.lease_until <= at),
        )
        .order_by(ReminderRow.next_try_at, ReminderRow.id)
        .limit(limit)
        .with_for_update(of=ReminderRow, skip_locked=True)
    )
    rows = (await work.session.execute(statement)).mappings()
    return [OwedReminder(**row) for row in rows]


async def withdraw(work: Work, ids: Sequence[int]) -> None:
    """Forget reminders that are no longer owed; a later plan may owe them again."""
    await work.session.execute(delete(ReminderRow).where(ReminderRow.id.in_(ids)))


async def hold(work: Work, ids: Sequence[int], *, until: datetime | None) -> None:
    """Keep the reminders for this process until then; it counts as an attempt.

    Without `until` they are held by the transaction alone.
    """
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.id.in_(ids))
        .values(lease_until=until, attempts=ReminderRow.attempts + 1)
    )


async def release(
    work: Work, ids: Sequence[int], *, leased_until: datetime, reason: str | None
) -> None:
    """Give back what was not tried, unless the lease has become another's."""
    await work.session.execute(
        update(ReminderRow)
        .where(
            ReminderRow.id.in_(ids),
            ReminderRow.status == "planned",
            ReminderRow.lease_until == leased_until,
        )
        .values(
            lease_until=None,
            attempts=func.greatest(ReminderRow.attempts - 1, 0),
            last_error=func.coalesce(reason, ReminderRow.last_error),
        )
    )


async def mark_sent(work: Work, ids: Sequence[int], *, late: Sequence[int]) -> None:
    """Record that the reminders were sent now; those in `late` after their day."""
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.id.in_(ids))
        .values(
            status="sent",
            sent_at=work.now,
            lease_until=None,
            last_error=None,
            is_late=case((ReminderRow.id.in_(late), True), else_=ReminderRow.is_late),
        )
    )


async def put_off(
    work: Work, reminder_id: int, *, next_try_at: datetime, reason: str
) -> None:
    """Try the reminder again from `next_try_at` on, in machine time."""
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.id == reminder_id, ReminderRow.status == "planned")
        .values(next_try_at=next_try_at, lease_until=None, last_error=reason)
    )


async def give_up(work: Work, reminder_id: int, *, reason: str) -> None:
    """Never try the reminder again."""
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.id == reminder_id, ReminderRow.status == "planned")
        .values(status="dead", lease_until=None, last_error=reason)
    )


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A reminder in words, for the inbox of its recipient."""

    reminder: OwedReminder
    subject: str
    body: str


async def insert_messages(work: Work, messages: Sequence[InboxMessage]) -> None:
    """Put messages into inboxes; a reminder's second message is ignored."""
    if not messages:
        return
    await work.session.execute(
        insert(InboxMessageRow).on_conflict_do_nothing(),
        [
            {
                "reminder_id": message.reminder.id,
                "municipality_id": message.reminder.municipality_id,
                "school_id": message.reminder.school_id,
                "recipient_id": message.reminder.recipient_id,
                "deadline_id": message.reminder.deadline_id,
                "subject": message.subject,
                "body": message.body,
                "created_at": work.now,
            }
            for message in messages
        ],
    )
