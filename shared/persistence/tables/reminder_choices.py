"""What people decide about reminders: rules, preferences, answers to messages."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class ReminderRuleRow(Base):
    """A version of what a municipality decided about its reminders.

    It is for a measure, for a programme, or for all of the municipality; for one
    `kind` of deadline, or for all of them. The highest version is in force; one
    without a document inherits again.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (
        UniqueConstraint(
            *("municipality_id", "programme_id", "measure_id", "kind", "version"),
            name="uq_reminder_rules_version",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("programme_id is null or measure_id is null", name="place"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey(ProgrammeRow.id))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey(MeasureRow.id))
    kind: Mapped[str | None]
    version: Mapped[int]
    document: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    written_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    written_at: Mapped[datetime]


class RegionalReminderRuleRow(Base):
    """A version of what a region decided about the reminders of its municipalities.

    As with a municipality's own: the highest version is in force.
    """

    __tablename__ = "regional_reminder_rules"
    __table_args__ = (
        UniqueConstraint(
            *("region_id", "kind", "version"),
            name="uq_regional_reminder_rules_version",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    region_id: Mapped[int] = mapped_column(ForeignKey(RegionRow.id))
    kind: Mapped[str | None]
    version: Mapped[int]
    document: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    written_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    written_at: Mapped[datetime]


class ReminderPreferenceRow(Base):
    """How a person wants to be reminded; a weekly digest on `weekday`, Monday is 0."""

    __tablename__ = "reminder_preferences"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        {"schema": API},
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey(UserRow.id), primary_key=True, autoincrement=False
    )
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey(MunicipalityRow.id))
    modes: Mapped[dict[str, Any]]
    quiet_from: Mapped[time]
    quiet_to: Mapped[time]
    digest_at: Mapped[time]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    zone: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")


class _Answer:
    """What a recipient said to a reminder of a deadline that is due on a day."""

    id: Mapped[Id]
    deadline_id: Mapped[int]
    due_on: Mapped[date]
    recipient_post: Mapped[str | None]
    answered_at: Mapped[datetime]

    @declared_attr
    def municipality_id(cls) -> Mapped[int]:  # noqa: N805 (SQLAlchemy calls it so)
        return mapped_column(ForeignKey(MunicipalityRow.id))

    @declared_attr
    def school_id(cls) -> Mapped[int | None]:  # noqa: N805 (SQLAlchemy calls it so)
        return mapped_column(ForeignKey(SchoolRow.id))

    @declared_attr
    def recipient_id(cls) -> Mapped[int | None]:  # noqa: N805 (SQLAlchemy calls it so)
        return mapped_column(ForeignKey(UserRow.id))


class AcknowledgementRow(_Answer, Base):
    """That somebody has taken notice of a missed deadline: it is not escalated."""

    __tablename__ = "reminder_acknowledgements"
    __table_args__ = (UniqueConstraint("deadline_id", "due_on"), {"schema": API})


class SnoozeRow(_Answer, Base):
    """Until when a recipient has put the reminders of a deadline off."""

    __tablename__ = "reminder_snoozes"
    __table_args__ = (
        UniqueConstraint(
            *("deadline_id", "due_on", "recipient_id", "recipient_post"),
            name="uq_reminder_snoozes_key",
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": API},
    )

    until: Mapped[date]


class UsedReminderLinkRow(Base):
    """A link of a message that has been acted on, by the digest of its token."""

    __tablename__ = "used_reminder_links"
    __table_args__ = {"schema": API}

    digest: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    used_at: Mapped[datetime]
