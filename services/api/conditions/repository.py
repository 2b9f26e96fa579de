"""Reading schools' conditions."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import select

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.conditions import (
    ConditionIndexRangeRow,
    ListMembershipRow,
    ObjectivitySignRow,
    ResourceItemRow,
    SocialShareRow,
    StaffProfileRow,
    VacancyRow,
)
from shared.persistence.work import Work

SchoolTable: TypeAlias = (
    type[SocialShareRow]
    | type[StaffProfileRow]
    | type[VacancyRow]
    | type[ObjectivitySignRow]
    | type[ListMembershipRow]
    | type[ResourceItemRow]
)

TABLES: dict[str, SchoolTable] = {
    "social-shares": SocialShareRow,
    "staff-profiles": StaffProfileRow,
    "vacancies": VacancyRow,
    "objectivity-signs": ObjectivitySignRow,
    "list-memberships": ListMembershipRow,
    "resource-items": ResourceItemRow,
}


async def list_rows(
    work: Work, dataset: str, *, school_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` rows of a dataset that the caller may see."""
    table = TABLES[dataset]
    statement = select(*table.__table__.c)
    if school_id is not None:
        statement = statement.where(table.school_id == school_id)
    return await read_page(work, statement, table.id, after=after, limit=limit)


async def list_index_ranges(
    work: Work, *, municipality_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return the published ranges of the index of conditions."""
    statement = select(*ConditionIndexRangeRow.__table__.c)
    if municipality_id is not None:
        statement = statement.where(
            ConditionIndexRangeRow.municipality_id == municipality_id
        )
    return await read_page(
        work, statement, ConditionIndexRangeRow.id, after=after, limit=limit
    )
