"""Reading and writing a region's versions of its reminder rules."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, insert, select

from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import MunicipalityRow, RegionRow
from shared.persistence.tables.reminder_choices import RegionalReminderRuleRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

LOCK = 5_703  # of writing rules; the second number is the region's


async def sees_region(work: Work, region_id: int, *, own_region: int | None) -> bool:
    """Tell whether there is such a region: the own, or one with a municipality seen."""
    if own_region == region_id:
        return True
    seen = exists().where(MunicipalityRow.region_id == region_id)
    is_everywhere = select(func.tenancy.sees_all())
    found = select(
        exists().where(
            RegionRow.id == region_id, seen | is_everywhere.scalar_subquery()
        )
    )
    return bool(await work.session.scalar(found))


async def lock_rules(work: Work, region_id: int) -> None:
    """Let nobody else write the region's rules before the end."""
    await work.session.execute(select(func.pg_advisory_xact_lock(LOCK, region_id)))


async def list_municipalities(work: Work, region_id: int) -> list[int]:
    """Return the region's municipalities."""
    rows = await work.session.scalars(
        select(MunicipalityRow.id)
        .where(MunicipalityRow.region_id == region_id)
        .order_by(MunicipalityRow.id)
    )
    return list(rows)


async def read_documents(
    work: Work, region_id: int
) -> dict[str | None, tuple[int, dict[str, Any] | None]]:
    """Return the newest version of what was decided, by kind of deadline."""
    row = RegionalReminderRuleRow
    rows = await work.session.execute(
        select(row.kind, row.version, row.document)
        .where(row.region_id == region_id)
        .order_by(row.version)
    )
    return {kind: (version, document) for kind, version, document in rows}


async def add_version(
    work: Work,
    region_id: int,
    kind: str | None,
    *,
    version: int,
    document: dict[str, Any] | None,
) -> None:
    """Write another version."""
    await work.session.execute(
        insert(RegionalReminderRuleRow).values(
            region_id=region_id,
            kind=kind,
            version=version,
            document=document,
            written_by=work.user_id,
            written_at=work.now,
        )
    )


async def list_versions(
    work: Work, region_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` versions of all kinds, the oldest first."""
    row = RegionalReminderRuleRow
    rows: Sequence[AnyRow] = (
        await work.session.execute(
            select(
                row.id,
                row.region_id,
                row.kind,
                row.version,
                row.document,
                func.coalesce(UserRow.login, "").label("written_by"),
                row.written_at,
            )
            .outerjoin(UserRow, UserRow.id == row.written_by)
            .where(row.region_id == region_id, row.id > after)
            .order_by(row.id)
            .limit(limit + 1)
        )
    ).all()
    return rows
