"""Signing in, and what a request without a good token is told."""

import httpx
import pytest

from services.api.http.auth import TOKEN_LIFETIME, issue_token
from shared.runtime.clock import system_now
from tests.support.api import SECRET, ClientAs


async def test_the_right_password_gives_a_token_that_works(
    client_as: ClientAs,
) -> None:
    school = await client_as("uzhur.ilinskaya")
    me = (await school.get("/v1/me")).json()
    assert me["role"] == "school_editor"
    assert me["school_name"] == "МБОУ «Ильинская СОШ»"
    assert "results:write" in me["permissions"]
    assert "agreements:write" not in me["permissions"]


@pytest.mark.parametrize("login", ["uzhur", "nobody", "no\0body"])
async def test_a_wrong_password_and_an_unknown_login_are_told_alike(
    client: httpx.AsyncClient, login: str
) -> None:
    answer = await client.post(
        "/v1/tokens", data={"username": login, "password": "wrong"}
    )
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "sign_in_failed"
    assert answer.json()["detail"] == "Неверный логин или пароль."


async def test_without_a_token_the_answer_says_how_to_get_one(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/me", headers={"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "POST /v1/tokens" in answer.json()["detail"]


@pytest.mark.parametrize(
    "token",
    [
        "not-a-token",
        issue_token(1, 1, secret="another-secret-" * 4, now=system_now()),
        issue_token(1, 1, secret=SECRET, now=system_now() - 2 * TOKEN_LIFETIME),
        issue_token(10**6, 1, secret=SECRET, now=system_now()),
        issue_token(1, 10**6, secret=SECRET, now=system_now()),
    ],
    ids=["garbage", "foreign", "expired", "no-such-account", "no-such-session"],
)
async def test_a_bad_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


async def test_a_password_is_never_sent_back(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.put(
        "/v1/me/password", json={"old_password": ["secret-one"], "new_password": {}}
    )
    assert answer.status_code == 422
    assert answer.json()["faults"]
    assert "secret-one" not in answer.text
