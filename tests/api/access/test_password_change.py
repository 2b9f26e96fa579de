"""Choosing another password."""

import httpx
import pytest

from services.api.demo.logins import PASSWORD
from shared.domain.sign_in import TRIES_PER_LOGIN
from tests.support.api import ClientAs

NEW = "a much better one"


async def change(client: httpx.AsyncClient, old: str, new: str) -> httpx.Response:
    return await client.put(
        "/v1/me/password", json={"old_password": old, "new_password": new}
    )


async def signs_in(client: httpx.AsyncClient, password: str) -> bool:
    answer = await client.post(
        "/v1/tokens", data={"username": "uzhur", "password": password}
    )
    return answer.status_code == 200


async def test_another_password_holds_at_once_and_ends_the_other_sessions(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    here, there = await client_as("uzhur"), await client_as("uzhur")
    foreign = await client_as("zhigalovo")
    assert (await change(here, PASSWORD, NEW)).status_code == 204
    assert (await here.get("/v1/me")).status_code == 200
    assert (await there.get("/v1/me")).status_code == 401
    assert (await foreign.get("/v1/me")).status_code == 200
    assert not await signs_in(client, PASSWORD)
    assert await signs_in(client, NEW)


@pytest.mark.parametrize("new", ["tiny one", "123456789012", PASSWORD])
async def test_a_poor_password_is_refused_and_not_repeated(
    client_as: ClientAs, new: str
) -> None:
    client = await client_as("uzhur")
    answer = await change(client, PASSWORD, new)
    assert answer.status_code == 422
    assert answer.json()["code"] == "password_refused"
    assert answer.json()["faults"]
    assert new not in answer.text


async def test_guessing_the_old_password_ends_like_guessing_at_the_door(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    thief = await client_as("uzhur")
    for _ in range(TRIES_PER_LOGIN):
        answer = await change(thief, "a guess", NEW)
        assert answer.status_code == 422
        assert answer.json()["code"] == "wrong_password"
    assert (await change(thief, PASSWORD, NEW)).status_code == 429
    assert not await signs_in(client, PASSWORD)


async def test_without_a_token_nobodys_password_changes(
    client: httpx.AsyncClient,
) -> None:
    assert (await change(client, PASSWORD, NEW)).status_code == 401
