"""Reading deadlines."""

from collections.abc import Sequence

from sqlalchemy import Date, and_, cast, func, literal, select, tuple_

from services.api.roadmaps.schemas import DeadlineFilter
from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import DeadlineRow, MeasureRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def list_deadlines(
    work: Work, chosen: DeadlineFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` deadlines by due date, after the deadline `after`.

    Days left are counted on the municipality's own date.
    """
    today = cast(func.timezone(MunicipalityRow.time_zone, literal(work.now)), Date)
    days_left = DeadlineRow.due_on - today
    statement = (
        select(
            *DeadlineRow.__table__.c,
            MeasureRow.programme_id,
            MeasureRow.number.label("measure_number"),
            MeasureRow.title.label("measure_title"),
            MeasureRow.term_text,
            MeasureRow.expected_result,
            SchoolRow.name.label("school_name"),
            days_left.label("days_left"),
            and_(DeadlineRow.state == "open", days_left < 0).label("is_overdue"),
        )
        .join(MeasureRow, MeasureRow.id == DeadlineRow.measure_id)
        .join(MunicipalityRow, MunicipalityRow.id == DeadlineRow.municipality_id)
        .outerjoin(SchoolRow, SchoolRow.id == DeadlineRow.school_id)
        .order_by(DeadlineRow.due_on, DeadlineRow.id)
        .limit(limit + 1)
    )
    for column, value in (
        (DeadlineRow.school_id, chosen.school_id),
        (MeasureRow.programme_id, chosen.programme_id),
        (DeadlineRow.state, chosen.state),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if chosen.due_from is not None:
        statement = statement.where(DeadlineRow.due_on >= chosen.due_from)
    if chosen.due_to is not None:
        statement = statement.where(DeadlineRow.due_on <= chosen.due_to)
    if after:
        last = select(DeadlineRow.due_on, DeadlineRow.id).where(DeadlineRow.id == after)
        place = tuple_(DeadlineRow.due_on, DeadlineRow.id)
        statement = statement.where(place > last.scalar_subquery())
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
