"""That schools confirm their contacts once in an academic year, and by when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow


class ContactConfirmationDateRow(Base):
    """The day that a municipality has set for all of its schools."""

    __tablename__ = "contact_confirmation_dates"
    __table_args__ = (
        UniqueConstraint("municipality_id", "academic_year"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    academic_year: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[date]
    set_on: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    set_at: Mapped[datetime]


class ContactConfirmationRow(Base):
    """That the contacts of a school by role were right; `confirmed_on` is its day."""

    __tablename__ = "contact_confirmations"
    __table_args__ = (
        UniqueConstraint("school_id", "academic_year"),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    school_id: Mapped[int] = mapped_column(ForeignKey(SchoolRow.id))
    academic_year: Mapped[int] = mapped_column(SmallInteger)
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id))
    confirmed_at: Mapped[datetime]
