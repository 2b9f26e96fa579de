"""Regions and municipalities as they are written."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.work import Work

_REGION = RegionRow.__table__.c
_MUNICIPALITY = MunicipalityRow.__table__.c


async def list_regions(work: Work, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Return up to `limit + 1` regions."""
    return await read_page(
        work, select(*_REGION), RegionRow.id, after=after, limit=limit
    )


async def insert_region(work: Work, values: Mapping[str, Any]) -> AnyRow | None:
    """Write a new region and return it; None where its code is taken."""
    statement = (
        insert(RegionRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(*_REGION)
    )
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def has_region(work: Work, region_id: int) -> bool:
    """Tell whether there is the region."""
    found = await work.session.scalar(
        select(RegionRow.id).where(RegionRow.id == region_id)
    )
    return found is not None


async def insert_municipality(work: Work, values: Mapping[str, Any]) -> int | None:
    """Write a new municipality and return its number; None where its code is taken."""
    statement = (
        insert(MunicipalityRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(MunicipalityRow.id)
    )
    number: int | None = await work.session.scalar(statement)
    return number


async def lock_municipality(work: Work, municipality_id: int) -> dict[str, Any] | None:
    """Return a municipality that nobody else can change until the transaction ends."""
    statement = (
        select(*_MUNICIPALITY).where(MunicipalityRow.id == municipality_id)
    ).with_for_update()
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else dict(row)


async def update_municipality(
    work: Work, municipality_id: int, values: Mapping[str, Any]
) -> None:
    """Write what is known of a municipality."""
    await work.session.execute(
        update(MunicipalityRow)
        .where(MunicipalityRow.id == municipality_id)
        .values(**values)
    )
