"""Training of teachers (ПК): planned and carried out, by year and topic."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class StaffTrainingRow(SchoolRecord, Base):
    """How many teachers of a school were to train in a topic in a year, and did.

    `hours` is the length of the course; `trained` is unknown until the year's end.
    """

    __tablename__ = "staff_trainings"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year", "topic"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("planned >= 0", name="planned"),
        CheckConstraint("trained >= 0", name="trained"),
    )

    academic_year: Mapped[int]
    topic: Mapped[str]
    hours: Mapped[int | None]
    planned: Mapped[int]
    trained: Mapped[int | None]
