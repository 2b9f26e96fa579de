"""Counting how far the roadmap of a programme is."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, literal, select, tuple_

from shared.persistence.execution import COUNTED, EVIDENCE, OF_DEADLINE, counts
from shared.persistence.paging import AnyRow
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def find_programme(work: Work, number: int) -> AnyRow | None:
    """Return a programme that the caller may see."""
    statement = (
        select(
            ProgrammeRow.id,
            ProgrammeRow.title,
            MunicipalityRow.time_zone,
            MunicipalityRow.synthetic,
        )
        .join(MunicipalityRow, MunicipalityRow.id == ProgrammeRow.municipality_id)
        .where(ProgrammeRow.id == number)
    )
    return (await work.session.execute(statement)).one_or_none()


async def count_execution(
    work: Work,
    programme_id: int,
    *,
    today: date,
    due_from: date | None,
    due_to: date | None,
) -> Sequence[AnyRow]:
    """Return the counts of each measure, of each who owes, and of all, in this order.

    `of_measures` and `of_schools` tell which of these a row is of.
    """
    deadline, measure, school = DeadlineRow, MeasureRow, SchoolRow
    by_measure, by_school = (
        func.grouping(deadline.measure_id) == 0,
        func.grouping(deadline.school_id) == 0,
    )
    statement = (
        select(
            by_measure.label("of_measures"),
            by_school.label("of_schools"),
            deadline.measure_id,
            func.min(measure.number).label("number"),
            func.min(measure.title).label("title"),
            func.min(measure.responsible_text).label("responsible_text"),
            deadline.school_id,
            func.min(school.name).label("school_name"),
            *(each.label(name) for name, each in counts(literal(today)).items()),
        )
        .join(measure, measure.id == deadline.measure_id)
        .outerjoin(school, school.id == deadline.school_id)
        .outerjoin(EVIDENCE, OF_DEADLINE)
        .where(measure.programme_id == programme_id, COUNTED)
        .group_by(
            func.grouping_sets(
                tuple_(deadline.measure_id), tuple_(deadline.school_id), tuple_()
            )
        )
        .order_by(func.min(measure.position), deadline.school_id.nulls_first())
    )
    if due_from is not None:
        statement = statement.where(deadline.due_on >= due_from)
    if due_to is not None:
        statement = statement.where(deadline.due_on <= due_to)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
