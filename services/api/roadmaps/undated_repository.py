"""Reading what asks for something by a day that nobody has told yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.risks import AntiRiskProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def list_undated(
    work: Work, *, school_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` programmes against risks without a first day."""
    record = AntiRiskProgrammeRow
    columns: list[Any] = [
        record.id,
        record.municipality_id,
        record.school_id,
        SchoolRow.name.label("school_name"),
        record.goal,
    ]
    statement = (
        select(*columns)
        .join(SchoolRow, SchoolRow.id == record.school_id)
        .where(
            record.starts_on.is_(None),
            or_(SchoolRow.closed_on.is_(None), SchoolRow.closed_on > work.now.date()),
        )
    )
    if school_id is not None:
        statement = statement.where(record.school_id == school_id)
    return await read_page(work, statement, record.id, after=after, limit=limit)
