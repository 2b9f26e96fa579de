"""Whom to turn to: contacts of schools and of education authorities, by role."""

from datetime import date

from sqlalchemy import CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import (
    MunicipalityRecord,
    SchoolRecord,
    of_municipality,
    of_school,
)


class _Contact:
    """A post, not a person: who is reached there, in which order.

    `rank` 1 is reached first; who has 2 stands in while 1 is absent, and so on.
    `bounced_on` is the day a message came back, until the address is confirmed again.
    """

    role: Mapped[str]
    rank: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    absent_from: Mapped[date | None]
    absent_to: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    bounced_on: Mapped[date | None]


class SchoolContactRow(SchoolRecord, _Contact, Base):
    """A post of a school."""

    __tablename__ = "school_contacts"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "role", "rank"),
        CheckConstraint("rank between 1 and 9", name="rank"),
        CheckConstraint("absent_from <= absent_to", name="absence"),
        CheckConstraint("email is not null or phone is not null", name="reachable"),
    )


class MunicipalityContactRow(MunicipalityRecord, _Contact, Base):
    """A post of the education authority."""

    __tablename__ = "municipality_contacts"
    __table_args__ = of_municipality(
        UniqueConstraint("municipality_id", "role", "rank"),
        CheckConstraint("rank between 1 and 9", name="rank"),
        CheckConstraint("absent_from <= absent_to", name="absence"),
        CheckConstraint("email is not null or phone is not null", name="reachable"),
    )
