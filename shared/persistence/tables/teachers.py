"""Teachers: the only persons whose names are kept besides those of accounts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow


class TeacherRow(Base):
    """A teacher of a school: `name` is null without consent, and once erased.

    `subjects` are codes. An erased row is only a number, so that counts stay.
    """

    __tablename__ = "teachers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_teachers_school",
        ),
        CheckConstraint(
            "name is null or (consent_given_on is not null"
            " and consent_withdrawn_on is null and erased_on is null)",
            name="consent",
        ),
        CheckConstraint(
            "(consent_given_on is null) = (consent_form is null)", name="consent_form"
        ),
        CheckConstraint("consent_form in ('written', 'electronic')", name="form"),
        CheckConstraint(
            "consent_withdrawn_on >= consent_given_on", name="consent_order"
        ),
        Index("ix_teachers_school_id_id", "school_id", "id"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int]
    name: Mapped[str | None]
    position: Mapped[str]
    subjects: Mapped[list[str]]
    consent_given_on: Mapped[date | None]
    consent_form: Mapped[str | None]
    consent_withdrawn_on: Mapped[date | None]
    erased_on: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
