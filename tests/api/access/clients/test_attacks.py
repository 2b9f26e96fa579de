"""Whoever is not the client gets no token, learns nothing and changes nothing."""

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI
from jwt.algorithms import HMACAlgorithm
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.api.access.clients.programs import (
    ASSERTION,
    ISSUER,
    TOKEN,
    Key,
    asked,
    asked_by_key,
    asked_by_secret,
    registered,
)
from tests.support.api import ClientAs
from tests.support.statements import counted

UNKNOWN = "pdc_" + "0" * 24
ELSEWHERE = "http://127.0.0.1:9/keys.json"


async def kept(engine: AsyncEngine) -> list[Any]:
    """Return all that a request for a token could have changed."""
    async with begin_as_system(engine) as work:
        found = [
            await work.session.scalars(
                text(f"SELECT t::text FROM api.{table} t ORDER BY 1")  # noqa: S608 (our own tables)
            )
            for table in ("clients", "client_credentials", "client_assertions")
        ]
        entries = text("SELECT max(number)::text FROM api.audit_entries")
        return [each.all() for each in (*found, await work.session.scalars(entries))]


def signed(key: Key, claims: dict[str, Any], **header: Any) -> str:
    return jwt.encode(claims, key.private, algorithm=key.algorithm, headers=header)


def claims_of(key: Key, client_id: str, **changes: Any) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        key.assertion(client_id, **changes), options={"verify_signature": False}
    )
    return claims


