"""Recommendations to named schools, and what the schools answer."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import ObjectivitySignRow
from shared.persistence.tables.programmes import ProgrammeRow, TargetIndicatorRow
from shared.persistence.tables.records import SchoolRecord, of_school


class RecommendationRow(SchoolRecord, Base):
    """What a school is advised to do after an analysis, by when, and its answer.

    `ranking_run_id` is the number of a run of the scoring service, which is kept as
    long as it is named.
    """

    __tablename__ = "recommendations"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "issued_on", "title"),
        CheckConstraint(
            "status in ('issued', 'answered', 'returned', 'accepted')", name="status"
        ),
        CheckConstraint("issued_on <= due_on", name="order"),
        CheckConstraint(
            "status = 'issued' or (answer is not null and answered_on is not null)",
            name="answer",
        ),
        CheckConstraint("status <> 'returned' or remark is not null", name="remark"),
        CheckConstraint(
            "status <> 'accepted' or accepted_on is not null", name="accepted"
        ),
    )

    programme_id: Mapped[int | None] = mapped_column(ForeignKey(ProgrammeRow.id))
    title: Mapped[str]
    text: Mapped[str]
    grounds: Mapped[str]
    ranking_run_id: Mapped[int | None]
    target_indicator_id: Mapped[int | None] = mapped_column(
        ForeignKey(TargetIndicatorRow.id)
    )
    objectivity_sign_id: Mapped[int | None] = mapped_column(
        ForeignKey(ObjectivitySignRow.id)
    )
    issued_on: Mapped[date]
    due_on: Mapped[date]
    issued_by: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="issued")
    answer: Mapped[str | None]
    done_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    remark: Mapped[str | None]
    accepted_on: Mapped[date | None]
