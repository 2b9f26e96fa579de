"""Days on which a municipality works otherwise than the country does."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import API, Base, Id
from shared.persistence.tables.municipalities import MunicipalityRow


class CalendarDayRow(Base):
    """A day that a document made working, or a day off, in one municipality."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("municipality_id", "day"), {"schema": API})

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    day: Mapped[date]
    is_working: Mapped[bool]
    document_number: Mapped[str]
    reason: Mapped[str]
