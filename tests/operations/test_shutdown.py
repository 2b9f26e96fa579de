"""Each process ends what it has in hand when it is told to stop, and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.operations.processes import (
    PATIENCE,
    client_of,
    service,
    settings_of_all,
    sign_in,
)
from tests.support.posting import bodies

pytestmark = pytest.mark.timeout(300)

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = current_database()"
)


@asynccontextmanager
async def held_results(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Keep everybody from writing results until `ROLLBACK`."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("BEGIN")
    await connection.execute("LOCK TABLE api.assessment_results IN EXCLUSIVE MODE")
    try:
        yield connection
    finally:
        await connection.close()


async def until_somebody_waits(database_url: str) -> None:
    # Not that which holds: within a transaction the view never changes.
    connection = await asyncpg.connect(database_url)
    async with asyncio.timeout(PATIENCE):
        while not await connection.fetchval(WAITING):  # noqa: ASYNC110 (a database tells nobody)
            await asyncio.sleep(0.02)
    await connection.close()


async def until_there_is_a_run(connection: asyncpg.Connection) -> None:
    runs = "SELECT count(*) FROM scoring.current_runs"
    async with asyncio.timeout(PATIENCE):
        while not await connection.fetchval(runs):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.05)


async def until_refused(client: httpx.AsyncClient) -> None:
    """Wait until no new request is taken."""
    async with asyncio.timeout(PATIENCE):
        with suppress(httpx.TransportError):
            while True:
                async with httpx.AsyncClient(
                    base_url=client.base_url, trust_env=False
                ) as another:
                    await another.get("/health/live")
                await asyncio.sleep(0.02)


async def last_line_of(client: httpx.AsyncClient, path: str, accept: str) -> str:
    """Read a stream to its end, which must come as that of an answer."""
    last = ""
    headers = {"Accept": accept}
    async with client.stream("GET", path, headers=headers, timeout=PATIENCE) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            last = line or last
    return last


async def test_the_api_answers_what_it_has_and_ends_its_streams(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = settings_of_all(database_url, redis_url, tmp_path)
    async with (
        service("api", settings) as api,
        client_of(settings, "uzhur") as office,
        client_of(settings) as admin,
        held_results(database_url) as holder,
    ):
        await sign_in(admin, "admin")
        page = (await admin.get("/v1/changes")).json()
        while not page["is_last"]:
            after = {"after": page["next_after"]}
            page = (await admin.get("/v1/changes", params=after)).json()
        wanted = {"after": page["next_after"], "wait": 30}
        school = (await office.get("/v1/schools")).json()["items"][0]
        (body, *_) = bodies([school["id"]], 2018)
        begun = [
            asyncio.create_task(each)
            for each in (
                admin.get("/v1/changes", params=wanted),
                last_line_of(
                    admin,
                    f"/v1/changes?after={page['next_after']}",
                    "application/x-ndjson",
                ),
                last_line_of(office, "/v1/inbox/stream", "text/event-stream"),
                office.post("/v1/results", json=body),
            )
        ]
        await until_somebody_waits(database_url)
        api.ask_to_stop()
        await until_refused(office)
        await holder.execute("ROLLBACK")
        polled, fed, heard, written = await asyncio.gather(*begun)
        assert await api.ended() == 0
    assert isinstance(polled, httpx.Response)
    assert polled.status_code == 200
    assert isinstance(written, httpx.Response)
    assert written.status_code == 201
    assert '"heartbeat"' in str(fed)
    assert heard
    kept = await asyncpg.connect(database_url)
    assert await kept.fetchval(
        "SELECT count(*) FROM api.assessment_results WHERE id = $1",
        written.json()["id"],
    )
    await kept.close()


async def test_a_run_that_is_given_up_is_computed_by_the_next_worker(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = settings_of_all(database_url, redis_url, tmp_path)
    reader = await asyncpg.connect(database_url)
    async with held_runs(database_url) as holder:
        async with service("scoring", settings) as scoring:
            await until_somebody_waits(database_url)
            scoring.ask_to_stop()
            assert await scoring.ended() == 0
        await holder.execute("ROLLBACK")
        assert await reader.fetchval("SELECT count(*) FROM scoring.runs") == 0
    async with service("scoring", settings) as scoring:
        await until_there_is_a_run(reader)
        scoring.ask_to_stop()
        assert await scoring.ended() == 0
    await reader.close()


@asynccontextmanager
async def held_runs(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Keep everybody from writing runs until `ROLLBACK`."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("BEGIN")
    await connection.execute("LOCK TABLE scoring.runs IN EXCLUSIVE MODE")
    try:
        yield connection
    finally:
        await connection.close()
