"""How messages left: attempts, wishes to try again, and what came back."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, NOTIFIER, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import MessageRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class AttemptRow(Base):
    """A try to hand a message over; both times are the machine's.

    `lost` is one whose process died: whether the other side had accepted the message
    is not known, and it was transmitted again under the same key. `unreachable` met a
    server that took nothing at all: one row of so many `tries`, the first at
    `started_at` and the last at `ended_at`, until it answers at `back_at`; for
    `no_address` nothing could be tried. `reply` is what the other side said, without
    addresses, or why there was no try.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint(
            "outcome in ('sent', 'put_off', 'refused', 'lost', 'unreachable',"
            " 'no_address')",
            name="outcome",
        ),
        Index("ix_attempts_message_id_id", "message_id", "id"),
        Index("ix_attempts_municipality_id_id", "municipality_id", "id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    message_id: Mapped[int] = mapped_column(ForeignKey(MessageRow.id))
    channel: Mapped[str]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime]
    outcome: Mapped[str]
    code: Mapped[int | None]
    reply: Mapped[str | None]
    provider_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(Integer, server_default="1")
    back_at: Mapped[datetime | None]


# At most one for each channel: that its server is away now.
IS_AWAY: Final = and_(AttemptRow.outcome == "unreachable", AttemptRow.back_at.is_(None))
Index("uq_attempts_away", AttemptRow.channel, unique=True, postgresql_where=IS_AWAY)


class ResendRow(Base):
    """That somebody wants messages to be handed over once more, under their own keys.

    The notifier answers with a row of its own, so that it is done once.
    """

    __tablename__ = "resends"
    __table_args__ = ({"schema": API},)

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    message_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    reason: Mapped[str | None]
    requested_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    requested_at: Mapped[datetime]


class DoneResendRow(Base):
    """How many messages of a wish were put on their way again; the rest had none."""

    __tablename__ = "done_resends"
    __table_args__ = ({"schema": NOTIFIER},)

    resend_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_id: Mapped[int]
    count: Mapped[int]
    done_at: Mapped[datetime]


class BounceRow(Base):
    """That mail to an address came back; until `cleared_at` nothing is sent there.

    The address is known by a digest: another address of the same account is not
    concerned. `account_id` is whose address it was when that was told.
    """

    __tablename__ = "bounces"
    __table_args__ = (
        CheckConstraint("kind in ('permanent', 'temporary')", name="kind"),
        Index("ix_bounces_address_digest", "address_digest"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    address_digest: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str | None]
    message_id: Mapped[int | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    recorded_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]


def address_digest(address: str) -> str:
    """Return what an address is known by; its case says nothing."""
    return sha256(address.strip().lower().encode()).hexdigest()


class ReminderChannelRow(Base):
    """Where an account wants its reminders besides inbox and mail, or a school does.

    `url` and `secret` are shown to nobody again; `changed_at` and `test_asked_at` are
    the machine's time.
    """

    __tablename__ = "reminder_channels"
    __table_args__ = (
        UniqueConstraint("user_id", "channel"),
        UniqueConstraint("school_id", "channel"),
        CheckConstraint("channel in ('webhook', 'messenger')", name="channel"),
        CheckConstraint("(user_id is null) <> (school_id is null)", name="owner"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    channel: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str | None]
    shown: Mapped[str]
    changed_at: Mapped[datetime]
    test_asked_at: Mapped[datetime | None]


class ChannelStateRow(Base):
    """What the notifier has found of an account's channel; all times are the machine's.

    A channel is dead since `gone_at` until its owner changes it; `tested_at` answers
    the test that was asked for until then.
    """

    __tablename__ = "channel_states"
    __table_args__ = ({"schema": NOTIFIER},)

    channel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    municipality_id: Mapped[int]
    user_id: Mapped[int | None]
    school_id: Mapped[int | None]
    gone_at: Mapped[datetime | None]
    tested_at: Mapped[datetime | None]
    test_outcome: Mapped[str | None]
    test_reply: Mapped[str | None]
