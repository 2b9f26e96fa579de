"""School programmes: what a school undertakes within the municipal programme."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.records import SchoolRecord, of_school


class SchoolProgrammeRow(SchoolRecord, Base):
    """A school's programme; the days are those on which it reached a status.

    `submit_by` is set by the municipality; without it, it is the first day of all.
    """

    __tablename__ = "school_programmes"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "programme_id", "title"),
        UniqueConstraint("id", "school_id"),
        CheckConstraint(
            "status in ('draft', 'submitted', 'under_review', 'returned', 'approved',"
            " 'in_progress', 'completed')",
            name="status",
        ),
        CheckConstraint("starts_on <= ends_on", name="order"),
        CheckConstraint(
            "status not in ('approved', 'in_progress', 'completed')"
            " or approved_on is not null",
            name="approved",
        ),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    title: Mapped[str]
    goal: Mapped[str]
    tasks: Mapped[list[str]]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default="draft")
    submit_by: Mapped[date | None]
    submitted_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    started_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    result: Mapped[str | None]


def _of_programme(table: str, *constraints: Any) -> tuple[Any, ...]:
    """Return the arguments of a table whose rows belong to a school's programme."""
    own = ForeignKeyConstraint(
        ["school_programme_id", "school_id"],
        [SchoolProgrammeRow.id, SchoolProgrammeRow.school_id],
        name=f"fk_{table}_programme",
    )
    return of_school(own, *constraints)


class SchoolProgrammeIndicatorRow(SchoolRecord, Base):
    """What a school's programme is to change: from a baseline to a target."""

    __tablename__ = "school_programme_indicators"
    __table_args__ = _of_programme(
        __tablename__, UniqueConstraint("school_programme_id", "title")
    )

    school_programme_id: Mapped[int]
    title: Mapped[str]
    unit: Mapped[str]
    baseline: Mapped[float | None]
    target: Mapped[float]
    target_on: Mapped[date]


class SchoolProgrammeMeasureRow(SchoolRecord, Base):
    """What is to be done for a school's programme, and when."""

    __tablename__ = "school_programme_measures"
    __table_args__ = _of_programme(
        __tablename__,
        UniqueConstraint(
            "school_programme_id",
            "title",
            "starts_on",
            name="uq_school_programme_measures_key",
        ),
        CheckConstraint("starts_on <= due_on", name="order"),
    )

    school_programme_id: Mapped[int]
    title: Mapped[str]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    responsible: Mapped[str | None]
    expected_result: Mapped[str | None]
    done_on: Mapped[date | None]


class SchoolProgrammeReviewRow(SchoolRecord, Base):
    """What the expertise found; of the expert only the position is kept."""

    __tablename__ = "school_programme_reviews"
    __table_args__ = _of_programme(
        __tablename__,
        CheckConstraint("level in ('municipal', 'regional')", name="level"),
        CheckConstraint("verdict in ('approve', 'return')", name="verdict"),
        CheckConstraint(
            "verdict <> 'return' or cardinality(remarks) > 0", name="remarks"
        ),
    )

    school_programme_id: Mapped[int]
    level: Mapped[str]
    verdict: Mapped[str]
    remarks: Mapped[list[str]]
    expert_position: Mapped[str]
    reviewed_on: Mapped[date]
    created_at: Mapped[datetime]
