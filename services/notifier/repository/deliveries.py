"""What becomes of messages: held, withdrawn, sent, put off or given up.

`next_try_at` and `lease_until` are machine time, `send_after` and `sent_at` are the
system's own, which in a sandbox is another day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, update

from shared.persistence.tables.reminders import MessageRow, ReminderRow
from shared.persistence.work import Work


async def withdraw_reminders(work: Work, ids: Sequence[int], *, reason: str) -> None:
    """Mark reminders that are no longer owed; a later plan may owe them again.

    One that was to be sent once more stays what it was: sent.
    """
    was_sent = ReminderRow.sent_at.is_not(None)
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.id.in_(ids), ReminderRow.status == "planned")
        .values(
            status=case((was_sent, "sent"), else_="withdrawn"),
            reason=case((was_sent, None), else_=reason),
        )
    )


async def withdraw_messages(work: Work, ids: Sequence[int]) -> None:
    """Mark messages that have nothing left to tell, or nothing to tell once more."""
    was_sent = MessageRow.sent_at.is_not(None)
    await work.session.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(ids), MessageRow.status == "planned")
        .values(status=case((was_sent, "sent"), else_="withdrawn"), lease_until=None)
    )


async def defer(work: Work, message_id: int, *, send_after: datetime) -> None:
    """Let a message wait until then, in the system's time."""
    await work.session.execute(
        update(MessageRow)
        .where(MessageRow.id == message_id)
        .values(send_after=send_after, lease_until=None)
    )


async def hold(work: Work, ids: Sequence[int], *, until: datetime | None) -> None:
    """Keep the messages for this process until then; it counts as an attempt.

    Without `until` they are held by the transaction alone.
    """
    await work.session.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(ids))
        .values(lease_until=until, attempts=MessageRow.attempts + 1)
    )


async def release(
    work: Work, ids: Sequence[int], *, leased_until: datetime, reason: str | None
) -> None:
    """Give back what was not tried, unless the lease has become another's."""
    await work.session.execute(
        update(MessageRow)
        .where(
            MessageRow.id.in_(ids),
            MessageRow.status == "planned",
            MessageRow.lease_until == leased_until,
        )
        .values(
            lease_until=None,
            attempts=func.greatest(MessageRow.attempts - 1, 0),
            last_error=func.coalesce(reason, MessageRow.last_error),
        )
    )


async def mark_sent(work: Work, ids: Sequence[int], *, late: Sequence[int]) -> None:
    """Record that the messages were sent now, and with them what they carried.

    `late` are the reminders that went out after their day.
    """
    await work.session.execute(
        update(MessageRow)
        .where(MessageRow.id.in_(ids))
        .values(status="sent", sent_at=work.now, lease_until=None, last_error=None)
    )
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.message_id.in_(ids), ReminderRow.status == "planned")
        .values(
            status="sent",
            sent_at=work.now,
            is_late=case((ReminderRow.id.in_(late), True), else_=ReminderRow.is_late),
        )
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A message under a lease that may have become another's."""

    message_id: int
    leased_until: datetime | None

    def is_ours(self) -> ColumnElement[bool]:
        """Return what holds of it while the lease is whose it was."""
        return and_(
            MessageRow.id == self.message_id,
            MessageRow.status == "planned",
            MessageRow.lease_until.is_not_distinct_from(self.leased_until),
        )


async def put_off(
    work: Work, held: Held, *, next_try_at: datetime, reason: str
) -> None:
    """Try the message again from `next_try_at` on, in machine time."""
    await work.session.execute(
        update(MessageRow)
        .where(held.is_ours())
        .values(next_try_at=next_try_at, lease_until=None, last_error=reason)
    )


async def give_up(work: Work, held: Held, *, reason: str) -> None:
    """Never try the message again, nor what it carries."""
    dead = await work.session.scalar(
        update(MessageRow)
        .where(held.is_ours())
        .values(status="dead", lease_until=None, last_error=reason)
        .returning(MessageRow.id)
    )
    await work.session.execute(
        update(ReminderRow)
        .where(ReminderRow.message_id == dead, ReminderRow.status == "planned")
        .values(status="dead")
    )
