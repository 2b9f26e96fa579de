"""Reading changes by their numbers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from services.api.changes.records import Wanted
from shared.persistence.tables.feed import ChangeRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import Work


async def read_changes(
    work: Work, wanted: Wanted, datasets: Sequence[str], *, up_to: int
) -> Sequence[ChangeRow]:
    """Return a page of what the caller may see, and one change more if there is one.

    `up_to` is a number that the transaction had seen before: what has a lower one is
    committed, so nothing can come in between.
    """
    statement = (
        select(ChangeRow)
        .where(
            ChangeRow.number > wanted.after,
            ChangeRow.number <= up_to,
            ChangeRow.dataset.in_(datasets),
        )
        .order_by(ChangeRow.number)
        .limit(wanted.limit + 1)
    )
    return (await work.session.scalars(_narrowed(statement, wanted))).all()


def _narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.events:
        is_event = ChangeRow.action == "event"
        statement = statement.where(is_event, ChangeRow.event.in_(wanted.events))
    if wanted.region_id is not None:
        of_region = select(MunicipalityRow.id).where(
            MunicipalityRow.region_id == wanted.region_id
        )
        statement = statement.where(ChangeRow.municipality_id.in_(of_region))
    if wanted.municipality_id is not None:
        statement = statement.where(ChangeRow.municipality_id == wanted.municipality_id)
    if wanted.school_id is not None:
        statement = statement.where(ChangeRow.school_id == wanted.school_id)
    return statement
