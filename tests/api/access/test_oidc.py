"""Signing in by the word of an identity provider."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from shared.runtime.clock import system_now
from shared.runtime.settings import OidcSettings
from tests.support.api import clients, connect, running, settings_for
from tests.support.issuer import AUDIENCE, Issuer, running_issuer

URL = "/v1/tokens/oidc"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest_asyncio.fixture
async def linked_api(
    database_url: str, redis_url: str, issuer: Issuer
) -> AsyncIterator[FastAPI]:
    oidc = OidcSettings(issuer=issuer.url, audience=AUDIENCE)
    settings = replace(settings_for(database_url, redis_url), oidc=oidc)
    async with running(settings) as app:
        yield app


@pytest_asyncio.fixture
async def door(linked_api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(linked_api) as client:
        yield client


@pytest_asyncio.fixture
async def office(linked_api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with clients(linked_api) as client_as:
        yield await client_as("uzhur")


async def account_of(office: httpx.AsyncClient, login: str) -> dict[str, Any]:
    items = (await office.get("/v1/accounts", params={"limit": 500})).json()["items"]
    found: dict[str, Any] = next(each for each in items if each["login"] == login)
    return found


async def enter(door: httpx.AsyncClient, token: str) -> httpx.Response:
    return await door.post(URL, json={"id_token": token})


async def test_an_account_that_was_linked_signs_in(
    door: httpx.AsyncClient, office: httpx.AsyncClient, issuer: Issuer
) -> None:
    token = issuer.token()
    refused = await enter(door, token)
    assert (refused.status_code, refused.json()["code"]) == (403, "no_linked_account")
    account = await account_of(office, "uzhur.ilinskaya")
    address = f"/v1/accounts/{account['id']}/identities"
    linked = await office.post(address, json={"subject": "person-1"})
    assert linked.status_code == 201, linked.text
    again = await office.post(address, json={"subject": "person-1"})
    assert (again.status_code, again.json()["code"]) == (409, "identity_linked")
    signed = await enter(door, token)
    assert signed.status_code == 200, signed.text
    door.headers["Authorization"] = f"Bearer {signed.json()['access_token']}"
    assert (await door.get("/v1/me")).json()["login"] == "uzhur.ilinskaya"
    entries = (await office.get("/v1/audit", params={"entity": "session"})).json()
    assert entries["items"][0]["changes"] == {"how": [None, "oidc"]}
    assert entries["items"][0]["actor_id"] == account["id"]
    assert (await office.delete(linked.headers["location"])).status_code == 204
    assert (await enter(door, token)).status_code == 403


async def test_a_token_that_proves_nothing_opens_nothing(
    door: httpx.AsyncClient, issuer: Issuer
) -> None:
    answer = await enter(door, issuer.token(aud="another"))
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_refused")
    issuer.is_down = True
    issuer.rotate("unseen")
    unknown = await enter(door, issuer.token())
    issuer.is_down = False
    assert unknown.status_code in {401, 503}


async def test_an_invitation_is_accepted_with_an_identity(
    door: httpx.AsyncClient, office: httpx.AsyncClient, issuer: Issuer
) -> None:
    expires_at = (system_now() + timedelta(days=1)).isoformat()
    body = {"role": "methodist", "expires_at": expires_at}
    code = (await office.post("/v1/invitations", json=body)).json()["code"]
    token = issuer.token(sub="methodist-1")
    taken = {"code": code, "login": "methodist.one"}
    both = {**taken, "id_token": token, "password": "long enough to pass"}
    assert (await door.post("/v1/invitations/accept", json=both)).status_code == 422
    wrong = {**taken, "id_token": issuer.token(aud="another")}
    assert (await door.post("/v1/invitations/accept", json=wrong)).status_code == 401
    accepted = await door.post(
        "/v1/invitations/accept", json={**taken, "id_token": token}
    )
    assert accepted.status_code == 201, accepted.text
    assert (await enter(door, token)).status_code == 200
    by_password = await door.post(
        "/v1/tokens", data={"username": "methodist.one", "password": ""}
    )
    assert by_password.status_code != 200


async def test_without_a_provider_it_says_so(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    answer = await enter(client, issuer.token())
    assert (answer.status_code, answer.json()["code"]) == (404, "oidc_not_configured")
