"""The feed as other systems read it: pages, long polls and streams."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.permissions import Role
from shared.persistence.work import begin_as_system
from tests.api.changes.consumer import FEED
from tests.support.accounts import client_with, open_account_for, token_for
from tests.support.api import ClientAs

BOUND = 30.0
ALIASES = "/v1/school-aliases"


async def read(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get(FEED, params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def end_of(client: httpx.AsyncClient) -> int:
    last: int = (await read(client, limit=1))["last_number"]
    return last


async def execute(engine: AsyncEngine, *statements: str) -> None:
    async with begin_as_system(engine) as work:
        for statement in statements:
            await work.session.execute(text(statement))


async def first_school(client: httpx.AsyncClient) -> dict[str, Any]:
    listed = (await client.get("/v1/schools", params={"limit": 1})).json()
    school: dict[str, Any] = listed["items"][0]
    return school


async def add_alias(client: httpx.AsyncClient, alias: str) -> httpx.Response:
    school = await first_school(client)
    body = {"school_id": school["id"], "alias": alias}
    answer = await client.post(ALIASES, json=body)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_row_is_told_of_from_its_making_to_its_end(client_as: ClientAs) -> None:
    office = await client_as("uzhur")
    after = await end_of(office)
    made = await add_alias(office, "Школа у реки")
    row = made.json()
    page = await read(office, after=after)
    (new,) = page["items"]
    assert new["action"] == "upsert"
    assert new["rows"][0]["alias"] == "Школа у реки"
    assert (new["row_id"], new["school_id"]) == (row["id"], row["school_id"])
    assert new["request_id"] == made.headers["X-Request-Id"]
    assert new["key"] is new["old_key"] is None

    address = f"{ALIASES}/{row['id']}"
    body = {"school_id": row["school_id"], "alias": "Школа у моста"}
    renamed = await office.put(address, json=body, headers={"If-Match": "*"})
    assert renamed.status_code == 200, renamed.text
    removed = await office.delete(address, headers={"If-Match": "*"})
    assert removed.status_code == 204, removed.text
    later = await read(office, after=page["next_after"], feed=page["feed"])
    changed, gone = later["items"]
    assert changed["old_key"]["alias"] == "Школа у реки"
    assert changed["key"]["alias"] == "Школа у моста"
    assert changed["rows"] == []  # as it stands now: the next one tells
    assert (gone["action"], gone["rows"]) == ("delete", None)
    assert gone["key"] == {"school_id": row["school_id"], "alias": "Школа у моста"}
    assert new["number"] < changed["number"] < gone["number"] == later["next_after"]
    assert later["is_last"] is True


async def test_pages_lead_over_the_whole_feed_once(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    numbers: list[int] = []
    after, is_last = 0, False
    while not is_last:
        page = await read(admin, after=after)
        numbers += [change["number"] for change in page["items"]]
        after, is_last = page["next_after"], page["is_last"]
    assert numbers == list(range(1, after + 1))
    assert len(numbers) > 500


async def test_the_feed_is_narrowed_by_dataset_and_place(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    school = await first_school(admin)
    for query, name, value in (
        ({"dataset": "schools"}, "dataset", "schools"),
        ({"municipality_id": 2}, "municipality_id", 2),
        ({"school_id": school["id"]}, "school_id", school["id"]),
    ):
        page = await read(admin, **query)
        assert page["items"]
        assert {change[name] for change in page["items"]} == {value}
    async with begin_as_system(engine) as work:
        asked = text("SELECT region_id FROM api.municipalities WHERE id = 2")
        region_id = await work.session.scalar(asked)
    of_region = await read(admin, region_id=region_id)
    assert {each["municipality_id"] for each in of_region["items"]} == {2}


async def test_nobody_sees_what_others_change(
    client_as: ClientAs, api: FastAPI, engine: AsyncEngine
) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    after = await end_of(abroad)
    await add_alias(office, "Школа у реки")
    page = await read(abroad, after=after)
    assert page["items"] == []
    assert page["next_after"] > after
    (home,) = (await abroad.get("/v1/municipalities")).json()["items"]
    whole = await read(abroad)
    assert {each["municipality_id"] for each in whole["items"]} == {home["id"]}

    reader = await open_account_for(engine, Role.SCHOOL_READER)
    async with client_with(api, await token_for(engine, reader)) as school:
        assert (await school.get(FEED)).status_code == 403


async def test_a_program_reads_what_its_scopes_name_of_its_school(
    client_as: ClientAs, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    school = await first_school(office)
    issued = await office.post(
        "/v1/api-tokens",
        json={
            "name": "portal",
            "scopes": ["changes:read", "organisations:read"],
            "school_id": school["id"],
            "expires_at": "2027-06-30T00:00:00Z",
        },
    )
    assert issued.status_code == 201, issued.text
    async with client_with(api, issued.json()["token"]) as program:
        page = await read(program)
        datasets = {each["dataset"] for each in page["items"]}
        assert {"schools", "school-aliases"} <= datasets
        assert "results" not in datasets
        assert {each["school_id"] for each in page["items"]} <= {school["id"], None}
        refused = await program.get(FEED, params={"dataset": "results"})
        assert refused.status_code == 403
        assert refused.json()["code"] == "dataset_not_readable"


async def test_a_row_that_moves_leaves_where_it_was(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    after = await end_of(admin)
    await execute(
        engine,
        "UPDATE api.school_aliases a SET school_id = (SELECT max(s.id)"
        " FROM api.schools s WHERE s.municipality_id = a.municipality_id)"
        " WHERE a.id = 1",
    )
    left, came = (await read(admin, after=after))["items"]
    assert (left["action"], came["action"]) == ("delete", "upsert")
    assert left["school_id"] != came["school_id"]
    assert left["row_id"] == came["row_id"] == 1
    assert came["rows"][0]["school_id"] == came["school_id"]


async def test_what_changes_nothing_is_not_told(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    after = await end_of(admin)
    await execute(
        engine,
        "UPDATE api.assessment_results SET n = n",
        "DELETE FROM api.vacancies WHERE false",
    )
    assert (await read(admin, after=after))["items"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"after": 10**9}, 410, "changes_forgotten"),
        ({"feed": "another"}, 410, "changes_forgotten"),
        ({"dataset": "nothing"}, 422, "invalid_input"),
        ({"wait": 61}, 422, "invalid_input"),
    ],
)
async def test_a_feed_that_cannot_be_read_on_says_so(
    client_as: ClientAs, query: dict[str, Any], status: int, code: str
) -> None:
    refused = await (await client_as("uzhur")).get(FEED, params=query)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_whoever_is_behind_what_is_kept_begins_anew(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    await execute(
        engine,
        "DELETE FROM api.changes WHERE number <= 10",
        "UPDATE api.feed_state SET forgotten_number = 10",
    )
    refused = await admin.get(FEED, params={"after": 9})
    assert refused.status_code == 410
    assert "POST /v1/snapshots" in refused.json()["detail"]
    assert (await read(admin, after=10, limit=1))["items"][0]["number"] == 11


async def test_who_waits_is_woken_by_a_change_elsewhere(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    after = await end_of(admin)
    waiting = asyncio.create_task(read(admin, after=after, wait=60))
    async with asyncio.timeout(BOUND):
        while not waiting.done():
            # As another process would: through the database only.
            await execute(
                engine,
                "UPDATE api.municipality_figures SET value = value + 1 WHERE id = 1",
            )
            await asyncio.sleep(0.2)
    changes = waiting.result()["items"]
    assert {change["dataset"] for change in changes} == {"municipal-figures"}


async def test_who_waits_in_vain_gets_a_page_of_nothing(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    after = await end_of(admin)
    page = await read(admin, after=after, wait=1)
    assert page["items"] == []
    assert (page["next_after"], page["is_last"]) == (after, True)


@asynccontextmanager
async def served(api: FastAPI) -> AsyncIterator[str]:
    """Serve the application on a port, as streams need it."""
    config = uvicorn.Config(
        api, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(BOUND):
        while not server.started:  # noqa: ASYNC110 (it tells nobody)
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def test_a_stream_gives_changes_as_they_come_and_signs_of_life(
    api: FastAPI,
    client_as: ClientAs,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.api.changes.reading.HEARTBEAT_SECONDS", 0.2)
    admin = await client_as("admin")
    after = await end_of(admin)
    headers = {
        "Accept": "application/x-ndjson",
        "Authorization": admin.headers["Authorization"],
    }
    async with (
        asyncio.timeout(BOUND),
        served(api) as address,
        httpx.AsyncClient(base_url=address, headers=headers) as client,
        client.stream("GET", FEED, params={"after": after}) as answer,
    ):
        assert answer.headers["content-type"] == "application/x-ndjson"
        lines = answer.aiter_lines()
        beats = [json.loads(await anext(lines)) for _ in range(2)]
        assert {(beat["type"], beat["number"]) for beat in beats} == {
            ("heartbeat", after)
        }
        await execute(
            engine, "UPDATE api.municipality_figures SET value = value + 1 WHERE id < 3"
        )
        told: list[dict[str, Any]] = []
        while len(told) < 2:
            line = json.loads(await anext(lines))
            told += [line] if line["type"] == "change" else []
        assert [change["number"] for change in told] == [after + 1, after + 2]
        assert all(change["rows"] for change in told)


async def test_a_stream_is_refused_as_a_page_is(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    refused = await admin.get(
        FEED,
        params={"after": 10**9},
        headers={"Accept": "application/x-ndjson", "Accept-Language": "en"},
    )
    assert refused.status_code == 410
    assert refused.json()["code"] == "changes_forgotten"
