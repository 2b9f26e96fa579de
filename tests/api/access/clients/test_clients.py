"""Clients: who registers which, what is shown of them, and how they end."""

from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.api.access.clients.programs import (
    READS,
    URL,
    Key,
    acting,
    asked_by_key,
    asked_by_secret,
    registered,
    wanted,
)
from tests.support.api import ClientAs


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(statement))


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"scopes": ["sandbox:write", "results:read"]}, 403, "sandbox:write"),
    ({"scopes": ["api_tokens:write"]}, 403, "api_tokens:write"),
    ({"scopes": ["no:such"]}, 422, "scopes"),
    ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at"),
    ({"expires_at": "2099-01-01T00:00:00Z"}, 422, "expires_at"),
    ({"municipality_id": 2}, 404, "municipality 2"),
    ({"school_id": 10**9}, 404, "school"),
    ({"rate_limit": 10_000_000}, 403, "1000000 requests"),
    ({"jwks": {"keys": []}}, 422, "jwks"),
    ({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}, 422, "kty"),
    ({"jwks": {"keys": [{"kty": "OKP", "crv": "X25519", "x": "AA"}]}}, 422, "Ed25"),
    ({"jwks": {"keys": [Key.of("ES256").jwk(d="AA")]}}, 422, "jwks.keys.0.d"),
    ({"jwks": {"keys": [Key.of("ES256").jwk(alg="RS256")]}}, 422, "ES256"),
    ({"jwks": {"keys": [Key.of("EdDSA").jwk(kid="1")] * 2}}, 422, "kid"),
]


