"""Reading programmes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable, read_page
from shared.persistence.tables.decisions import BudgetItemRow
from shared.persistence.tables.programmes import (
    MeasureRow,
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
    TaskRow,
)
from shared.persistence.work import Work

SORTS: Sortable = {
    "id": ProgrammeRow.__table__.c.id,
    "starts_on": ProgrammeRow.__table__.c.starts_on,
    "ends_on": ProgrammeRow.__table__.c.ends_on,
    "title": ProgrammeRow.__table__.c.title,
}


async def list_programmes(
    work: Work, *, municipality_id: int | None, paging: NumberedPaging
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` programmes that the caller may see."""
    statement = select(*ProgrammeRow.__table__.c)
    if municipality_id is not None:
        statement = statement.where(ProgrammeRow.municipality_id == municipality_id)
    return await read_numbered_page(
        work, statement, paging, key=ProgrammeRow.__table__.c.id, by=SORTS
    )


async def find_programme(work: Work, programme_id: int) -> AnyRow | None:
    """Return a programme that the caller may see."""
    found = await work.session.execute(
        select(*ProgrammeRow.__table__.c).where(ProgrammeRow.id == programme_id)
    )
    return found.one_or_none()


async def find_by_code(work: Work, code: str) -> AnyRow | None:
    """Return a programme that the caller may see, by its code."""
    found = await work.session.execute(
        select(ProgrammeRow.id, ProgrammeRow.municipality_id).where(
            ProgrammeRow.code == code
        )
    )
    return found.one_or_none()


async def list_tasks(work: Work, programme_id: int) -> Sequence[AnyRow]:
    """Return the programme's tasks in order; a document has a handful."""
    rows = await work.session.execute(
        select(*TaskRow.__table__.c)
        .where(TaskRow.programme_id == programme_id)
        .order_by(TaskRow.number)
    )
    return rows.all()


async def count_measures(work: Work, programme_id: int) -> dict[str, int]:
    """Return how many lines each plan of the programme has."""
    rows = await work.session.execute(
        select(MeasureRow.plan, func.count())
        .where(
            MeasureRow.programme_id == programme_id, MeasureRow.withdrawn_on.is_(None)
        )
        .group_by(MeasureRow.plan)
    )
    return dict(rows.all())


async def list_indicators(work: Work, programme_id: int) -> list[dict[str, Any]]:
    """Return the programme's indicators in order, each with its targets."""
    targets = await work.session.execute(
        select(*TargetRangeRow.__table__.c)
        .join(TargetIndicatorRow, TargetIndicatorRow.id == TargetRangeRow.indicator_id)
        .where(TargetIndicatorRow.programme_id == programme_id)
        .order_by(TargetRangeRow.year)
    )
    by_indicator: dict[int, list[AnyRow]] = {}
    for target in targets:
        by_indicator.setdefault(target.indicator_id, []).append(target)
    indicators = await work.session.execute(
        select(*TargetIndicatorRow.__table__.c)
        .where(TargetIndicatorRow.programme_id == programme_id)
        .order_by(TargetIndicatorRow.position)
    )
    return [
        {**row._mapping, "targets": by_indicator.get(row.id, [])}  # noqa: SLF001 (SQLAlchemy's public name)
        for row in indicators
    ]


async def list_measures(
    work: Work, programme_id: int, *, plan: str | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` measures in force after the position `after`."""
    statement = select(*MeasureRow.__table__.c).where(
        MeasureRow.programme_id == programme_id, MeasureRow.withdrawn_on.is_(None)
    )
    if plan is not None:
        statement = statement.where(MeasureRow.plan == plan)
    return await read_page(
        work, statement, MeasureRow.position, after=after, limit=limit
    )


async def sum_budget(work: Work, programme_id: int) -> Sequence[AnyRow]:
    """Return what is planned and spent, by year and source, in that order."""
    item = BudgetItemRow
    statement = (
        select(
            item.year,
            item.source,
            func.count().label("items"),
            func.sum(item.planned).label("planned"),
            func.coalesce(func.sum(item.spent), 0).label("spent"),
            func.count().filter(item.spent.is_(None)).label("items_not_spent"),
        )
        .where(item.programme_id == programme_id)
        .group_by(item.year, item.source)
        .order_by(item.year, item.source)
    )
    return (await work.session.execute(statement)).all()
