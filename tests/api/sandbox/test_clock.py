"""The sandbox's clock: where it starts, that it moves forward, and only there."""

from datetime import datetime, timedelta

import httpx
from fastapi import FastAPI

from shared.runtime.settings import Mode
from tests.support.api import ClientAs, connect, running, settings_for, sign_in


async def test_the_sandbox_believes_it_is_16_september_2020(
    client_as: ClientAs,
) -> None:
    admin = await client_as("admin")
    clock = (await admin.get("/v1/clock")).json()
    now = datetime.fromisoformat(clock["now"])
    start = datetime.fromisoformat("2020-09-16T09:00:00+07:00")
    assert clock["is_sandbox"] is True
    assert timedelta(0) <= now - start < timedelta(hours=3)


async def move(client: httpx.AsyncClient, to: str) -> httpx.Response:
    return await client.put("/v1/clock", json={"now": to})


async def test_the_clock_moves_forward_and_goes_on(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    answer = await move(admin, "2020-10-01T09:00:00+07:00")
    assert answer.status_code == 200
    now = datetime.fromisoformat((await admin.get("/v1/clock")).json()["now"])
    assert now > datetime.fromisoformat("2020-10-01T09:00:00+07:00")


async def test_the_clock_does_not_move_back(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    answer = await move(admin, "2020-09-15T09:00:00+07:00")
    assert answer.status_code == 422
    assert answer.json()["code"] == "clock_moves_forward"


async def test_only_the_administrator_moves_the_clock(client_as: ClientAs) -> None:
    coordinator = await client_as("uzhur")
    answer = await move(coordinator, "2020-10-01T09:00:00+07:00")
    assert answer.status_code == 403
    assert "sandbox:write" in answer.json()["detail"]


async def test_under_real_settings_the_clock_cannot_be_moved(
    api: FastAPI, database_url: str, redis_url: str
) -> None:
    real = settings_for(database_url, redis_url, mode=Mode.PRODUCTION)
    assert api is not None
    async with running(real) as app, connect(app) as client:
        await sign_in(client, "admin")
        answer = await move(client, "2020-10-01T09:00:00+07:00")
    assert answer.status_code == 409
    assert answer.json()["code"] == "not_a_sandbox"
