"""Mentoring agreements between two schools, their goals, plans and history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.users import UserRow


class AgreementRow(Base):
    """An agreement; at most one is open for the same pair and problem.

    `municipality_id` is the one that keeps it, that of its programme.
    """

    __tablename__ = "mentoring_agreements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["mentor_municipality_id", "mentor_school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentoring_agreements_mentor",
        ),
        ForeignKeyConstraint(
            ["mentee_municipality_id", "mentee_school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentoring_agreements_mentee",
        ),
        CheckConstraint(
            "municipality_id in (mentor_municipality_id, mentee_municipality_id)",
            name="kept_by_a_party",
        ),
        CheckConstraint("mentor_school_id <> mentee_school_id", name="two_schools"),
        CheckConstraint("starts_on <= ends_on", name="order"),
        CheckConstraint(
            "shared_datasets <@ array['results', 'indicators', 'enrolment',"
            " 'social_passport', 'staff', 'objectivity_signs', 'list_memberships',"
            " 'resources']",
            name="shared_datasets",
        ),
        CheckConstraint(
            "(registry_year is null) = (registry_number is null)"
            " and (registry_number is not null or status in ('draft', 'terminated'))",
            name="registry",
        ),
        UniqueConstraint(
            "municipality_id",
            "registry_year",
            "registry_number",
            name="uq_mentoring_agreements_registry_number",
        ),
        CheckConstraint(
            "status in ('draft', 'proposed', 'signed', 'active', 'suspended',"
            " 'completed', 'terminated')",
            name="status",
        ),
        Index(
            "uq_mentoring_agreements_open_pair",
            "mentor_school_id",
            "mentee_school_id",
            text("lower(btrim(problem))"),
            unique=True,
            postgresql_where=text("status not in ('completed', 'terminated')"),
        ),
        Index("ix_mentoring_agreements_mentor_school_id", "mentor_school_id"),
        Index("ix_mentoring_agreements_mentee_school_id", "mentee_school_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    mentor_municipality_id: Mapped[int]
    mentor_school_id: Mapped[int]
    mentee_municipality_id: Mapped[int]
    mentee_school_id: Mapped[int]
    problem: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_on: Mapped[date | None]
    status: Mapped[str]
    goals: Mapped[list[str]]
    shared_datasets: Mapped[list[str]] = mapped_column(server_default="{}")
    registry_year: Mapped[int | None]
    registry_number: Mapped[int | None]
    evaluation: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    version: Mapped[int]
    created_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    created_at: Mapped[datetime]


class AgreementMeetingRow(Base):
    """A meeting of the two schools, and what came of it."""

    __tablename__ = "agreement_meetings"
    __table_args__ = (
        Index("ix_agreement_meetings_agreement_id", "agreement_id", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    held_on: Mapped[date]
    topic: Mapped[str]
    result: Mapped[str]
    noted_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    noted_at: Mapped[datetime]


class AgreementScanRow(Base):
    """A scan of the signed agreement; its bytes lie in the file store, by SHA-256."""

    __tablename__ = "agreement_scans"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        Index("ix_agreement_scans_agreement_id", "agreement_id", "id"),
        Index("ix_agreement_scans_sha256", "sha256"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    added_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    added_at: Mapped[datetime]


class AgreementRegisterRow(Base):
    """The last number that a municipality gave to an agreement in a calendar year."""

    __tablename__ = "agreement_registers"
    __table_args__ = (
        CheckConstraint("last_number > 0", name="number"),
        {"schema": API},
    )

    municipality_id: Mapped[int] = mapped_column(
        ForeignKey(MunicipalityRow.id), primary_key=True
    )
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class AgreementMeasureRow(Base):
    """A dated line of an agreement's joint plan."""

    __tablename__ = "agreement_measures"
    __table_args__ = (UniqueConstraint("agreement_id", "position"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    position: Mapped[int]
    title: Mapped[str]
    due_on: Mapped[date]


class AgreementSignatureRow(Base):
    """That one side has signed, who recorded it, and when."""

    __tablename__ = "agreement_signatures"
    __table_args__ = (
        UniqueConstraint("agreement_id", "side"),
        CheckConstraint("side in ('mentor', 'mentee')", name="side"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    side: Mapped[str]
    signed_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    signed_at: Mapped[datetime]


class AgreementConfirmationRow(Base):
    """That the municipality of one side has confirmed, for two may be concerned."""

    __tablename__ = "agreement_confirmations"
    __table_args__ = (
        UniqueConstraint("agreement_id", "side"),
        CheckConstraint("side in ('mentor', 'mentee')", name="side"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    side: Mapped[str]
    confirmed_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    confirmed_at: Mapped[datetime]


class AgreementEventRow(Base):
    """A transition of an agreement: the history from which nothing is deleted."""

    __tablename__ = "agreement_events"
    __table_args__ = (
        Index("ix_agreement_events_agreement_id", "agreement_id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    action: Mapped[str]
    side: Mapped[str | None]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    reason: Mapped[str | None]
    by_user: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    at: Mapped[datetime]