async def test_nobody_registers_what_they_do_not_have_or_cannot_be_proved(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    office.headers["Accept-Language"] = "en"
    for changes, status, mentioned in REFUSED:
        answer = await office.post(URL, json=wanted(**changes))
        assert answer.status_code == status, answer.text
        assert mentioned in answer.text
    assert (await office.get(URL)).json()["items"] == []


async def test_a_secret_is_shown_once_and_kept_as_a_hash(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    again = await office.post(f"{URL}/{made['id']}/secrets", json={})
    assert again.headers["cache-control"] == "no-store"
    (listed,) = (await office.get(URL)).json()["items"]
    credentials = await office.get(f"{URL}/{made['id']}/credentials")
    for secret in (made["client_secret"], again.json()["client_secret"]):
        assert secret not in credentials.text + str(listed)
        async with begin_as_system(engine) as work:
            for table in ("clients", "client_credentials", "audit_entries"):
                rows = await work.session.scalars(
                    text(f"SELECT t::text FROM api.{table} t")  # noqa: S608 (our own tables)
                )
                assert not [row for row in rows if secret in row]


async def test_a_new_secret_and_the_old_one_are_good_until_the_moment_chosen(
    client_as: ClientAs, client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    at = f"{URL}/{made['id']}"
    ends = (system_now() + timedelta(days=7)).isoformat()
    rotated = await office.post(f"{at}/secrets", json={"others_end_at": ends})
    assert rotated.status_code == 201, rotated.text
    new = {**made, "client_secret": rotated.json()["client_secret"]}
    for secret in (made, new):
        assert (await asked_by_secret(client, secret)).status_code == 200
    third = await office.post(f"{at}/secrets", json={})
    assert third.status_code == 409
    assert third.json()["code"] == "too_many_client_credentials"
    await execute(
        engine,
        "UPDATE api.client_credentials SET expires_at = clock_timestamp()"
        " WHERE expires_at IS NOT NULL",
    )
    assert (await asked_by_secret(client, made)).status_code == 401
    assert (await asked_by_secret(client, new)).status_code == 200
    old, young = (await office.get(f"{at}/credentials")).json()["items"]
    assert old["expires_at"] is not None
    assert young["last_used_at"] is not None
    actions = [
        entry["action"]
        for entry in (await office.get("/v1/audit")).json()["items"]
        if entry["entity"] == "client_credential"
    ]
    assert sorted(actions) == ["create", "end"]


async def test_a_secret_or_a_key_is_revoked_with_the_tokens_that_came_of_it(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    at = f"{URL}/{made['id']}"
    key = Key.of("EdDSA")
    added = await office.post(f"{at}/keys", json={"keys": [key.jwk()]})
    assert added.status_code == 201, added.text
    taken = await office.post(f"{at}/keys", json={"keys": [key.jwk()]})
    assert taken.json()["code"] == "client_key_id_taken"
    by_secret = await asked_by_secret(client, made)
    by_key = await asked_by_key(client, key.assertion(made["client_id"]))
    async with acting(api, by_secret, by_key) as (first, second):
        assert (await first.get("/v1/me")).status_code == 200
        (secret,) = [
            each["id"]
            for each in (await office.get(f"{at}/credentials")).json()["items"]
            if each["kind"] == "secret"
        ]
        for _ in range(2):
            ended = await office.delete(f"{at}/credentials/{secret}")
            assert ended.status_code == 204
        assert (await first.get("/v1/me")).status_code == 401
        assert (await second.get("/v1/me")).status_code == 200
    assert (await asked_by_secret(client, made)).status_code == 401
    missing = await office.delete(f"{at}/credentials/{10**9}")
    assert missing.json()["code"] == "client_credential_not_found"


async def test_a_revoked_client_is_refused_at_once_and_for_good(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    at = f"{URL}/{made['id']}"
    async with acting(api, await asked_by_secret(client, made)) as (portal,):
        assert (await portal.get("/v1/me")).status_code == 200
        for _ in range(2):
            assert (await office.delete(at)).status_code == 204
        assert (await portal.get("/v1/me")).status_code == 401
    refused = await asked_by_secret(client, made)
    assert refused.json()["error"] == "invalid_client"
    changed = await office.patch(at, json={"name": "again"})
    assert changed.json()["code"] == "client_revoked"


async def test_fewer_scopes_and_an_issuer_who_left_hold_for_tokens_that_are_out(
    client_as: ClientAs, client: httpx.AsyncClient, api: FastAPI, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    made = await registered(office)
    async with acting(api, await asked_by_secret(client, made)) as (portal,):
        assert (await portal.get("/v1/me")).json()["permissions"] == READS
        changed = await office.patch(
            f"{URL}/{made['id']}", json={"scopes": READS[:1], "rate_limit": 60}
        )
        assert (changed.json()["scopes"], changed.json()["rate_limit"]) == (
            READS[:1],
            60,
        )
        assert (await portal.get("/v1/me")).json()["permissions"] == READS[:1]
        await execute(
            engine, "UPDATE api.users SET is_active = false WHERE login = 'uzhur'"
        )
        assert (await portal.get("/v1/me")).status_code == 401
    assert (await asked_by_secret(client, made)).status_code == 401


async def test_clients_abroad_are_neither_shown_nor_changed(
    client_as: ClientAs,
) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    foreign = f"{URL}/{(await registered(abroad))['id']}"
    assert (await office.get(URL)).json()["items"] == []
    for answer in (
        await office.get(foreign),
        await office.get(f"{foreign}/credentials"),
        await office.patch(foreign, json={"name": "mine"}),
        await office.post(f"{foreign}/secrets", json={}),
        await office.post(f"{foreign}/keys", json={"keys": [Key.of("EdDSA").jwk()]}),
        await office.delete(foreign),
    ):
        assert answer.status_code == 404
        assert answer.json()["code"] == "client_not_found"
    assert (await (await client_as("uzhur.ilinskaya")).get(URL)).status_code == 403


async def test_clients_that_nobody_uses_are_found(
    client_as: ClientAs, client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    idle, busy, gone = [await registered(office, name=name) for name in "abc"]
    await execute(
        engine,
        "UPDATE api.clients SET created_at = created_at - interval '91 days',"
        " last_used_at = created_at - interval '91 days'",
    )
    assert (await asked_by_secret(client, busy)).status_code == 200
    await office.delete(f"{URL}/{gone['id']}")
    listed = (await office.get(URL, params={"unused_days": 90})).json()["items"]
    assert [each["id"] for each in listed] == [idle["id"]]
    shown = (await office.get(f"{URL}/{busy['id']}")).json()
    assert shown["last_used_address"] == "127.0.0.1"
