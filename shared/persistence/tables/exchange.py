"""Regional systems that rows are sent to, what was sent, and what they answered."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, NOTIFIER, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.users import UserRow


class ExchangeTargetRow(Base):
    """A regional system: of a municipality, or of all those of a region.

    `identifier_kind` says by which code it knows schools, `subject_codes` subjects.
    `secret` signs calls, and `former_secret` beside it until `former_until` by the
    machine's clock. Times of day are of `time_zone`. The bytes of a push are kept for
    so many days after its end, or for ever.
    """

    __tablename__ = "exchange_targets"
    __table_args__ = (
        CheckConstraint("num_nonnulls(municipality_id, region_id) = 1", name="part"),
        CheckConstraint(
            "dataset in ('schools', 'results', 'social-passports', 'list-memberships')",
            name="dataset",
        ),
        CheckConstraint(
            "(former_secret is null) = (former_until is null)", name="former_secret"
        ),
        CheckConstraint("bytes_kept_days > 0", name="bytes_kept_days"),
        CheckConstraint("kind in ('http', 'csv', 'xlsx')", name="kind"),
        CheckConstraint("(kind = 'http') = (url is not null)", name="url"),
        CheckConstraint(
            "identifier_kind in ('code', 'fis_oko_login', 'gia_code', 'inn', 'ogrn',"
            " 'internal')",
            name="identifier_kind",
        ),
        CheckConstraint(
            "rhythm in ('daily', 'weekly', 'on_change')"
            " and (rhythm = 'on_change') = (at_time is null)"
            " and (rhythm = 'weekly') = (weekday is not null)",
            name="rhythm",
        ),
        CheckConstraint("weekday between 1 and 7", name="weekday"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    region_id: Mapped[int | None] = mapped_column(ForeignKey(RegionRow.id))
    name: Mapped[str]
    dataset: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str | None]
    secret: Mapped[str | None]
    former_secret: Mapped[str | None]
    former_until: Mapped[datetime | None]
    identifier_kind: Mapped[str]
    subject_codes: Mapped[dict[str, Any]]
    rhythm: Mapped[str]
    at_time: Mapped[time | None]
    weekday: Mapped[int | None] = mapped_column(SmallInteger)
    time_zone: Mapped[str]
    is_active: Mapped[bool]
    bytes_kept_days: Mapped[int | None]
    version: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ExchangeRunRow(Base):
    """That somebody wants what is different to go out now."""

    __tablename__ = "exchange_runs"
    __table_args__ = (
        Index("ix_exchange_runs_target_id_id", "target_id", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey(ExchangeTargetRow.id))
    municipality_id: Mapped[int | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    asked_at: Mapped[datetime]


class ExchangeStateRow(Base):
    """How far a target is; whoever holds this row's lock works on it.

    `next_run_at` is the system's time. `run_id` is the wish, `number` the change that
    were seen last; `is_owed` that a push left something over. `largest` is how many
    rows the other side takes at once, as far as it has told.
    """

    __tablename__ = "exchange_states"
    __table_args__ = {"schema": NOTIFIER}

    target_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangeTargetRow.id), primary_key=True, autoincrement=False
    )
    municipality_id: Mapped[int | None]
    sequence: Mapped[int]
    version: Mapped[int]
    next_run_at: Mapped[datetime | None]
    run_id: Mapped[int]
    number: Mapped[int]
    is_owed: Mapped[bool]
    largest: Mapped[int]


class ExchangePushRow(Base):
    """A push and its receipt; times are the machine's.

    `key` is the same at every attempt. `held` names the schools and subjects whose
    rows stayed here. `receipt` is the number that the other side gave.
    """

    __tablename__ = "exchange_pushes"
    __table_args__ = (
        UniqueConstraint("target_id", "sequence"),
        UniqueConstraint("key"),
        CheckConstraint("status in ('sending', 'accepted', 'refused')", name="status"),
        CheckConstraint("cause in ('schedule', 'change', 'asked')", name="cause"),
        Index(
            "ix_exchange_pushes_sending",
            "target_id",
            unique=True,
            postgresql_where=text("status = 'sending'"),
        ),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey(ExchangeTargetRow.id))
    municipality_id: Mapped[int | None]
    sequence: Mapped[int]
    key: Mapped[str]
    status: Mapped[str]
    cause: Mapped[str]
    asked_by: Mapped[int | None]
    upserts: Mapped[int]
    deletes: Mapped[int]
    unchanged: Mapped[int]
    held: Mapped[list[dict[str, Any]]]
    attempts: Mapped[int]
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    code: Mapped[int | None]
    answer: Mapped[str | None]
    receipt: Mapped[str | None]


class ExchangeFileRow(Base):
    """The very bytes of a push; null once their time is over, their digest stays."""

    __tablename__ = "exchange_files"
    __table_args__ = (
        UniqueConstraint("push_id", "number"),
        Index(
            "ix_exchange_files_kept",
            "push_id",
            postgresql_where=text("content is not null"),
        ),
        {"schema": NOTIFIER},
    )

    id: Mapped[Id]
    push_id: Mapped[int] = mapped_column(ForeignKey(ExchangePushRow.id))
    municipality_id: Mapped[int | None]
    number: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str]


class ExchangeChangeRow(Base):
    """A row of a push that is on its way; without a digest it is deleted there."""

    __tablename__ = "exchange_changes"
    __table_args__ = {"schema": NOTIFIER}

    push_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangePushRow.id), primary_key=True
    )
    row_key: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[int | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class ExchangeAcceptedRow(Base):
    """A row that the other side has, by its digest."""

    __tablename__ = "exchange_accepted"
    __table_args__ = {"schema": NOTIFIER}

    target_id: Mapped[int] = mapped_column(
        ForeignKey(ExchangeTargetRow.id), primary_key=True
    )
    row_key: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[int | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
