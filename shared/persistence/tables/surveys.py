"""Surveys of schools: the climate and satisfaction with the municipality's support."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from shared.persistence.tables.base import Base
from shared.persistence.tables.records import SchoolRecord, of_school


class ClimateSurveyRow(SchoolRecord, Base):
    """How many of those asked find a component of the school's climate good.

    The monitoring of the safety of the environment (БОС), held every May.
    """

    __tablename__ = "climate_surveys"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "held_on", "component", "respondent_group"),
        CheckConstraint(
            "component in ('psychological', 'moral', 'pedagogical', 'physical')",
            name="component",
        ),
        CheckConstraint(
            "respondent_group in ('pupils', 'parents', 'teachers')",
            name="respondent_group",
        ),
        CheckConstraint("respondents > 0", name="respondents"),
        CheckConstraint("positive between 0 and respondents", name="positive"),
    )

    held_on: Mapped[date]
    component: Mapped[str]
    respondent_group: Mapped[str]
    respondents: Mapped[int]
    positive: Mapped[int]


class SatisfactionSurveyRow(SchoolRecord, Base):
    """How many of those asked are satisfied with the municipality, by question.

    The year is a calendar year, as the programme's targets are.
    """

    __tablename__ = "satisfaction_surveys"
    __table_args__ = of_school(
        UniqueConstraint("school_id", "calendar_year", "question"),
        CheckConstraint(
            "question in ('municipal_management', 'information_and_methods',"
            " 'educational_results')",
            name="question",
        ),
        CheckConstraint("respondents > 0", name="respondents"),
        CheckConstraint("satisfied between 0 and respondents", name="satisfied"),
    )

    calendar_year: Mapped[int]
    question: Mapped[str]
    respondents: Mapped[int]
    satisfied: Mapped[int]
