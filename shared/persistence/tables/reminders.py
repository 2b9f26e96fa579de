"""Reminders of the notifier, the messages that carry them, inboxes, read marks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, NOTIFIER, Base, Id
from shared.persistence.tables.users import UserRow


class MessageRow(Base):
    """What one recipient is sent at once over a channel: one or more reminders.

    The recipient is an account, or whoever holds a post: a `recipient_role` among the
    contacts of the school or the municipality. `message_id` is made of the keys of the
    reminders. `send_after` is the system's time, unlike `next_try_at` and
    `lease_until`, which are the machine's; the lease is held by the process that is
    sending; after it a sweeper retries.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("message_id"),
        CheckConstraint(
            "channel in ('mail', 'inbox', 'webhook', 'messenger')", name="channel"
        ),
        CheckConstraint(
            "kind in ('reminder', 'digest', 'late', 'escalation', 'alarm')",
            name="kind",
        ),
        CheckConstraint(
            "status in ('planned', 'sent', 'dead', 'withdrawn')", name="status"
        ),
        CheckConstraint(
            "(recipient_id is null) <> (recipient_role is null)", name="recipient"
        ),
        Index(
            "ix_messages_planned",
            "channel",
            "next_try_at",
            postgresql_where=text("status = 'planned'"),
        ),
        Index("ix_messages_municipality_id_id", "municipality_id", "id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    recipient_id: Mapped[int | None]
    recipient_role: Mapped[str | None]
    channel: Mapped[str]
    kind: Mapped[str]
    message_id: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int]
    resends: Mapped[int] = mapped_column(server_default="0")
    planned_at: Mapped[datetime]
    send_after: Mapped[datetime]
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    trace_parent: Mapped[str | None]


class ReminderRow(Base):
    """One effect owed: its key is unique, so it is planned once, whoever plans.

    `due_on` is the day that was reminded of: a deadline that has moved is reminded of
    again. What is `withdrawn`, for a `reason`, never reached anybody.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint(
            *("deadline_id", "due_on", "rule", "channel"),
            *("recipient_id", "recipient_role"),
            name="uq_reminders_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "channel in ('mail', 'inbox', 'webhook', 'messenger')", name="channel"
        ),
        CheckConstraint(
            "status in ('planned', 'sent', 'dead', 'withdrawn')", name="status"
        ),
        CheckConstraint("(status = 'withdrawn') = (reason is not null)", name="reason"),
        CheckConstraint(
            "(recipient_id is null) <> (recipient_role is null)", name="recipient"
        ),
        Index("ix_reminders_message_id", "message_id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    recipient_id: Mapped[int | None]
    recipient_role: Mapped[str | None]
    deadline_id: Mapped[int]
    due_on: Mapped[date]
    rule: Mapped[str]
    channel: Mapped[str]
    is_late: Mapped[bool]
    message_id: Mapped[int] = mapped_column(ForeignKey(MessageRow.id))
    status: Mapped[str]
    reason: Mapped[str | None]
    planned_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class InboxMessageRow(Base):
    """A message as it appears in its recipient's inbox.

    `deadline_id` is that of its reminder, null where it tells of several.
    """

    __tablename__ = "inbox_messages"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_inbox_messages_recipient_id_id", "recipient_id", "id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    message_id: Mapped[int] = mapped_column(ForeignKey(MessageRow.id))
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    recipient_id: Mapped[int]
    deadline_id: Mapped[int | None]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]


class InboxReadRow(Base):
    """That a recipient has read a message; the api's own mark on the notifier's row."""

    __tablename__ = "inbox_reads"
    __table_args__ = {"schema": API}

    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recipient_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    read_at: Mapped[datetime]
