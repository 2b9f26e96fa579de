"""The bank of mentors, of those in need of one, and professional deficits."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.records import SchoolRecord, of_school
from shared.persistence.tables.results import SubjectRow


class MentorOfferRow(SchoolRecord, Base):
    """What a school, or somebody in a position there, can help others with."""

    __tablename__ = "mentor_offers"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "position", "problem", "valid_from"),
        CheckConstraint("bank in ('school', 'district')", name="bank"),
        CheckConstraint("status in ('open', 'closed')", name="status"),
        CheckConstraint("capacity between 1 and 99", name="capacity"),
        CheckConstraint("valid_from <= valid_to", name="period"),
    )

    bank: Mapped[str]
    position: Mapped[str]
    subject: Mapped[str | None] = mapped_column(ForeignKey(SubjectRow.code))
    problem: Mapped[str]
    capacity: Mapped[int] = mapped_column(SmallInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    status: Mapped[str]


class MentorRequestRow(SchoolRecord, Base):
    """What a school needs a mentor for."""

    __tablename__ = "mentor_requests"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "position", "problem", "asked_on"),
        CheckConstraint("urgency in ('low', 'medium', 'high')", name="urgency"),
        CheckConstraint("status in ('open', 'matched', 'closed')", name="status"),
    )

    position: Mapped[str]
    subject: Mapped[str | None] = mapped_column(ForeignKey(SubjectRow.code))
    problem: Mapped[str]
    urgency: Mapped[str]
    asked_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default="open")


class MentorMatchRow(Base):
    """Which offer answers which request, by which agreement."""

    __tablename__ = "mentor_matches"
    __table_args__ = (UniqueConstraint("agreement_id"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    agreement_id: Mapped[int] = mapped_column(ForeignKey(AgreementRow.id))
    offer_id: Mapped[int] = mapped_column(ForeignKey(MentorOfferRow.id), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey(MentorRequestRow.id), index=True)
    subject: Mapped[str | None] = mapped_column(ForeignKey(SubjectRow.code))


class DeficitRow(SchoolRecord, Base):
    """A professional deficit of a team, or of somebody in a position."""

    __tablename__ = "deficits"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "bearer", "position", "kind", "observed_on"),
        CheckConstraint("bearer in ('team', 'position')", name="bearer"),
        CheckConstraint(
            "kind in ('subject', 'methodical', 'psychological', 'communicative',"
            " 'digital')",
            name="kind",
        ),
        CheckConstraint("source in ('survey', 'lesson_visit')", name="source"),
    )

    bearer: Mapped[str]
    position: Mapped[str]
    subject: Mapped[str | None] = mapped_column(ForeignKey(SubjectRow.code))
    kind: Mapped[str]
    description: Mapped[str | None]
    source: Mapped[str]
    observed_on: Mapped[date]
    closed_on: Mapped[date | None]
