"""Published indices of schools' conditions (ИОУ), entered as they were published."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class ConditionIndexRow(SchoolRecord, Base):
    """A school's published index of an academic year, 1 for the best conditions.

    `source` says where it was published.
    """

    __tablename__ = "condition_indices"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year"),
        CheckConstraint("value between 0 and 1", name="value"),
    )

    academic_year: Mapped[int]
    value: Mapped[float]
    source: Mapped[str]
