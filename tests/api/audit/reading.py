"""Reading the audit as the tests of it do."""

from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.work import begin_as_system


async def last_number(engine: AsyncEngine) -> int:
    async with begin_as_system(engine) as work:
        statement = select(func.coalesce(func.max(AuditEntryRow.number), 0))
        return (await work.session.scalars(statement)).one()


async def entries_after(engine: AsyncEngine, number: int) -> list[AuditEntryRow]:
    """Return the entries after a number, oldest first."""
    async with begin_as_system(engine) as work:
        rows = await work.session.scalars(
            select(AuditEntryRow)
            .where(AuditEntryRow.number > number)
            .order_by(AuditEntryRow.number)
        )
        return list(rows)


async def listed(client: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    answer = await client.get("/v1/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def own_id(client: httpx.AsyncClient) -> int:
    number: int = (await client.get("/v1/me")).json()["id"]
    return number
