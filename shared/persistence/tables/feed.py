"""The change feed: what changed, noted by triggers, numbered once it is committed."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.users import UserRow

_ACTIONS: Final = "action in ('upsert', 'delete', 'replace', 'event')"


class FeedTableRow(Base):
    """An exported table whose rows are followed, and where each row belongs.

    A row belongs to a municipality and a school, an agreement to two: the columns are
    in the same order, the school's being empty where rows are of none. Migrations fill
    it by `api.follow_changes`.
    """

    __tablename__ = "feed_tables"
    __table_args__ = {"schema": API}

    relation: Mapped[str] = mapped_column(primary_key=True)
    dataset: Mapped[str] = mapped_column(unique=True)
    municipality_columns: Mapped[list[str]]
    school_columns: Mapped[list[str]]
    key_columns: Mapped[list[str]]


class FeedStateRow(Base):
    """How far the feed is numbered, and up to where it has been forgotten."""

    __tablename__ = "feed_state"
    __table_args__ = (CheckConstraint("id = 1", name="one"), {"schema": API})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
    forgotten_number: Mapped[int]


class _Noted:
    """What is noted of a change; `row_id` is the number of the dataset's row."""

    action: Mapped[str]
    dataset: Mapped[str | None]
    event: Mapped[str | None]
    row_id: Mapped[int | None]
    municipality_id: Mapped[int]
    school_id: Mapped[int | None]
    academic_year: Mapped[int | None]
    key: Mapped[dict[str, Any] | None]
    old_key: Mapped[dict[str, Any] | None]
    payload: Mapped[dict[str, Any] | None]
    request_id: Mapped[str | None]
    at: Mapped[datetime]


class FeedEntryRow(_Noted, Base):
    """A change that has no number yet: written by the transaction that makes it.

    An event has `transaction_id` where a transaction tells it once of a school's year.
    """

    __tablename__ = "feed_entries"
    __table_args__ = (
        CheckConstraint(_ACTIONS, name="action"),
        Index(
            "uq_feed_entries_transaction_id",
            *("transaction_id", "event", "school_id", "academic_year"),
            unique=True,
            postgresql_where=text("transaction_id IS NOT NULL"),
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    transaction_id: Mapped[int | None]


class ChangeRow(_Noted, Base):
    """A committed change; `number` is its place in the one order of all changes.

    `at` is when it was made, by the system's own clock; `numbered_at` is the machine's.
    """

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint(_ACTIONS, name="action"),
        Index("ix_changes_municipality_id_number", "municipality_id", "number"),
        # When schools and calendars changed last, which are asked for by themselves.
        Index(
            "ix_changes_organisations",
            "municipality_id",
            "dataset",
            "school_id",
            "numbered_at",
            postgresql_where=text(
                "dataset in ('schools', 'school-identifiers', 'school-calendar')"
            ),
        ),
        Index("ix_changes_events", "number", postgresql_where=text("action = 'event'")),
        {"schema": API},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbered_at: Mapped[datetime]


class SnapshotRow(Base):
    """A copy that an account has begun at a number of the feed, by the machine's time.

    `partitions` says which rows each of its pieces has: by dataset, and by numbers of
    rows or, of what was computed, by municipality and academic year.
    """

    __tablename__ = "snapshots"
    __table_args__ = {"schema": API}

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    feed: Mapped[str]
    number: Mapped[int]
    partitions: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
