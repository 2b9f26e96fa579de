"""Tokens of programs: what their issuer has, where it has it, and no longer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.support.accounts import client_with
from tests.support.api import ClientAs

URL = "/v1/api-tokens"
READS = ["organisations:read", "results:read"]

Program = Callable[[str], Awaitable[httpx.AsyncClient]]


def wanted(**changes: Any) -> dict[str, Any]:
    expires_at = (system_now() + timedelta(days=30)).isoformat()
    return {"name": "portal", "scopes": READS, "expires_at": expires_at, **changes}


async def issued(issuer: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await issuer.post(URL, json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    token: dict[str, Any] = answer.json()
    return token


@pytest_asyncio.fixture
async def program(api: FastAPI) -> AsyncIterator[Program]:
    """Yield what makes a client that shows a token."""
    async with AsyncExitStack() as stack:

        async def program(token: str) -> httpx.AsyncClient:
            return await stack.enter_async_context(client_with(api, token))

        yield program


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(statement))


async def test_a_token_does_what_it_was_given_and_says_what_it_lacks(
    client_as: ClientAs, program: Program
) -> None:
    token = await issued(await client_as("uzhur"))
    portal = await program(token["token"])
    me = (await portal.get("/v1/me")).json()
    assert me["role"] == "api_client"
    assert me["permissions"] == READS
    assert (await portal.get("/v1/results")).json()["items"]
    refused = await portal.get("/v1/rankings", headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert "'rankings:read'" in refused.json()["detail"]


async def test_a_token_sees_its_part_of_the_tree(
    client_as: ClientAs, program: Program, engine: AsyncEngine
) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    schools = (await office.get("/v1/schools")).json()["items"]
    abroad = await (await client_as("zhigalovo")).get("/v1/schools")
    one = await program((await issued(office, school_id=schools[0]["id"]))["token"])
    seen = (await one.get("/v1/schools")).json()["items"]
    assert [each["id"] for each in seen] == [schools[0]["id"]]
    home = (await office.get("/v1/municipalities")).json()["items"]
    async with begin_as_system(engine) as work:
        region_id = await work.session.scalar(
            text("SELECT region_id FROM api.municipalities WHERE code = 'uzhur'")
        )
    region = await program((await issued(admin, region_id=region_id))["token"])
    assert (await region.get("/v1/municipalities")).json()["items"] == home
    missing = await region.get(f"/v1/schools/{abroad.json()['items'][0]['id']}")
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "mentioned"),
    [
        ({"scopes": ["sandbox:write", "results:read"]}, 403, "sandbox:write"),
        ({"scopes": ["api_tokens:write"]}, 403, "api_tokens:write"),
        ({"scopes": ["no:such"]}, 422, "scopes"),
        ({"scopes": []}, 422, "scopes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at"),
        ({"expires_at": "2099-01-01T00:00:00Z"}, 422, "expires_at"),
        ({"region_id": 1}, 404, "region"),
        ({"region_id": 1, "municipality_id": 1}, 422, "region_id"),
        ({"municipality_id": 2}, 404, "municipality 2"),
        ({"school_id": 10**9}, 404, "school"),
    ],
)
async def test_nobody_gives_what_they_do_not_have(
    client_as: ClientAs, changes: dict[str, Any], status: int, mentioned: str
) -> None:
    office = await client_as("uzhur")
    office.headers["Accept-Language"] = "en"
    answer = await office.post(URL, json=wanted(**changes))
    assert answer.status_code == status, answer.text
    assert mentioned in answer.text
    assert (await office.get(URL)).json()["items"] == []


async def test_a_token_shrinks_with_its_issuer_and_ends_with_it(
    client_as: ClientAs, program: Program, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    token = await issued(office, scopes=[*READS, "results:write"])
    portal = await program(token["token"])
    assert "results:write" in (await portal.get("/v1/me")).json()["permissions"]
    await execute(
        engine, "UPDATE api.users SET role = 'methodist' WHERE login = 'uzhur'"
    )
    assert (await portal.get("/v1/me")).json()["permissions"] == READS
    moved = (
        "UPDATE api.users u SET municipality_id = m.id FROM api.municipalities m"
        " WHERE u.login = 'uzhur' AND m.code = '{}'"
    )
    await execute(engine, moved.format("zhigalovo"))
    assert (await portal.get("/v1/me")).status_code == 401
    await execute(engine, moved.format("uzhur"))
    assert (await portal.get("/v1/me")).status_code == 200
    await execute(
        engine, "UPDATE api.users SET is_active = false WHERE login = 'uzhur'"
    )
    assert (await portal.get("/v1/me")).status_code == 401


async def test_a_token_is_ended_by_its_expiry_and_by_hand(
    client_as: ClientAs, program: Program, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    first, second = await issued(office), await issued(office)
    portal = await program(first["token"])
    assert (await portal.get("/v1/me")).status_code == 200
    for _ in range(2):
        assert (await office.delete(f"{URL}/{first['id']}")).status_code == 204
    refused = await portal.get("/v1/me")
    assert refused.status_code == 401
    assert refused.json()["code"] == "unauthenticated"
    other = await program(second["token"])
    assert (await other.get("/v1/me")).status_code == 200
    await execute(engine, "UPDATE api.api_tokens SET expires_at = clock_timestamp()")
    assert (await other.get("/v1/me")).status_code == 401


async def test_a_token_is_shown_once_and_kept_as_a_hash(
    client_as: ClientAs, program: Program, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    token = await issued(office)
    assert token["last_used_at"] is None
    await (await program(token["token"])).get("/v1/me")
    (listed,) = (await office.get(URL)).json()["items"]
    assert "token" not in listed
    assert listed["last_used_at"] is not None
    assert token["token"] not in (await office.get(f"{URL}/{token['id']}")).text
    async with begin_as_system(engine) as work:
        for table in ("api_tokens", "users", "audit_entries", "idempotency_keys"):
            rows = await work.session.scalars(
                text(f"SELECT t::text FROM api.{table} t")  # noqa: S608 (our own tables)
            )
            assert not [row for row in rows if token["token"] in row]


async def test_what_a_token_changes_is_told_from_what_its_issuer_does(
    client_as: ClientAs, program: Program
) -> None:
    office = await client_as("uzhur")
    token = await issued(office, scopes=[*READS, "results:write"])
    portal = await program(token["token"])
    result = (await portal.get("/v1/results")).json()["items"][0]
    counts = {name: result[name] for name in ("n2", "n3", "n4", "n5")}
    counts["n2"] += 1
    changed = await portal.put(f"/v1/results/{result['id']}", json=counts)
    assert changed.status_code == 200, changed.text
    entries = (await office.get("/v1/audit")).json()["items"]
    assert entries[0]["actor_id"] == token["client_id"]
    assert entries[0]["actor_role"] == "api_client"
    (made,) = [each for each in entries if each["entity"] == "api_token"]
    assert made["action"] == "create"
    assert made["changes"]["scopes"] == [None, token["scopes"]]


async def test_a_token_is_nobody_with_a_password_or_sessions(
    client_as: ClientAs, program: Program, client: httpx.AsyncClient
) -> None:
    office = await client_as("uzhur")
    token = await issued(office)
    portal = await program(token["token"])
    body = {"old_password": "whatever it is", "new_password": "a much better one"}
    assert (await portal.put("/v1/me/password", json=body)).status_code == 403
    assert (await portal.get("/v1/me/sessions")).status_code == 403
    login = (await portal.get("/v1/me")).json()["login"]
    answer = await client.post(
        "/v1/tokens", data={"username": login, "password": token["token"]}
    )
    assert answer.status_code == 401


async def test_tokens_abroad_are_neither_listed_nor_ended(client_as: ClientAs) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    foreign = await issued(abroad)
    assert (await office.get(URL)).json()["items"] == []
    answer = await office.delete(f"{URL}/{foreign['id']}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "api_token_not_found"
    school = await client_as("uzhur.ilinskaya")
    assert (await school.get(URL)).status_code == 403
