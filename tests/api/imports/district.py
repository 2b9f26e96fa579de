"""A district's schools and files as the tests of importing over HTTP see them."""

import io
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import Placed, read_schools
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.results import (
    AssessmentResultRow,
    ImportLineRow,
    ImportRow,
)
from shared.persistence.work import begin_as_system
from tests.api.imports.workbooks import row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the database holds that an import may touch."""

    results: frozenset[tuple[int, int]]  # id and version
    imports: int
    lines: int
    last_event: int


async def snapshot(engine: AsyncEngine) -> Snapshot:
    async with begin_as_system(engine) as work:
        results = await work.session.execute(
            select(AssessmentResultRow.id, AssessmentResultRow.version)
        )
        numbers = [
            (await work.session.scalars(select(count))).one()
            for count in (
                func.count(ImportRow.id),
                func.count(ImportLineRow.id),
                func.max(OutboxRow.number),
            )
        ]
        return Snapshot(frozenset((r.id, r.version) for r in results), *numbers)


async def events_after(engine: AsyncEngine, number: int) -> list[OutboxRow]:
    async with begin_as_system(engine) as work:
        rows = await work.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.number > number)
            .order_by(OutboxRow.academic_year)
        )
        return list(rows)


async def schools(engine: AsyncEngine) -> dict[str, Placed]:
    """Return the demonstration's schools by ``uzhur.ilinskaya``."""
    async with begin_as_system(engine) as work:
        return {placed.demo.code: placed for placed in await read_schools(work)}


async def municipality_id(engine: AsyncEngine, code: str) -> int:
    async with begin_as_system(engine) as work:
        statement = select(MunicipalityRow.id).where(MunicipalityRow.code == code)
        return (await work.session.scalars(statement)).one()


def row_of(school: Placed, /, **changes: object) -> list[object]:
    """Return a sound row of the school: 25 pupils, 12, 28, 40 and 20 %."""
    own: dict[str, object] = {
        "municipality": school.demo.municipality,
        "school": school.demo.name,
        "login": school.demo.login,
    }
    return row(**(own | changes))


async def upload(
    client: httpx.AsyncClient,
    content: io.BytesIO | bytes,
    name: str = "статистика.xlsx",
    **fields: Any,
) -> httpx.Response:
    body = content if isinstance(content, bytes) else content.getvalue()
    return await client.post(
        "/v1/imports",
        data={"file_format": "mark_statistics"} | fields,
        files={"file": (name, body, XLSX)},
    )


async def preview(
    client: httpx.AsyncClient, content: io.BytesIO, **fields: Any
) -> dict[str, Any]:
    answer = await upload(client, content, **fields)
    assert answer.status_code == 201, answer.text
    previewed: dict[str, Any] = answer.json()
    return previewed


async def commit(
    client: httpx.AsyncClient, previewed: dict[str, Any], mode: str = "all_or_nothing"
) -> httpx.Response:
    return await client.post(
        f"/v1/imports/{previewed['id']}/commit", json={"mode": mode}
    )


def counts(previewed: dict[str, Any]) -> dict[str, int]:
    """Return the counts that are not zero."""
    return {
        name: count
        for name, count in previewed["counts"].items()
        if count and name != "skipped_by"
    }


def places(lines: list[dict[str, Any]]) -> list[tuple[str, int, str, str | None]]:
    """Return sheet, row, column and value of every fault of bad rows."""
    faults = [fault for line in lines for fault in line["faults"]]
    assert all(fault["reason_ru"] and fault["reason_en"] for fault in faults)
    return [(f["sheet"], f["row"], f["column"], f["value"]) for f in faults]
