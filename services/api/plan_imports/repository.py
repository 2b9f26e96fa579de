"""Uploaded tables of plans as they are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.plan_imports import PlanImportRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.work import Work

_IMPORT = PlanImportRow.__table__
_LISTED = [each for each in _IMPORT.c if each.name not in {"source", "preview"}]
SORTS: Sortable = {
    "id": _IMPORT.c.id,
    "created_at": _IMPORT.c.created_at,
}


async def insert_import(work: Work, values: Mapping[str, Any]) -> int:
    """Write a table that was uploaded; return its number."""
    statement = insert(PlanImportRow).values(**values, created_at=work.now)
    return (await work.session.scalars(statement.returning(PlanImportRow.id))).one()


async def find_import(work: Work, import_id: int) -> AnyRow | None:
    """Return an import that the caller may see."""
    statement = select(*_IMPORT.c).where(_IMPORT.c.id == import_id)
    return (await work.session.execute(statement)).one_or_none()


async def lock_import(work: Work, import_id: int) -> AnyRow | None:
    """Return an import that nobody else can commit until the transaction ends."""
    statement = select(*_IMPORT.c).where(_IMPORT.c.id == import_id).with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def list_imports(
    work: Work, *, programme_id: int | None, paging: NumberedPaging
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` imports without their lines."""
    statement = select(*_LISTED)
    if programme_id is not None:
        statement = statement.where(_IMPORT.c.programme_id == programme_id)
    return await read_numbered_page(work, statement, paging, key=_IMPORT.c.id, by=SORTS)


async def finish_import(
    work: Work, import_id: int, outcome: Mapping[str, Any], amendment_id: int | None
) -> None:
    """Write that an import was committed, and what that did."""
    await work.session.execute(
        update(PlanImportRow)
        .where(PlanImportRow.id == import_id)
        .values(committed_at=work.now, outcome=dict(outcome), amendment_id=amendment_id)
    )


async def order_as(work: Work, programme_id: int, keys: Sequence[str]) -> None:
    """Put measures of a programme into the order of these keys.

    They take the places that they have among themselves; other measures keep theirs.
    """
    found = await work.session.execute(
        select(MeasureRow.id, MeasureRow.key, MeasureRow.position)
        .where(MeasureRow.programme_id == programme_id, MeasureRow.key.in_(keys))
        .order_by(MeasureRow.position)
    )
    rows = {row.key: row for row in found}
    places = sorted(row.position for row in rows.values())
    wanted = [rows[key] for key in keys if key in rows]
    moved = [
        {"measure": row.id, "place": place}
        for row, place in zip(wanted, places, strict=True)
        if row.position != place
    ]
    if moved:
        statement = (
            update(MeasureRow)
            .where(MeasureRow.id == bindparam("measure"))
            .values(position=bindparam("place"))
        )
        connection = await work.session.connection()
        await connection.execute(statement, moved)
