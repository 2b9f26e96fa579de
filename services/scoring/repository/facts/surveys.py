"""Statements of what pupils, parents, teachers and schools say when asked."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.scoring.repository.areas import Area
from services.scoring.repository.facts.selecting import Rows, year_of
from shared.domain.surveys import COMPONENTS, QUESTIONS
from shared.persistence.tables.surveys import ClimateSurveyRow, SatisfactionSurveyRow


def climate_surveys(area: Area, years: Sequence[int]) -> Rows:
    """Select, of each component, how many were asked and how many find it good."""
    rows = ClimateSurveyRow.__table__
    year = year_of(rows.c.held_on, years).label("year")
    key = (rows.c.school_id, year, rows.c.component, rows.c.respondent_group)
    latest = (
        select(*key, rows.c.respondents, rows.c.positive)
        .where(area.holds(rows.c.municipality_id), year.is_not(None))
        .ext(distinct_on(*key))
        .order_by(*key, rows.c.held_on.desc())
        .subquery()
    )
    pooled = [
        func.sum(latest.c[answer])
        .filter(latest.c.component == component)
        .label(f"climate.{component}_{answer}")
        for component in COMPONENTS
        for answer in ("respondents", "positive")
    ]
    by = (latest.c.school_id, latest.c.year)
    return select(*by, *pooled).group_by(*by)


def satisfaction_surveys(area: Area, years: Sequence[int]) -> Rows:
    """Select, of each question, how many were asked and how many are satisfied."""
    rows = SatisfactionSurveyRow.__table__
    year = (rows.c.calendar_year - 1).label("year")
    answers = [
        func.max(rows.c[answer])
        .filter(rows.c.question == question)
        .label(f"satisfaction.{question}_{answer}")
        for question in QUESTIONS
        for answer in ("respondents", "satisfied")
    ]
    return (
        select(rows.c.school_id, year, *answers)
        .where(area.holds(rows.c.municipality_id), year.in_(years))
        .group_by(rows.c.school_id, year)
    )
