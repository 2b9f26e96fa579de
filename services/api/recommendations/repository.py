"""Reading and writing answers to recommendations."""

from typing import Any

from sqlalchemy import select, update

from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.work import Work

TABLE = RecommendationRow.__table__


async def lock_recommendation(work: Work, number: int) -> AnyRow | None:
    """Return a recommendation that nobody else can change meanwhile."""
    statement = (
        select(*TABLE.c, MunicipalityRow.time_zone)
        .join(MunicipalityRow, MunicipalityRow.id == TABLE.c.municipality_id)
        .where(TABLE.c.id == number)
        .with_for_update(of=TABLE)
    )
    return (await work.session.execute(statement)).one_or_none()


async def update_recommendation(work: Work, number: int, **values: Any) -> AnyRow:
    """Write the next version of a recommendation and return it."""
    statement = (
        update(RecommendationRow)
        .where(RecommendationRow.id == number)
        .values(version=RecommendationRow.version + 1, **values)
        .returning(*TABLE.c)
    )
    return (await work.session.execute(statement)).one()
