"""Messages whose turn has come, and what they carry, locked for who takes them.

`next_try_at` and `lease_until` are machine time, `send_after` is the system's own,
which in a sandbox is another day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select

from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.tables.deliveries import BounceRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import MessageRow, ReminderRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMessage:
    """A message to be sent, and to whom.

    `recipient_name` to `language` are those of an account; a letter to a post has the
    address of whoever holds it on the day.
    """

    id: int
    municipality_id: int
    school_id: int | None
    recipient_id: int | None
    recipient_role: str | None
    channel: str
    kind: str
    message_id: str
    attempts: int
    lease_until: datetime | None
    time_zone: str
    is_synthetic: bool
    recipient_name: str | None
    email: str | None
    has_bounced: bool
    language: str | None
    trace_parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedReminder:
    """A reminder that a message carries, with all that it tells.

    `due_on` is the day that it was planned for, `deadline_due_on` that of the
    deadline now, None where there is none any more, and so is its `deadline_revision`.
    """

    id: int
    owed_message_id: int
    municipality_id: int
    school_id: int | None
    deadline_id: int
    due_on: date
    rule: str
    is_late: bool
    school_name: str | None
    deadline_due_on: date | None
    deadline_kind: str | None
    deadline_revision: int | None
    measure_code: str | None
    measure_title: str | None
    expected_result: str | None
    programme_title: str | None


GRACE = timedelta(seconds=5)  # ten times what a recorder waits between two tries
BACK_SINCE = func.clock_timestamp() - func.pg_postmaster_start_time()
DEADLINE = WORDED_DEADLINES.c
# As `address_digest` makes it.
ADDRESS_DIGEST = func.encode(
    func.sha256(func.convert_to(func.lower(func.btrim(UserRow.email)), "UTF8")), "hex"
)
MESSAGES = (
    select(
        MessageRow.id,
        MessageRow.municipality_id,
        MessageRow.school_id,
        MessageRow.recipient_id,
        MessageRow.recipient_role,
        MessageRow.channel,
        MessageRow.kind,
        MessageRow.message_id,
        MessageRow.attempts,
        MessageRow.lease_until,
        MunicipalityRow.time_zone,
        MunicipalityRow.synthetic.label("is_synthetic"),
        UserRow.display_name.label("recipient_name"),
        UserRow.email,
        exists()
        .where(
            BounceRow.address_digest == ADDRESS_DIGEST,
            BounceRow.kind == "permanent",
            BounceRow.cleared_at.is_(None),
        )
        .label("has_bounced"),
        UserRow.language,
        MessageRow.trace_parent,
    )
    .join(MunicipalityRow, MunicipalityRow.id == MessageRow.municipality_id)
    .outerjoin(
        UserRow,
        and_(UserRow.id == MessageRow.recipient_id, UserRow.is_active),
    )
)
REMINDERS = (
    select(
        ReminderRow.id,
        ReminderRow.message_id.label("owed_message_id"),
        ReminderRow.municipality_id,
        ReminderRow.school_id,
        ReminderRow.deadline_id,
        ReminderRow.due_on,
        ReminderRow.rule,
        ReminderRow.is_late,
        SchoolRow.name.label("school_name"),
        DEADLINE.due_on.label("deadline_due_on"),
        DEADLINE.kind.label("deadline_kind"),
        DEADLINE.revision.label("deadline_revision"),
        DEADLINE.number.label("measure_code"),
        DEADLINE.title.label("measure_title"),
        DEADLINE.expected_result,
        DEADLINE.programme_title,
    )
    .outerjoin(SchoolRow, SchoolRow.id == ReminderRow.school_id)
    .outerjoin(WORDED_DEADLINES, DEADLINE.id == ReminderRow.deadline_id)
)


async def lock_owed(
    work: Work, channel: str, *, at: datetime, limit: int
) -> list[OwedMessage]:
    """Lock and return messages whose turn has come and that nobody else holds.

    `at` is machine time. A database that was away has come back to whoever could not
    record an attempt meanwhile: a lease that ran out counts only after `GRACE`.
    """
    statement = (
        MESSAGES.where(
            MessageRow.status == "planned",
            MessageRow.channel == channel,
            MessageRow.next_try_at <= at,
            MessageRow.send_after <= work.now,
            or_(
                MessageRow.lease_until.is_(None),
                and_(MessageRow.lease_until <= at, BACK_SINCE > GRACE),
            ),
        )
        .order_by(MessageRow.next_try_at, MessageRow.id)
        .limit(limit)
        .with_for_update(of=MessageRow, skip_locked=True)
    )
    rows = (await work.session.execute(statement)).mappings()
    return [OwedMessage(**row) for row in rows]


async def read_carried(
    work: Work, messages: Sequence[OwedMessage]
) -> list[OwedReminder]:
    """Return what the messages carry, by the day that it is due."""
    statement = REMINDERS.where(
        ReminderRow.message_id.in_([message.id for message in messages]),
        ReminderRow.status == "planned",
    ).order_by(ReminderRow.due_on, ReminderRow.id)
    rows = (await work.session.execute(statement)).mappings()
    return [OwedReminder(**row) for row in rows]
