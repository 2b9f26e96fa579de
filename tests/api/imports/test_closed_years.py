"""Files with rows of a year that was submitted or locked."""

from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import Placed
from tests.api.audit.reading import entries_after, last_number
from tests.api.imports.district import (
    commit,
    counts,
    preview,
    row_of,
    schools,
    snapshot,
    upload,
)
from tests.api.imports.workbooks import statistics
from tests.api.years.steps import go
from tests.support.api import ClientAs

ILINKA, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"
WHY = {"reason": "Апелляция"}


@pytest_asyncio.fixture
async def placed(engine: AsyncEngine) -> dict[str, Placed]:
    return await schools(engine)


def file_of(placed: dict[str, Placed]) -> Any:
    """Return a workbook with the year 2019 of two schools."""
    return statistics(
        *(
            row_of(placed[code], grade=grade, year=2020)
            for code in (ILINKA, OTHER)
            for grade in (5, 6)
        )
    )


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], **query: str
) -> httpx.Response:
    return await client.post(f"/v1/imports/{path}", json=body, params=query)


async def year_of(client: httpx.AsyncClient, placed: dict[str, Placed]) -> int:
    """Return the academic year that the file's rows are of."""
    file = await preview(client, file_of(placed))
    lines = await client.get(f"/v1/imports/{file['id']}/lines")
    year: int = lines.json()["items"][0]["record"]["academic_year"]
    return year


async def test_rows_of_a_closed_year_are_bad_and_the_others_go_on(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    office = await client_as("uzhur")
    year = await year_of(office, placed)
    await go(office, placed[ILINKA].school_id, "lock", year=year)
    file = await preview(office, file_of(placed))
    assert counts(file) == {"new": 2, "bad": 2}
    for line in file["bad_rows"]:
        (fault,) = line["faults"]
        assert (line["record"], fault["row"]) == (None, line["row"])
        assert "reason" in fault["reason_en"]
        assert "закрыты приказом" in fault["reason_ru"]
    answer = await commit(office, file)
    assert answer.json()["code"] == "import_has_bad_rows"
    answer = await commit(office, file, mode="partial")
    assert (answer.json()["new"], answer.json()["left_out"]) == (2, 2)


async def test_with_a_reason_a_closed_year_is_imported_and_the_reason_kept(
    client_as: ClientAs, engine: AsyncEngine, placed: dict[str, Placed]
) -> None:
    office = await client_as("uzhur")
    year = await year_of(office, placed)
    await go(office, placed[ILINKA].school_id, "submit", year=year)
    sent = await office.post(
        "/v1/imports",
        params=WHY,
        data={"file_format": "mark_statistics"},
        files={"file": ("marks.xlsx", file_of(placed).getvalue())},
    )
    assert sent.status_code == 201, sent.text
    assert (counts(sent.json()), sent.json()["reason"]) == ({"new": 4}, "Апелляция")
    before = await last_number(engine)
    assert (await commit(office, sent.json())).json()["new"] == 4
    entries = await entries_after(engine, before)
    told = [entry for entry in entries if entry.row_ids]
    assert sum(len(entry.row_ids or ()) for entry in told) == 4
    assert {entry.reason for entry in entries} == {"Апелляция"}
    again = await preview(office, file_of(placed))
    assert counts(again) == {"unchanged": 4}


async def test_a_year_that_is_closed_after_the_preview_stops_the_commit(
    client_as: ClientAs, engine: AsyncEngine, placed: dict[str, Placed]
) -> None:
    office = await client_as("uzhur")
    year = await year_of(office, placed)
    file = await preview(office, file_of(placed))
    await go(office, placed[ILINKA].school_id, "lock", year=year)
    before = await snapshot(engine)
    for mode in ("all_or_nothing", "partial"):
        answer = await commit(office, file, mode=mode)
        assert (answer.status_code, answer.json()["code"]) == (409, "year_locked")
    assert await snapshot(engine) == before
    body = {"mode": "all_or_nothing"}
    answer = await post(office, f"{file['id']}/commit", body, **WHY)
    assert (answer.status_code, answer.json()["new"]) == (200, 4)


async def test_a_reason_of_blanks_is_none(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    office = await client_as("uzhur")
    assert (await upload(office, file_of(placed))).status_code == 201
    file = await preview(office, file_of(placed))
    answer = await post(office, f"{file['id']}/commit", {"mode": "partial"}, reason=" ")
    assert answer.status_code == 422
