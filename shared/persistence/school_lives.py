"""From when until when schools exist, and which ones took over from them."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from shared.domain.reorganisations import SchoolLife
from shared.persistence.tables.reorganisations import LineageRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def read_life(work: Work, school_id: int) -> SchoolLife | None:
    """Return the life of a school that the transaction may see.

    Of its successors only those are named that the transaction sees.
    """
    found = await work.session.execute(_lives().where(SchoolRow.id == school_id))
    row = found.one_or_none()
    return None if row is None else _life(row)


async def read_bounded_lives(work: Work, municipality_id: int) -> dict[int, SchoolLife]:
    """Return the lives of those schools of which a first or last day is known."""
    rows = await work.session.execute(
        _lives().where(
            SchoolRow.municipality_id == municipality_id,
            or_(SchoolRow.opened_on.is_not(None), SchoolRow.closed_on.is_not(None)),
        )
    )
    return {row.id: _life(row) for row in rows}


def _lives() -> Select[Any]:
    successor = aliased(SchoolRow)
    successors = (
        select(func.array_agg(successor.name))
        .join(LineageRow, LineageRow.successor_id == successor.id)
        .where(LineageRow.predecessor_id == SchoolRow.id)
        .correlate(SchoolRow)
        .scalar_subquery()
    )
    return select(
        SchoolRow.id,
        SchoolRow.name,
        SchoolRow.opened_on,
        SchoolRow.closed_on,
        successors.label("successors"),
    )


def _life(row: Any) -> SchoolLife:
    successors = tuple(sorted(row.successors or ()))
    return SchoolLife(row.id, row.name, row.opened_on, row.closed_on, successors)
