"""Reading the figures of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    Subquery,
    Unicode,
    and_,
    case,
    cast,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from shared.contracts.events import Topic
from shared.domain.programme_state import ChangeKind
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.runs import RunRecord
from shared.persistence.tables.amendments import (
    ProgrammeAmendmentChangeRow,
    ProgrammeAmendmentRow,
)
from shared.persistence.tables.figures import FigureRow, IndicatorValueRow
from shared.persistence.tables.programmes import (
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
    TaskRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import CurrentRunRow, ProgrammeValueRow
from shared.persistence.work import Work

VALUE = ProgrammeValueRow.__table__
# The range has a low and a high end, too.
_RENAMED = {"low": "percent_low", "high": "percent_high"}

Scope = Literal["district", "school"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFilter:
    """What a list is narrowed to; None does not narrow."""

    scope: Scope | None = None
    school_id: int | None = None
    procedure: str | None = None
    subject: str | None = None


async def list_values(
    work: Work, run_id: int, wanted: ValueFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` figures that the caller may see, as written."""
    statement = (
        select(*IndicatorValueRow.__table__.c, SchoolRow.name.label("school_name"))
        .outerjoin(SchoolRow, SchoolRow.id == IndicatorValueRow.school_id)
        .where(IndicatorValueRow.run_id == run_id)
    )
    if wanted.scope is not None:
        is_district = IndicatorValueRow.school_id.is_(None)
        statement = statement.where(
            is_district if wanted.scope == "district" else ~is_district
        )
    for name in ("school_id", "procedure", "subject"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(getattr(IndicatorValueRow, name) == value)
    return await read_page(
        work, statement, IndicatorValueRow.id, after=after, limit=limit
    )


async def list_districts(work: Work, run_id: int) -> Sequence[AnyRow]:
    """Return the municipality's own figures of a run, a row for each key."""
    rows = await work.session.execute(
        select(*FigureRow.__table__.c).where(
            FigureRow.run_id == run_id, FigureRow.school_id.is_(None)
        )
    )
    return rows.all()


async def list_earlier(
    work: Work, run: RunRecord, page: Sequence[AnyRow], *, years: int
) -> Sequence[AnyRow]:
    """Return the current figures of the years before for whatever a page is of.

    `years` counts the run's own year, too.
    """
    if years <= 1 or not page:
        return []
    current = CurrentRunRow
    schools = {row.school_id for row in page}
    is_of_page = or_(
        FigureRow.school_id.in_(schools - {None}),
        and_(FigureRow.school_id.is_(None), literal(None in schools)),
    )
    rows = await work.session.execute(
        select(*FigureRow.__table__.c, current.year)
        .join(current, current.run_id == FigureRow.run_id)
        .where(
            current.municipality_id == run.municipality_id,
            current.topic == Topic.RESULTS,
            current.year.between(run.year - years + 1, run.year - 1),
            is_of_page,
        )
        .order_by(current.year)
    )
    return rows.all()


async def list_programme_values(
    work: Work, run_id: int, *, programme_id: int | None, year: int | None
) -> Sequence[dict[str, Any]]:
    """Return the values of a run beside their indicators, tasks and ranges.

    They come indicator by indicator in the order of the documents, and by year. A
    range has the latest order that set it, null where it is as the programme has it.
    """
    orders = _latest_orders()
    statement = (
        select(
            *(column for column in VALUE.c if column.name not in _RENAMED),
            *(VALUE.c[name].label(label) for name, label in _RENAMED.items()),
            ProgrammeRow.years,
            TargetIndicatorRow.code,
            TargetIndicatorRow.title,
            TargetIndicatorRow.heading,
            TargetIndicatorRow.task_number,
            TaskRow.title.label("task_title"),
            TargetIndicatorRow.unit,
            TargetIndicatorRow.direction,
            TargetIndicatorRow.target_text,
            case(
                (TargetIndicatorRow.added_on.is_not(None), literal("local")),
                else_=ProgrammeRow.provenance,
            ).label("provenance"),
            TargetRangeRow.low,
            TargetRangeRow.high,
            TargetRangeRow.text.label("range_text"),
            orders.c.amendment_id,
            orders.c.order_number,
            orders.c.order_on,
            orders.c.body,
        )
        .join(ProgrammeRow, ProgrammeRow.id == ProgrammeValueRow.programme_id)
        .join(
            TargetIndicatorRow, TargetIndicatorRow.id == ProgrammeValueRow.indicator_id
        )
        .outerjoin(
            TaskRow,
            and_(
                TaskRow.programme_id == ProgrammeValueRow.programme_id,
                TaskRow.number == TargetIndicatorRow.task_number,
            ),
        )
        .outerjoin(
            TargetRangeRow,
            and_(
                TargetRangeRow.indicator_id == ProgrammeValueRow.indicator_id,
                TargetRangeRow.year == ProgrammeValueRow.year,
            ),
        )
        .outerjoin(
            orders,
            and_(
                orders.c.programme_id == ProgrammeValueRow.programme_id,
                orders.c.subject
                == TargetIndicatorRow.code + ":" + cast(TargetRangeRow.year, Unicode),
            ),
        )
        .where(ProgrammeValueRow.run_id == run_id)
        .order_by(
            ProgrammeValueRow.programme_id,
            TargetIndicatorRow.position,
            ProgrammeValueRow.indicator_id,
            ProgrammeValueRow.year,
        )
    )
    if programme_id is not None:
        statement = statement.where(ProgrammeValueRow.programme_id == programme_id)
    if year is not None:
        statement = statement.where(ProgrammeValueRow.year == year)
    rows = await work.session.execute(statement)
    return [dict(row) for row in rows.mappings()]


def _latest_orders() -> Subquery:
    """Return of each range that any order set, by programme and subject, the latest."""
    order, change = ProgrammeAmendmentRow, ProgrammeAmendmentChangeRow
    return (
        select(
            order.programme_id,
            change.subject,
            order.id.label("amendment_id"),
            order.order_number,
            order.order_on,
            order.body,
        )
        .join(order, order.id == change.amendment_id)
        .where(change.kind == ChangeKind.CHANGE_TARGET)
        .ext(distinct_on(order.programme_id, change.subject))
        .order_by(
            order.programme_id,
            change.subject,
            order.order_on.desc(),
            order.id.desc(),
        )
        .subquery("orders")
    )
