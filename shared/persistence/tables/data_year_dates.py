"""By when schools have to submit the data of a year."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow


class DataYearDateRow(Base):
    """The day that a municipality has set for all of its schools."""

    __tablename__ = "data_year_dates"
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
