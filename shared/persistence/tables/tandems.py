"""Mentoring tandems of teachers, and the places in them."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.teachers import TeacherRow


class TandemRow(Base):
    """A tandem; `school_ids` are those of its members, who see it."""

    __tablename__ = "tandems"
    __table_args__ = (
        CheckConstraint("kind in ('in_school', 'network')", name="kind"),
        CheckConstraint("status in ('draft', 'active', 'ended')", name="status"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint(
            "(kind = 'in_school') = (cardinality(school_ids) = 1)", name="schools"
        ),
        CheckConstraint(
            "end_reason in ('goal_reached', 'no_longer_needed', 'replaced', 'other')",
            name="end_reason",
        ),
        CheckConstraint(
            "(status = 'ended') = (end_reason is not null)"
            " and (status = 'ended') = (ended_on is not null)",
            name="ended",
        ),
        UniqueConstraint("replaces_id"),
        Index("ix_tandems_municipality_id_id", "municipality_id", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    kind: Mapped[str]
    school_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    goal: Mapped[str]
    plan: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[str]
    end_reason: Mapped[str | None]
    end_comment: Mapped[str | None]
    ended_on: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("api.tandems.id"))
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TandemMemberRow(Base):
    """A place in a tandem: a position in a school, never a name."""

    __tablename__ = "tandem_members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            [SchoolRow.municipality_id, SchoolRow.id],
            name="fk_tandem_members_school",
        ),
        CheckConstraint("role in ('mentor', 'mentee')", name="role"),
        UniqueConstraint("tandem_id", "place"),
        UniqueConstraint("tandem_id", "teacher_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    tandem_id: Mapped[int] = mapped_column(ForeignKey(TandemRow.id))
    place: Mapped[int]
    role: Mapped[str]
    school_id: Mapped[int]
    position: Mapped[str]
    subject: Mapped[str | None] = mapped_column(ForeignKey(SubjectRow.code))
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey(TeacherRow.id))
