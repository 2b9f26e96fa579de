"""How many pupils schools have, by academic year."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class EnrolmentRow(SchoolRecord, Base):
    """Pupils and classes of a school at the start of an academic year."""

    __tablename__ = "enrolments"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year"),
        CheckConstraint("pupils >= 0", name="pupils"),
        CheckConstraint("classes >= 0", name="classes"),
    )

    academic_year: Mapped[int]
    pupils: Mapped[int]
    classes: Mapped[int | None]
