"""Suggested mentors, how the search for each school went, and what was decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.base import API, SCORING, Base, Id
from shared.persistence.tables.mentor_bank import MentorRequestRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.tables.users import UserRow

DECLINED_PAIR = "uq_mentor_suggestion_decisions_declined"


class MentorSuggestionRow(Base):
    """A pair that is suggested, or an alternative to one, by `rank` of the mentee.

    `kind` and `code` are the need in which the mentor brings the most. `benefit` is
    from 0 to 1; `cost` is what all pairs together would bring less with this one.
    `details` are the parts of the benefit and the figures behind them.
    """

    __tablename__ = "mentor_suggestions"
    __table_args__ = (
        UniqueConstraint("run_id", "mentee_id", "mentor_id"),
        CheckConstraint("kind in ('subject', 'group', 'problem')", name="kind"),
        CheckConstraint("benefit between 0 and 1 and cost >= 0", name="benefit"),
        CheckConstraint("rank > 0", name="rank"),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    mentee_id: Mapped[int]
    mentor_id: Mapped[int]
    rank: Mapped[int]
    is_chosen: Mapped[bool]
    kind: Mapped[str]
    code: Mapped[str]
    benefit: Mapped[float]
    cost: Mapped[float]
    details: Mapped[dict[str, Any]]


class MentorSearchRow(Base):
    """How the search for a school's mentor went, and why not with the others.

    `needs` are what it needs help with; `excluded` the other schools, each with the
    reason; `feasible` counts the mentors that it could have had.
    """

    __tablename__ = "mentor_searches"
    __table_args__ = (
        UniqueConstraint("run_id", "school_id"),
        CheckConstraint(
            "outcome in ('suggested', 'no_need', 'not_assessable', 'has_mentor',"
            " 'no_feasible_mentor', 'no_places_left')",
            name="outcome",
        ),
        {"schema": SCORING},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey(RunRow.id))
    municipality_id: Mapped[int]
    school_id: Mapped[int]
    outcome: Mapped[str]
    feasible: Mapped[int]
    needs: Mapped[list[dict[str, Any]]]
    excluded: Mapped[list[dict[str, Any]]]


class MentorSuggestionDecisionRow(Base):
    """What a coordinator decided of a suggestion; never changed.

    `request_id` is the mentee's request that an accepted one answers, if there was
    one. A pair that was declined is not suggested again in the academic year.
    """

    __tablename__ = "mentor_suggestion_decisions"
    __table_args__ = (
        *(
            ForeignKeyConstraint(
                ["municipality_id", f"{side}_id"],
                ["api.schools.municipality_id", "api.schools.id"],
                name=f"fk_mentor_suggestion_decisions_{side}",
            )
            for side in ("mentor", "mentee")
        ),
        CheckConstraint("decision in ('accepted', 'declined')", name="decision"),
        CheckConstraint(
            "(decision = 'accepted') = (agreement_id is not null)", name="agreement"
        ),
        CheckConstraint("decision = 'accepted' or reason is not null", name="reason"),
        Index(
            DECLINED_PAIR,
            "municipality_id",
            "academic_year",
            "mentee_id",
            "mentor_id",
            unique=True,
            postgresql_where=text("decision = 'declined'"),
        ),
        {"schema": API},
    )

    id: Mapped[Id]
    municipality_id: Mapped[int] = mapped_column(ForeignKey(MunicipalityRow.id))
    academic_year: Mapped[int]
    run_id: Mapped[int]
    mentee_id: Mapped[int]
    mentor_id: Mapped[int]
    kind: Mapped[str]
    code: Mapped[str]
    decision: Mapped[str]
    reason: Mapped[str | None]
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey(AgreementRow.id))
    request_id: Mapped[int | None] = mapped_column(ForeignKey(MentorRequestRow.id))
    decided_by: Mapped[int] = mapped_column(ForeignKey(UserRow.id))
    decided_at: Mapped[datetime]
