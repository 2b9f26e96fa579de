"""Sessions: seen by their owner, ended at once, and by the machine's clock."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.support.api import ClientAs, connect

URL = "/v1/me/sessions"


async def sessions_of(client: httpx.AsyncClient) -> list[dict[str, object]]:
    answer = await client.get(URL)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def own_id(client: httpx.AsyncClient) -> object:
    (own,) = [each["id"] for each in await sessions_of(client) if each["is_current"]]
    return own


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(statement))


async def test_the_owner_sees_where_the_account_is_signed_in(
    client_as: ClientAs,
) -> None:
    here, there = await client_as("uzhur"), await client_as("uzhur")
    await client_as("zhigalovo")
    seen = await sessions_of(here)
    assert len(seen) == 2
    assert [each["is_current"] for each in seen] == [True, False]
    assert [each["is_current"] for each in await sessions_of(there)] == [False, True]
    assert all(each["address"] for each in seen)
    assert str(seen[0]["user_agent"]).startswith("python-httpx")


async def test_a_long_user_agent_is_cut(api: FastAPI, client_as: ClientAs) -> None:
    watcher = await client_as("uzhur")
    async with connect(api) as client:
        answer = await client.post(
            "/v1/tokens",
            data={"username": "uzhur", "password": "podyom-demo"},
            headers={"User-Agent": "x" * 5000},
        )
    assert answer.status_code == 200
    assert (await sessions_of(watcher))[1]["user_agent"] == "x" * 200


async def test_an_ended_session_is_refused_at_once_and_the_others_go_on(
    client_as: ClientAs,
) -> None:
    here, there = await client_as("uzhur"), await client_as("uzhur")
    answer = await here.delete(f"{URL}/{await own_id(there)}")
    assert answer.status_code == 204
    refused = await there.get("/v1/me")
    assert refused.status_code == 401
    assert refused.json()["code"] == "unauthenticated"
    assert (await here.get("/v1/me")).status_code == 200
    assert len(await sessions_of(here)) == 1


async def test_one_signs_out_by_ending_the_own_session(client_as: ClientAs) -> None:
    here = await client_as("uzhur")
    assert (await here.delete(f"{URL}/{await own_id(here)}")).status_code == 204
    assert (await here.get("/v1/me")).status_code == 401


async def test_all_other_sessions_end_together(client_as: ClientAs) -> None:
    here = await client_as("uzhur")
    others = [await client_as("uzhur") for _ in range(3)]
    foreign = await client_as("zhigalovo")
    assert (await here.delete(URL)).status_code == 204
    assert {(await each.get("/v1/me")).status_code for each in others} == {401}
    assert (await here.get("/v1/me")).status_code == 200
    assert (await foreign.get("/v1/me")).status_code == 200


async def test_a_foreign_session_cannot_be_ended_or_told_from_none(
    client_as: ClientAs,
) -> None:
    admin, school = await client_as("admin"), await client_as("uzhur.ilinskaya")
    foreign = await own_id(school)
    for session_id in (foreign, 10**9):
        answer = await admin.delete(f"{URL}/{session_id}")
        assert answer.status_code == 404
        assert answer.json()["code"] == "session_not_found"
    assert (await school.get("/v1/me")).status_code == 200


async def test_a_session_ends_by_the_machines_clock(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    await execute(engine, "UPDATE api.sessions SET expires_at = clock_timestamp()")
    assert (await client.get("/v1/me")).status_code == 401


async def test_moving_the_sandboxs_clock_ends_no_session(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    answer = await admin.put("/v1/clock", json={"now": "2021-03-01T09:00:00+07:00"})
    assert answer.status_code == 200
    assert (await admin.get("/v1/me")).status_code == 200


async def test_when_a_session_was_last_seen_is_written_once_a_minute(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    at_first = (await sessions_of(client))[0]["last_seen_at"]
    assert (await sessions_of(client))[0]["last_seen_at"] == at_first
    await execute(
        engine,
        "UPDATE api.sessions SET last_seen_at = last_seen_at - interval '61 seconds'",
    )
    later = (await sessions_of(client))[0]["last_seen_at"]
    assert str(later) > str(at_first)
    assert (await sessions_of(client))[0]["last_seen_at"] == later


async def test_entering_takes_one_statement(api: FastAPI, client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    statements: list[str] = []
    engine: AsyncEngine = api.state.api.engine

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    assert (await client.get("/v1/clock")).status_code == 200
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    mine = [each for each in statements if "enter_as_user" in each]
    assert len(mine) == 1
    assert not [each for each in statements if "sessions" in each]


@pytest.mark.parametrize("path", [URL, f"{URL}/1"])
async def test_without_a_token_no_session_is_touched(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await client.delete(path)).status_code == 401
