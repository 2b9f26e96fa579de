"""SWOT analyses of schools."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class SwotEntryRow(SchoolRecord, Base):
    """One line of a school's analysis of a calendar year; lines of a field in order."""

    __tablename__ = "swot_entries"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "calendar_year", "quadrant", "position"),
        CheckConstraint(
            "quadrant in ('strengths', 'weaknesses', 'opportunities', 'threats')",
            name="quadrant",
        ),
        CheckConstraint("position > 0", name="position"),
    )

    calendar_year: Mapped[int]
    quadrant: Mapped[str]
    position: Mapped[int]
    text: Mapped[str]
