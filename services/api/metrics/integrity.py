"""Checks of the record as a whole that no constraint of the database can hold."""

from typing import Final

from sqlalchemy import Select, and_, exists, func, or_, select

from shared.domain.agreements import OPEN_STATUSES
from shared.domain.permissions import Role
from shared.persistence.deadlines import is_owed
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow

FIRST_MONTH: Final = 9  # of an academic year


def _results_after_closing() -> Select[int]:
    """Results of an academic year that began after the school had closed."""
    begins = func.make_date(AssessmentResultRow.academic_year, FIRST_MONTH, 1)
    return (
        select(func.count())
        .select_from(SchoolRow)
        .join(AssessmentResultRow, AssessmentResultRow.school_id == SchoolRow.id)
        .where(SchoolRow.closed_on < begins)
    )


def _deadlines_of_closed_schools() -> Select[int]:
    """What a school owes by a day after its last one."""
    return (
        select(func.count())
        .select_from(DeadlineRow)
        .join(SchoolRow, SchoolRow.id == DeadlineRow.school_id)
        .where(is_owed(), SchoolRow.closed_on < DeadlineRow.due_on)
    )


def _agreements_of_closed_schools() -> Select[int]:
    """Agreements in force for longer than one of the two schools is open."""
    sides = (AgreementRow.mentor_school_id, AgreementRow.mentee_school_id)
    return (
        select(func.count(AgreementRow.id.distinct()))
        .join(SchoolRow, SchoolRow.id.in_(sides))
        .where(
            AgreementRow.status.in_(sorted(OPEN_STATUSES)),
            SchoolRow.closed_on < AgreementRow.ends_on,
        )
    )


def _branches_without_school() -> Select[int]:
    """Branches that belong to no school."""
    is_lost = and_(SchoolRow.kind == "branch", SchoolRow.parent_id.is_(None))
    return select(func.count()).select_from(SchoolRow).where(is_lost)


def _owed_by_nobody() -> Select[int]:
    """What is owed by a school or a municipality in which no account answers for it."""
    of_school = and_(
        UserRow.role == Role.SCHOOL_EDITOR, UserRow.school_id == DeadlineRow.school_id
    )
    of_municipality = and_(
        UserRow.role == Role.MUNICIPAL_COORDINATOR, DeadlineRow.school_id.is_(None)
    )
    answers = exists().where(
        UserRow.is_active,
        UserRow.municipality_id == DeadlineRow.municipality_id,
        or_(of_school, of_municipality),
    )
    return select(func.count()).select_from(DeadlineRow).where(is_owed(), ~answers)


CHECKS: Final = {
    "results_after_closing": _results_after_closing(),
    "deadlines_of_closed_schools": _deadlines_of_closed_schools(),
    "agreements_of_closed_schools": _agreements_of_closed_schools(),
    "branches_without_school": _branches_without_school(),
    "owed_by_nobody": _owed_by_nobody(),
}
