"""Guessing passwords: a few tries, then longer and longer waits, for any login."""

import asyncio
from collections import Counter

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.access import passwords
from services.api.demo.logins import PASSWORD
from shared.domain.sign_in import TRIES_PER_ADDRESS, TRIES_PER_LOGIN
from shared.persistence.work import begin_as_system


async def attempt(
    client: httpx.AsyncClient,
    login: str,
    password: str = "wrong",  # noqa: S107 (it is)
) -> httpx.Response:
    return await client.post(
        "/v1/tokens", data={"username": login, "password": password}
    )


async def fail(client: httpx.AsyncClient, login: str, times: int) -> None:
    for _ in range(times):
        assert (await attempt(client, login)).status_code == 401


async def let_pass(engine: AsyncEngine, seconds: int) -> None:
    """Move the tries into the past, as if so many seconds had passed."""
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text(
                "UPDATE api.sign_in_attempts"
                " SET tried_at = tried_at - make_interval(secs => :seconds)"
            ),
            {"seconds": seconds},
        )


async def count(engine: AsyncEngine) -> int:
    async with begin_as_system(engine) as work:
        found = await work.session.scalar(
            text("SELECT count(*) FROM api.sign_in_attempts")
        )
    return int(found or 0)


@pytest.mark.parametrize("login", ["uzhur", "nobody", "no\0body"])
async def test_after_ten_failures_even_the_right_password_has_to_wait(
    client: httpx.AsyncClient, login: str
) -> None:
    await fail(client, login, TRIES_PER_LOGIN)
    answer = await attempt(client, login.upper(), PASSWORD)
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_attempts"
    assert 55 <= int(answer.headers["retry-after"]) <= 60
    assert login not in answer.text


async def test_other_logins_are_not_locked(client: httpx.AsyncClient) -> None:
    await fail(client, "uzhur", TRIES_PER_LOGIN)
    assert (await attempt(client, "zhigalovo", PASSWORD)).status_code == 200


async def test_the_wait_grows_and_a_success_resets(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await fail(client, "uzhur", TRIES_PER_LOGIN)
    await let_pass(engine, 60)
    await fail(client, "uzhur", 1)
    refused = await attempt(client, "uzhur", PASSWORD)
    assert refused.status_code == 429
    assert 115 <= int(refused.headers["retry-after"]) <= 120
    await let_pass(engine, 120)
    assert (await attempt(client, "uzhur", PASSWORD)).status_code == 200
    assert await count(engine) == 0
    await fail(client, "uzhur", TRIES_PER_LOGIN)


async def test_failures_are_forgotten_after_a_quarter_of_an_hour_and_swept(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await fail(client, "uzhur", TRIES_PER_LOGIN)
    await let_pass(engine, 15 * 60)
    await fail(client, "uzhur", 1)
    assert await count(engine) == 1


async def test_of_fifty_tries_at_once_ten_are_looked_at(
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = []
    look = passwords.is_correct

    async def counting(password: str, password_hash: str | None) -> bool:
        looked_at.append(password)
        return await look(password, password_hash)

    monkeypatch.setattr("services.api.access.usecases.is_correct", counting)
    answers = await asyncio.gather(*(attempt(client, "uzhur") for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {
        401: TRIES_PER_LOGIN,
        429: 50 - TRIES_PER_LOGIN,
    }
    assert len(looked_at) == TRIES_PER_LOGIN
    assert await count(engine) == TRIES_PER_LOGIN


async def test_an_address_that_tries_many_logins_has_to_wait_too(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text(
                "INSERT INTO api.sign_in_attempts (login_digest, address, tried_at)"
                " SELECT number::text, '127.0.0.1', clock_timestamp()"
                " FROM generate_series(1, :tries) AS number"
            ),
            {"tries": TRIES_PER_ADDRESS},
        )
    assert (await attempt(client, "uzhur", PASSWORD)).status_code == 429


async def test_what_was_typed_as_a_login_is_not_kept(
    client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await fail(client, "my secret password", 1)
    async with begin_as_system(engine) as work:
        kept = await work.session.scalars(
            text("SELECT a::text FROM api.sign_in_attempts a")
        )
        assert all("secret" not in row for row in kept)
