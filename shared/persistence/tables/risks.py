"""Risk profiles of schools, and what schools do about topical risks."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class RiskProfileRow(SchoolRecord, Base):
    """How much a risk factor weighs at a school in a year; whether it is topical."""

    __tablename__ = "risk_profiles"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "academic_year", "factor"),
        UniqueConstraint("school_id", "id", "topical"),
        CheckConstraint(
            "significance in ('high', 'medium', 'low')", name="significance"
        ),
    )

    academic_year: Mapped[int]
    factor: Mapped[str]
    significance: Mapped[str]
    topical: Mapped[bool]


class AntiRiskProgrammeRow(SchoolRecord, Base):
    """What a school does about one topical factor.

    `topical` is always true: together with the number of the profile it keeps the
    factor from ceasing to be topical while it has a programme.
    """

    __tablename__ = "anti_risk_programmes"
    __table_args__ = of_school(
        UniqueConstraint("risk_profile_id"),
        CheckConstraint("topical", name="topical"),
        CheckConstraint("starts_on <= ends_on", name="period"),
        CheckConstraint("state in ('draft', 'approved')", name="state"),
        ForeignKeyConstraint(
            ["school_id", "risk_profile_id", "topical"],
            [RiskProfileRow.school_id, RiskProfileRow.id, RiskProfileRow.topical],
            name="fk_anti_risk_programmes_topical_profile",
        ),
    )

    risk_profile_id: Mapped[int]
    topical: Mapped[bool] = mapped_column(server_default="true")
    goal: Mapped[str]
    tasks: Mapped[list[str]]
    measures: Mapped[list[str]]
    indicator: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    state: Mapped[str]
