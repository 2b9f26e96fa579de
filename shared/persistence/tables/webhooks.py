"""Webhooks of events: where they go, what they are signed with, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, NOTIFIER, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow

_WAITING = text("status = 'waiting'")


class WebhookEndpointRow(Base):
    """A system that is told of events of a part of the tree.

    No `datasets` stands for all of them. Events up to `from_number` are not its. `url`
    is shown to nobody again; `enabled_at`, by the machine's time, ends whatever was
    found out before.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint(
            "(region_id is null or municipality_id is null)"
            " and (school_id is null or municipality_id is not null)",
            name="part",
        ),
        CheckConstraint("cardinality(events) > 0", name="events"),
        Index("ix_webhook_endpoints_municipality_id", "municipality_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    name: Mapped[str]
    url: Mapped[str]
    shown: Mapped[str]
    events: Mapped[list[str]]
    datasets: Mapped[list[str]]
    is_paused: Mapped[bool]
    from_number: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    enabled_at: Mapped[datetime]


class WebhookSecretRow(Base):
    """What an endpoint's webhooks are signed with; all times are the machine's.

    `secret` is a key that both sides have (`v1`), or the private half of a pair
    (`v1a`) whose `public_key` anybody may have. Without `valid_until` it is in use.
    """

    __tablename__ = "webhook_secrets"
    __table_args__ = (
        CheckConstraint("scheme in ('v1', 'v1a')", name="scheme"),
        CheckConstraint("(scheme = 'v1a') = (public_key is not null)", name="public"),
        Index("ix_webhook_secrets_endpoint_id", "endpoint_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(
        ForeignKey(WebhookEndpointRow.id, ondelete="CASCADE")
    )
    scheme: Mapped[str]
    secret: Mapped[str]
    public_key: Mapped[str | None]
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class WebhookReplayRow(Base):
    """That an endpoint's owner wants the events of a range of numbers once more."""

    __tablename__ = "webhook_replays"
    __table_args__ = (
        CheckConstraint("first_number <= last_number", name="range"),
        Index("ix_webhook_replays_endpoint_id", "endpoint_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int] = mapped_column(
        ForeignKey(WebhookEndpointRow.id, ondelete="CASCADE")
    )
    first_number: Mapped[int]
    last_number: Mapped[int]
    requested_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    requested_at: Mapped[datetime]


class DoneWebhookReplayRow(Base):
    """How many events a replay has put on their way; written once, by who did it."""

    __tablename__ = "done_webhook_replays"
    __table_args__ = ({"schema": NOTIFIER},)

    replay_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    endpoint_id: Mapped[int]
    count: Mapped[int]
    done_at: Mapped[datetime]


class WebhookCursorRow(Base):
    """Up to which number of the feed events have been handed out to endpoints."""

    __tablename__ = "webhook_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one"), {"schema": NOTIFIER})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class WebhookDeliveryRow(Base):
    """An event on its way to an endpoint; all times are the machine's.

    `lane` keeps the order: of a lane only the waiting one with the lowest number is
    sent. It is the school's number, or that of the municipality, negative, or 0 for a
    test. `previous_number` is that of the event before it in the lane.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "number"),
        CheckConstraint("status in ('waiting', 'delivered', 'failed')", name="status"),
        Index(
            "ix_webhook_deliveries_waiting",
            *("endpoint_id", "lane", "number"),
            postgresql_where=_WAITING,
        ),
        Index("ix_webhook_deliveries_lanes", "endpoint_id", "lane", "number"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    endpoint_id: Mapped[int]
    number: Mapped[int]
    webhook_id: Mapped[str]
    event: Mapped[str]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    lane: Mapped[int]
    previous_number: Mapped[int | None]
    status: Mapped[str]
    attempts: Mapped[int]
    replays: Mapped[int]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class WebhookAttemptRow(Base):
    """A try to hand an event over; `reply` is how the answer begins.

    `lost` is one whose process died: whether it was accepted is not known.
    """

    __tablename__ = "webhook_attempts"
    __table_args__ = (
        CheckConstraint(
            "outcome in ('delivered', 'put_off', 'failed', 'lost')", name="outcome"
        ),
        Index("ix_webhook_attempts_delivery_id", "delivery_id"),
        Index("ix_webhook_attempts_endpoint_id_id", "endpoint_id", "id"),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey(WebhookDeliveryRow.id, ondelete="CASCADE")
    )
    endpoint_id: Mapped[int]
    number: Mapped[int]
    event: Mapped[str]
    started_at: Mapped[datetime]
    duration_ms: Mapped[int | None]
    outcome: Mapped[str]
    code: Mapped[int | None]
    reply: Mapped[str | None]


class WebhookStateRow(Base):
    """What the notifier has found of an endpoint; all times are the machine's.

    It counts for the endpoint as it was enabled at `enabled_at`. Until `held_until` the
    other side wants to be left alone; since `disabled_at` it is not called.
    """

    __tablename__ = "webhook_states"
    __table_args__ = (
        CheckConstraint("disabled_reason in ('gone', 'failing')", name="reason"),
        {"schema": NOTIFIER},
    )

    endpoint_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    enabled_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    failures: Mapped[int]
    delivered_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    told_at: Mapped[datetime | None]
