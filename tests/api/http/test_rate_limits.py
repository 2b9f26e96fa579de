"""Each caller has so many requests a minute, whichever process they go to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
from fastapi import FastAPI

from shared.runtime.rate_limit_settings import RateLimits
from tests.api.access.clients.programs import acting, asked_by_secret, registered
from tests.api.metrics.test_metrics import scraped
from tests.support.accounts import client_with
from tests.support.api import clients, connect, running, settings_for, sign_in
from tests.support.servers import throwaway_valkey

# Every test has limits of its own: they are counted in one Valkey, by account.


@asynccontextmanager
async def limited(
    database_url: str, redis_url: str, *, of_accounts: int, of_addresses: int
) -> AsyncIterator[FastAPI]:
    settings = settings_for(database_url, redis_url)
    limits = RateLimits(of_accounts=of_accounts, of_addresses=of_addresses)
    async with running(replace(settings, rate_limits=limits)) as app:
        yield app


def left(answer: httpx.Response) -> int:
    """Return how many requests are left, as `RateLimit` tells."""
    parts = answer.headers["ratelimit"].split(";")
    (rest,) = [part.removeprefix("r=") for part in parts if part.startswith("r=")]
    return int(rest)


async def test_two_processes_share_the_limit_of_an_account(
    database_url: str, redis_url: str
) -> None:
    limits = {"of_accounts": 5, "of_addresses": 1005}
    async with (
        limited(database_url, redis_url, **limits) as one,
        limited(database_url, redis_url, **limits) as other,
        clients(one) as client_as,
    ):
        office, neighbour = await client_as("uzhur"), await client_as("zhigalovo")
        token = office.headers["Authorization"].removeprefix("Bearer ")
        async with client_with(other, token) as elsewhere:
            for count in range(5):
                answer = await (office, elsewhere)[count % 2].get("/v1/me")
                assert (answer.status_code, left(answer)) == (200, 4 - count)
                assert answer.headers["ratelimit-policy"] == '"account";q=5;w=60'
            refused = await elsewhere.get("/v1/me", headers={"Accept-Language": "en"})
        assert refused.status_code == 429
        assert refused.json()["code"] == "rate_limit_exceeded"
        assert refused.json()["request_id"] == refused.headers["x-request-id"]
        assert left(refused) == 0
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await neighbour.get("/v1/me")).status_code == 200
        async with connect(one) as anybody:
            told = await scraped(anybody)
            described = await anybody.get("/v1/problems/rate_limit_exceeded")
        assert described.json()["status"] == 429
    assert "podyom_rate_limit_unchecked_total" in {name for name, *_labels in told}


async def test_a_client_may_have_a_limit_of_its_own(
    database_url: str, redis_url: str
) -> None:
    async with (
        limited(database_url, redis_url, of_accounts=1006, of_addresses=1006) as app,
        clients(app) as client_as,
        connect(app) as anybody,
    ):
        made = await registered(await client_as("uzhur"), rate_limit=2)
        async with acting(app, await asked_by_secret(anybody, made)) as (portal,):
            statuses = [(await portal.get("/v1/me")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_a_token_is_counted_by_itself_once_it_was_let_in(
    database_url: str, redis_url: str
) -> None:
    async with (
        limited(database_url, redis_url, of_accounts=1007, of_addresses=17) as app,
        clients(app) as client_as,
    ):
        office = await client_as("uzhur")
        issued = await office.post(
            "/v1/api-tokens",
            json={
                "name": "portal",
                "scopes": ["results:read"],
                "expires_at": "2027-06-30T00:00:00Z",
            },
        )
        async with client_with(app, issued.json()["token"]) as portal:
            policies = [
                (await portal.get("/v1/me")).headers["ratelimit-policy"]
                for _ in range(2)
            ]
    assert policies == ['"address";q=17;w=60', '"token";q=1007;w=60']


async def test_whoever_does_not_say_who_they_are_shares_the_limit_of_the_address(
    database_url: str, redis_url: str
) -> None:
    async with (
        limited(database_url, redis_url, of_accounts=1008, of_addresses=3) as app,
        connect(app) as anybody,
    ):
        made_up = [{}, {"Authorization": "Bearer pdm_a"}, {"Authorization": "Bearer x"}]
        for headers in made_up:
            answer = await anybody.get("/v1/problems", headers=headers)
            assert answer.status_code == 200
        for headers in made_up:
            answer = await anybody.get("/v1/problems", headers=headers)
            assert answer.status_code == 429
        for path in ("/health/live", "/health/ready", "/metrics"):
            assert (await anybody.get(path)).status_code == 200
        told = await scraped(anybody)
    assert told["podyom_rate_limited_total", "address"] == 3


async def test_without_valkey_requests_go_through_and_it_is_told(
    database_url: str,
) -> None:
    with throwaway_valkey() as url:
        app_of = limited(database_url, url, of_accounts=9, of_addresses=9)
        app = await app_of.__aenter__()
        async with connect(app) as anybody:
            assert "ratelimit" in (await anybody.get("/v1/problems")).headers
    try:
        async with connect(app) as anybody:
            for _ in range(12):
                answer = await anybody.get("/v1/problems")
                assert answer.status_code == 200
                assert "ratelimit" not in answer.headers
            told = await scraped(anybody)
        assert told["podyom_rate_limit_unchecked_total",] == 12
    finally:
        await app_of.__aexit__(None, None, None)


async def test_a_limit_of_nothing_is_none(database_url: str, redis_url: str) -> None:
    async with (
        limited(database_url, redis_url, of_accounts=0, of_addresses=0) as app,
        connect(app) as client,
    ):
        await sign_in(client, "uzhur")
        assert "ratelimit-policy" not in (await client.get("/v1/me")).headers
