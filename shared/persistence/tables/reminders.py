"""Reminders of the notifier: planned, delivered, shown in an inbox; read marks."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, NOTIFIER, Base, Id
from shared.persistence.tables.users import UserRow


class ReminderRow(Base):
    """One effect owed: its key is unique, so it is planned once, whoever plans.

    `lease_until` is held by the process that is sending; after it a sweeper retries.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("recipient_id", "deadline_id", "rule", "channel"),
        CheckConstraint("channel in ('mail', 'inbox')", name="channel"),
        CheckConstraint("status in ('planned', 'sent', 'dead')", name="status"),
        Index(
            "ix_reminders_planned",
            "next_try_at",
            postgresql_where=text("status = 'planned'"),
        ),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    recipient_id: Mapped[int]
    deadline_id: Mapped[int]
    rule: Mapped[str]
    channel: Mapped[str]
    is_late: Mapped[bool]
    message_id: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int]
    planned_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class InboxMessageRow(Base):
    """A reminder as it appears in its recipient's inbox."""

    __tablename__ = "inbox_messages"
    __table_args__ = (
        UniqueConstraint("reminder_id"),
        Index("ix_inbox_messages_recipient_id_id", "recipient_id", "id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    reminder_id: Mapped[int] = mapped_column(ForeignKey(ReminderRow.id))
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    recipient_id: Mapped[int]
    deadline_id: Mapped[int]
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
