"""Statements of who teaches, where nobody does, and who is trained."""

from collections.abc import Sequence

from sqlalchemy import Integer, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from services.scoring.repository.areas import Area
from services.scoring.repository.facts.selecting import (
    Rows,
    named,
    whole_sum,
    year_of,
)
from shared.persistence.tables.conditions import StaffProfileRow, VacancyRow
from shared.persistence.tables.staff_trainings import StaffTrainingRow


def staff_profiles(area: Area, years: Sequence[int]) -> Rows:
    """Select the latest profile of each year."""
    rows = StaffProfileRow.__table__
    year = year_of(rows.c.as_of, years)
    return (
        select(rows.c.school_id, year, *named(rows, "staff"))
        .where(area.holds(rows.c.municipality_id), year.is_not(None))
        .ext(distinct_on(rows.c.school_id, year))
        .order_by(rows.c.school_id, year, rows.c.as_of.desc())
    )


def vacancies(area: Area, years: Sequence[int]) -> Rows:
    """Select how many there are, and their hours a week."""
    rows, staff = VacancyRow.__table__, StaffProfileRow.__table__
    year = year_of(staff.c.as_of, years)
    none = literal(0, Integer)
    known = union_all(
        select(rows.c.school_id, rows.c.year, literal(1).label("count"), rows.c.hours)
        .where(area.holds(rows.c.municipality_id))
        .where(rows.c.year.in_(years)),
        select(staff.c.school_id, year, none, none)
        .where(area.holds(staff.c.municipality_id))
        .where(year.is_not(None)),
    ).subquery()
    return select(
        known.c.school_id,
        known.c.year,
        func.sum(known.c.count).label("vacancies.count"),
        whole_sum(known.c.hours).label("vacancies.hours"),
    ).group_by(known.c.school_id, known.c.year)


def staff_trainings(area: Area, years: Sequence[int]) -> Rows:
    """Select how many trainings of teachers were planned, and carried out."""
    rows = StaffTrainingRow.__table__
    return (
        select(
            rows.c.school_id,
            rows.c.academic_year,
            func.sum(rows.c.planned).label("training.planned"),
            whole_sum(rows.c.trained).label("training.trained"),
        )
        .where(area.holds(rows.c.municipality_id))
        .where(rows.c.academic_year.in_(years))
        .group_by(rows.c.school_id, rows.c.academic_year)
    )
