"""Decisions of the municipality, what they are about, and what its programme costs."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.records import MunicipalityRecord, of_municipality
from shared.persistence.tables.schools import SchoolRow

ROUBLES = Numeric(14, 2)


class DecisionRow(MunicipalityRecord, Base):
    """An order or a protocol; `body` is who adopted it, never a person's name."""

    __tablename__ = "decisions"
    __table_args__ = of_municipality(
        UniqueConstraint("municipality_id", "kind", "number", "decided_on"),
        CheckConstraint("kind in ('order', 'protocol')", name="kind"),
    )

    programme_id: Mapped[int | None] = mapped_column(ForeignKey(ProgrammeRow.id))
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    decided_on: Mapped[date]
    body: Mapped[str]
    link: Mapped[str | None]
    summary: Mapped[str | None]


class DecisionSubjectRow(MunicipalityRecord, Base):
    """What a decision is about: one school, measure or recommendation."""

    __tablename__ = "decision_subjects"
    __table_args__ = of_municipality(
        UniqueConstraint(
            "decision_id",
            "about_school_id",
            "measure_id",
            "recommendation_id",
            name="uq_decision_subjects_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "num_nonnulls(about_school_id, measure_id, recommendation_id) = 1",
            name="one",
        ),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey(DecisionRow.id))
    about_school_id: Mapped[int | None] = mapped_column(ForeignKey(SchoolRow.id))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey(MeasureRow.id))
    recommendation_id: Mapped[int | None] = mapped_column(
        ForeignKey(RecommendationRow.id)
    )


class BudgetItemRow(MunicipalityRecord, Base):
    """What a programme spends in a calendar year, in roubles and kopecks.

    More may be spent than was planned; `spent` is null until that is known.
    """

    __tablename__ = "budget_items"
    __table_args__ = of_municipality(
        UniqueConstraint("programme_id", "year", "source", "purpose"),
        CheckConstraint(
            "source in ('federal', 'regional', 'municipal', 'school',"
            " 'extrabudgetary')",
            name="source",
        ),
        CheckConstraint("planned >= 0 and spent >= 0", name="amounts"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey(ProgrammeRow.id))
    year: Mapped[int]
    purpose: Mapped[str]
    source: Mapped[str]
    planned: Mapped[Decimal] = mapped_column(ROUBLES)
    spent: Mapped[Decimal | None] = mapped_column(ROUBLES)
    comment: Mapped[str | None]
