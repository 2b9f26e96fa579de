"""What the tests of objectivity need to be told, and what schools say of findings."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.measures import MEASURES
from shared.persistence.tables.base import Base
from shared.persistence.tables.records import (
    MunicipalityRecord,
    SchoolRecord,
    of_municipality,
    of_school,
)
from shared.persistence.tables.results import ProcedureRow, SubjectRow

FINDING_KEY = "uq_finding_explanations_finding"
_MEASURES = ", ".join(f"'{code}'" for code in MEASURES)


class MarkBoundaryRow(MunicipalityRecord, Base):
    """From which primary scores on a paper gave the marks 3, 4 and 5 in a year."""

    __tablename__ = "mark_boundaries"
    __table_args__ = of_municipality(
        UniqueConstraint(
            "municipality_id",
            "year",
            "procedure",
            "subject",
            "programme_grade",
            name="uq_mark_boundaries_paper",
        ),
        CheckConstraint(
            "0 < from_3 and from_3 < from_4 and from_4 < from_5"
            " and from_5 <= maximum_score and maximum_score <= 1000",
            name="order",
        ),
        CheckConstraint("programme_grade between 1 and 12", name="grade"),
    )

    year: Mapped[int]
    procedure: Mapped[str] = mapped_column(ForeignKey(ProcedureRow.code))
    subject: Mapped[str] = mapped_column(ForeignKey(SubjectRow.code))
    programme_grade: Mapped[int] = mapped_column(SmallInteger)
    from_3: Mapped[int] = mapped_column(SmallInteger)
    from_4: Mapped[int] = mapped_column(SmallInteger)
    from_5: Mapped[int] = mapped_column(SmallInteger)
    maximum_score: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str]


class ObjectivityLimitRow(MunicipalityRecord, Base):
    """Within which limits a measure of a school's paper is usual, and who says so.

    `area` says whether the region has set them or the municipality; an end that is
    null is open.
    """

    __tablename__ = "objectivity_limits"
    __table_args__ = of_municipality(
        UniqueConstraint(
            "municipality_id",
            "year",
            "area",
            "procedure",
            "subject",
            "programme_grade",
            "measure",
            name="uq_objectivity_limits_paper",
        ),
        CheckConstraint("area in ('municipality', 'region')", name="area"),
        CheckConstraint(f"measure in ({_MEASURES})", name="measure"),
        CheckConstraint(
            "num_nonnulls(low, high) > 0 and low >= 0 and high <= 100 and low <= high",
            name="order",
        ),
        CheckConstraint("programme_grade between 1 and 12", name="grade"),
    )

    year: Mapped[int]
    area: Mapped[str]
    procedure: Mapped[str] = mapped_column(ForeignKey(ProcedureRow.code))
    subject: Mapped[str] = mapped_column(ForeignKey(SubjectRow.code))
    programme_grade: Mapped[int] = mapped_column(SmallInteger)
    measure: Mapped[str]
    low: Mapped[float | None]
    high: Mapped[float | None]
    source: Mapped[str]


class FindingExplanationRow(SchoolRecord, Base):
    """How a school explains what a test found in a paper, whichever run found it."""

    __tablename__ = "finding_explanations"
    __table_args__ = of_school(
        UniqueConstraint(
            "school_id",
            "year",
            "test",
            "procedure",
            "subject",
            "programme_grade",
            name=FINDING_KEY,
        ),
    )

    year: Mapped[int]
    test: Mapped[str]
    procedure: Mapped[str] = mapped_column(ForeignKey(ProcedureRow.code))
    subject: Mapped[str] = mapped_column(ForeignKey(SubjectRow.code))
    programme_grade: Mapped[int] = mapped_column(SmallInteger)
    explanation: Mapped[str]
    explained_at: Mapped[datetime]
