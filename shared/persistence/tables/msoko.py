"""The municipal system of assessing quality (МСОКО): its groups and schools' scores."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import (
    MunicipalityRecord,
    SchoolRecord,
    of_municipality,
    of_school,
)


class MsokoGroupRow(MunicipalityRecord, Base):
    """A group of criteria, by the municipality's own code such as 1.1."""

    __tablename__ = "msoko_groups"
    __table_args__ = of_municipality(
        UniqueConstraint("municipality_id", "code"),
        UniqueConstraint("municipality_id", "id"),
    )

    code: Mapped[str]
    title: Mapped[str]


class MsokoScoreRow(SchoolRecord, Base):
    """What a school scored in a group in an academic year, of how much."""

    __tablename__ = "msoko_scores"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year", "group_id"),
        CheckConstraint("maximum > 0", name="maximum"),
        CheckConstraint("score between 0 and maximum", name="score"),
        ForeignKeyConstraint(
            ["municipality_id", "group_id"],
            [MsokoGroupRow.municipality_id, MsokoGroupRow.id],
        ),
    )

    academic_year: Mapped[int]
    group_id: Mapped[int]
    score: Mapped[float]
    maximum: Mapped[float]
