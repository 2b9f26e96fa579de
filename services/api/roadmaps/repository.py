"""Reading deadlines."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    cast,
    func,
    literal,
    not_,
    select,
)

from services.api.roadmaps.schemas import DeadlineFilter
from shared.persistence.deadlines import TITLE, is_owed
from shared.persistence.paging import AnyRow, Paging, read_sorted_page
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_DEADLINE = DeadlineRow.__table__.c

SORTS = {name: _DEADLINE[name] for name in ("due_on", "id", "school_id")}


async def list_deadlines(
    work: Work, chosen: DeadlineFilter, paging: Paging
) -> Sequence[AnyRow]:
    """Return the deadlines of a page, and one more where there is a next.

    Days left are counted on the municipality's own date.
    """
    statement = _deadlines(work).where(*_conditions(work, chosen))
    return await read_sorted_page(work, statement, paging, key=_DEADLINE.id, by=SORTS)


async def read_deadline(work: Work, number: int) -> AnyRow | None:
    """Return a deadline that the caller may see."""
    statement = _deadlines(work).where(DeadlineRow.id == number)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


def _conditions(work: Work, chosen: DeadlineFilter) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of the deadlines wanted."""
    for column, value in (
        (DeadlineRow.municipality_id, chosen.municipality_id),
        (DeadlineRow.school_id, chosen.school_id),
        (DeadlineRow.measure_id, chosen.measure_id),
        (DeadlineRow.kind, chosen.kind),
        (DeadlineRow.state, chosen.state),
        (MeasureRow.programme_id, chosen.programme_id),
    ):
        if value is not None:
            yield column == value
    if chosen.party is not None:
        yield DeadlineRow.school_id.is_(None) == (chosen.party == "municipality")
    if chosen.responsible is not None:
        yield MeasureRow.responsible_text.icontains(chosen.responsible, autoescape=True)
    if chosen.overdue is not None:
        is_overdue = and_(is_owed(), DeadlineRow.due_on < _today(work))
        yield is_overdue if chosen.overdue else not_(is_overdue)
    if chosen.days_of_week is not None:
        yield DeadlineRow.due_on.between(*chosen.days_of_week)
    if chosen.due_from is not None:
        yield DeadlineRow.due_on >= chosen.due_from
    if chosen.due_to is not None:
        yield DeadlineRow.due_on <= chosen.due_to


def _today(work: Work) -> ColumnElement[Any]:
    return cast(func.timezone(MunicipalityRow.time_zone, literal(work.now)), Date)


def _deadlines(work: Work) -> Select[Any]:
    """Return the query of deadlines with their words, as they stand today."""
    days_left = DeadlineRow.due_on - _today(work)
    return (
        select(
            *(each for each in _DEADLINE if each.key != "title"),
            MeasureRow.programme_id,
            MeasureRow.number,
            TITLE.label("title"),
            MeasureRow.term_text,
            MeasureRow.responsible_text,
            MeasureRow.expected_result,
            SchoolRow.name.label("school_name"),
            days_left.label("days_left"),
            and_(is_owed(), days_left < 0).label("is_overdue"),
        )
        .outerjoin(MeasureRow, MeasureRow.id == DeadlineRow.measure_id)
        .join(MunicipalityRow, MunicipalityRow.id == DeadlineRow.municipality_id)
        .outerjoin(SchoolRow, SchoolRow.id == DeadlineRow.school_id)
    )