def by_public_key(claims: dict[str, Any], form: bytes) -> str:
    """Sign by HMAC with what everybody may know, as the library itself refuses to."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    said = b".".join(parts)
    mac = HMACAlgorithm(HMACAlgorithm.SHA256).sign(said, form)
    return b".".join([said, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def told(answer: httpx.Response) -> tuple[int, dict[str, str], str | None]:
    """Return all that whoever asked may see, but for the name of the request."""
    return (
        answer.status_code,
        answer.json(),
        answer.headers.get("www-authenticate"),
    )


async def test_a_stranger_cannot_tell_which_clients_there_are(
    client_as: ClientAs, client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    own, foreign = Key.of("ES256"), Key.of("ES256")
    there = await registered(office, jwks={"keys": [own.jwk(kid="there")]})
    other = await registered(office, jwks={"keys": [foreign.jwk(kid="other")]})
    ended = await registered(office, jwks={"keys": [Key.of("ES256").jwk()]})
    assert (await office.delete(f"/v1/clients/{ended['id']}")).status_code == 204
    before = await kept(engine)
    public = own.private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    now = int(time.time())
    headers: list[dict[str, Any]] = [
        {},
        {"kid": "there"},
        {"kid": "other"},
        {"jku": ELSEWHERE, "x5u": ELSEWHERE, "jwk": foreign.jwk()},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
    ]
    for changes in ({}, {"exp": now - 600}, {"aud": ELSEWHERE}, {"jti": 7}):
        for header in headers if not changes else headers[:1]:
            answers = [
                told(
                    await asked_by_key(
                        client,
                        signed(foreign, claims_of(foreign, name, **changes), **header),
                    )
                )
                for name in (there["client_id"], ended["client_id"], UNKNOWN)
            ]
            assert answers[0] == answers[1] == answers[2], (header, changes)
            assert answers[0][:1] == (401,)
            assert answers[0][1]["error"] == "invalid_client"
    for name in (there["client_id"], UNKNOWN):
        claims = claims_of(own, name)
        forged = [jwt.encode(claims, "", algorithm="none")]
        forged += [by_public_key(claims, form) for form in (public, b"")]
        for assertion in forged:
            status, error, _ = told(await asked_by_key(client, assertion))
            assert (status, error["error"]) == (401, "invalid_client")
            assert "signed by" in error["error_description"]
    secrets = [
        told(await asked(client, client_id=name, client_secret="pds_wrong"))  # noqa: S106 (none)
        for name in (there["client_id"], ended["client_id"], UNKNOWN)
    ]
    assert secrets[0] == secrets[1] == secrets[2]
    assert await kept(engine) == before
    # Nothing of that hinders the client itself; a foreign key's name does not help.
    mine = signed(own, claims_of(own, there["client_id"]), kid="other")
    assert (await asked_by_key(client, mine)).status_code == 401
    mine = signed(own, claims_of(own, there["client_id"]), jku=ELSEWHERE)
    assert (await asked_by_key(client, mine)).status_code == 200
    theirs = signed(foreign, claims_of(foreign, other["client_id"]), kid="other")
    assert (await asked_by_key(client, theirs)).status_code == 200


async def test_a_client_that_signs_nonsense_is_told_and_changes_nothing(
    client_as: ClientAs, client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    key = Key.of("ES256")
    made = await registered(await client_as("uzhur"), jwks={"keys": [key.jwk()]})
    name, now = made["client_id"], int(time.time())
    before = await kept(engine)
    cases: list[dict[str, Any]] = [
        {"nbf": now + 600},
        {"nbf": "soon"},
        {"exp": str(now + 60)},
        {"iat": str(now)},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": [now + 60]},
        {"aud": []},
        {"aud": {"a": 1}},
        {"aud": [None]},
        {"aud": f"{ISSUER}{TOKEN}/"},
        {"sub": UNKNOWN},
        {"iss": None},
        {"sub": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": {"a": 1}},
    ]
    for changes in cases:
        answer = await asked_by_key(client, key.assertion(name, **changes))
        status, error, challenge = told(answer)
        assert (status, error["error"]) == (401, "invalid_client"), changes
        assert challenge is not None
    assert await kept(engine) == before
    # What is refused for another reason does not use the assertion up.
    assertion = key.assertion(name)
    missing = await asked_by_key(client, assertion, scope="rankings:read")
    assert missing.json()["error"] == "invalid_scope"
    assert await kept(engine) == before
    assert (await asked_by_key(client, assertion)).status_code == 200
    assert (await asked_by_key(client, assertion)).status_code == 401


async def test_a_request_proves_one_client_in_one_way(
    client_as: ClientAs,
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    api: FastAPI,
) -> None:
    office = await client_as("uzhur")
    key = Key.of("ES256")
    made = await registered(office)
    added = await office.post(
        f"/v1/clients/{made['id']}/keys", json={"keys": [key.jwk()]}
    )
    assert added.status_code == 201, added.text
    name, secret = made["client_id"], made["client_secret"]
    before = await kept(engine)
    assertion = key.assertion(name)
    both = await asked_by_key(client, assertion, client_id=name, client_secret=secret)
    assert told(both)[:1] == (400,)
    assert both.json()["error"] == "invalid_request"
    twice = httpx.QueryParams(
        [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
            ("client_assertion", key.assertion(name)),
        ]
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(TOKEN, content=str(twice), headers=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    mismatched = await client.post(
        TOKEN,
        data={"grant_type": "client_credentials", "client_id": UNKNOWN},
        auth=(name, secret),
    )
    assert mismatched.json()["error"] == "invalid_request"
    in_header = await client.post(
        TOKEN,
        data={"client_assertion_type": ASSERTION, "client_assertion": assertion}
        | {"grant_type": "client_credentials"},
        auth=(name, secret),
    )
    assert in_header.json()["error"] == "invalid_request"
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b"grant_type=client_credentials&client_assertion="
        while sent < 10_000_000:
            sent += 8_192
            yield b"a" * 8_192

    with counted(api) as statements:
        long = await client.post(TOKEN, content=endless(), headers=form)
        assert (long.status_code, long.json()["error"]) == (400, "invalid_request")
    assert statements == []
    assert await kept(engine) == before
    assert (await asked_by_key(client, assertion)).status_code == 200
    assert (await asked_by_secret(client, made)).status_code == 200
