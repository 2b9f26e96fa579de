"""An inbox as a stream: what comes, from where it goes on, and when it ends."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.api.http.inbox_bells import MOST_EACH
from services.api.inbox import streaming as module
from tests.api.inbox.messages import put_message
from tests.support.api import ClientAs
from tests.support.streams import Stream, streaming

SCHOOL = "uzhur.ilinskaya"
OTHER_SCHOOL = "uzhur.krutoyarskaya"
PATH = "/v1/inbox/stream"


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@asynccontextmanager
async def opened(
    api: FastAPI, client: httpx.AsyncClient, *, after: int | None = None
) -> AsyncIterator[Stream]:
    """Open the stream of the client's account; skip the line on reconnecting."""
    headers = {"Authorization": client.headers["Authorization"]}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with streaming(api, PATH, headers) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert await stream.next() == {"retry": str(module.RETRY_MILLISECONDS)}
        yield stream


async def event(stream: Stream) -> tuple[str, dict[str, object]]:
    """Return name and data of the next event that is not a comment."""
    while (fields := await stream.next()) is not None:
        if fields:
            return fields["event"], json.loads(fields["data"])
    raise AssertionError("the stream has ended")


async def test_a_message_comes_as_soon_as_it_is_there_and_reading_it_is_told(
    api: FastAPI, client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    async with opened(api, client) as stream:
        assert await event(stream) == ("unread", {"unread_count": 0})
        number = await put_message(database, SCHOOL, "Срок завтра")
        name, message = await event(stream)
        assert (name, message["id"], message["subject"]) == (
            "message",
            number,
            "Срок завтра",
        )
        assert await event(stream) == ("unread", {"unread_count": 1})
        listed = (await client.get("/v1/inbox")).json()["items"]
        assert listed == [message]
        assert (await client.put(f"/v1/inbox/{number}/read")).status_code == 204
        assert await event(stream) == ("unread", {"unread_count": 0})


async def test_a_stream_goes_on_after_the_last_message_that_was_seen(
    api: FastAPI, client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    numbers = [await put_message(database, SCHOOL, f"{n}") for n in range(3)]
    async with opened(api, client, after=numbers[0]) as stream:
        told = [await event(stream) for _ in range(3)]
    assert [data.get("id") for _, data in told] == [*numbers[1:], None]
    assert told[2] == ("unread", {"unread_count": 3})


async def test_nobody_else_is_told(
    api: FastAPI, client_as: ClientAs, database: asyncpg.Connection
) -> None:
    stranger = await client_as(OTHER_SCHOOL)
    async with opened(api, stranger) as stream:
        assert await event(stream) == ("unread", {"unread_count": 0})
        await put_message(database, SCHOOL, "Не вам")
        number = await put_message(database, OTHER_SCHOOL, "Вам")
        name, message = await event(stream)
        assert (name, message["id"]) == ("message", number)


async def test_a_stream_ends_with_its_session(
    api: FastAPI, client_as: ClientAs
) -> None:
    client = await client_as(SCHOOL)
    session_id = (await client.get("/v1/me/sessions")).json()["items"][0]["id"]
    async with opened(api, client) as stream:
        await event(stream)
        ended = await client.delete(f"/v1/me/sessions/{session_id}")
        assert ended.status_code == 204
        assert await stream.next() is None


async def test_a_quiet_stream_says_that_it_is_alive(
    api: FastAPI, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)
    client = await client_as(SCHOOL)
    async with opened(api, client) as stream:
        await event(stream)
        assert await stream.next() == {}
        assert await stream.next() == {}


async def test_an_account_has_a_bounded_number_of_streams(
    api: FastAPI, client_as: ClientAs
) -> None:
    client = await client_as(SCHOOL)
    async with AsyncExitStack() as held:
        for _ in range(MOST_EACH):
            stream = await held.enter_async_context(opened(api, client))
            await event(stream)
        refused = await client.get(PATH)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        other = await client_as(OTHER_SCHOOL)
        async with opened(api, other) as stream:
            await event(stream)
    answer = await client.get(PATH, params={"seconds": 0})
    assert answer.status_code == 200


async def test_streams_end_when_the_server_stops(
    api: FastAPI, client_as: ClientAs
) -> None:
    client = await client_as(SCHOOL)
    async with opened(api, client) as stream:
        await event(stream)
        api.state.api.inbox_bells.close()
        assert await stream.next() is None


async def test_a_token_is_needed(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 401


async def test_all_messages_or_those_that_were_shown_are_marked_as_read(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    numbers = [await put_message(database, SCHOOL, f"{n}") for n in range(3)]
    await put_message(database, OTHER_SCHOOL, "чужое")
    shown = await client.put("/v1/inbox/read", params={"up_to": numbers[1]})
    assert shown.json() == {"unread_count": 1, "newest_id": numbers[2]}
    rest = await client.put("/v1/inbox/read")
    assert rest.json()["unread_count"] == 0
    assert (await client.get("/v1/inbox/unread")).json() == rest.json()
    other = await client_as(OTHER_SCHOOL)
    assert (await other.get("/v1/inbox/unread")).json()["unread_count"] == 1


async def test_a_burst_of_messages_comes_whole_and_in_order(
    api: FastAPI, client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    async with opened(api, client) as stream:
        await event(stream)
        wanted = [await put_message(database, SCHOOL, f"{n}") for n in range(30)]
        got: list[object] = []
        while len(got) < len(wanted):
            name, data = await event(stream)
            got += [data["id"]] if name == "message" else []
    assert got == wanted
