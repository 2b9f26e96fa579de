"""Schools as they are written, and as whoever writes them sees them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.api.organisations.repository import SCHOOLS
from shared.persistence.paging import AnyRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def find_school(work: Work, school_id: int) -> AnyRow | None:
    """Return a school that the caller may see."""
    found = await work.session.execute(SCHOOLS.where(SchoolRow.id == school_id))
    return found.one_or_none()


async def insert_school(work: Work, values: Mapping[str, Any]) -> int | None:
    """Write a new school and return its number; None where its code is taken."""
    statement = (
        insert(SchoolRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["municipality_id", "code"])
        .returning(SchoolRow.id)
    )
    number: int | None = await work.session.scalar(statement)
    return number


async def lock_school(work: Work, school_id: int) -> dict[str, Any] | None:
    """Return a school that nobody else can change until the transaction ends."""
    statement = (
        select(*SchoolRow.__table__.c).where(SchoolRow.id == school_id)
    ).with_for_update()
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else dict(row)


async def hold_school(work: Work, school_id: int) -> AnyRow | None:
    """Return a school that stays as it is until the transaction ends."""
    key = SchoolRow.id == school_id
    await work.session.execute(
        select(SchoolRow.id).where(key).with_for_update(read=True)
    )
    return await find_school(work, school_id)


async def has_branches(work: Work, school_id: int) -> bool:
    """Tell whether the school is the parent of another."""
    branches = select(SchoolRow.id).where(SchoolRow.parent_id == school_id).exists()
    return bool(await work.session.scalar(select(branches)))


async def update_school(work: Work, school_id: int, values: Mapping[str, Any]) -> None:
    """Write the next version of a school."""
    await work.session.execute(
        update(SchoolRow)
        .where(SchoolRow.id == school_id)
        .values(**values, version=SchoolRow.version + 1)
    )
