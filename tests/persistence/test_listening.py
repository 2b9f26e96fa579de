"""Events are heard at the moment they are committed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.contracts.events import EventKind
from shared.persistence.engine import Database
from shared.persistence.listening import listen_to_events
from shared.persistence.outbox import record
from shared.persistence.work import begin_as_system
from tests.scoring.district import District, new_district

BOUND = 20.0
Heard = list[tuple[EventKind, int]]


@pytest_asyncio.fixture
async def district(empty_database_url: str) -> AsyncIterator[District]:
    """Yield a municipality to tell of."""
    async with new_district(empty_database_url) as district:
        yield district


@asynccontextmanager
async def listening(database: Database, heard: Heard) -> AsyncIterator[None]:
    """Note what is heard while the block runs."""

    def hear(kind: EventKind, municipality_id: int) -> None:
        heard.append((kind, municipality_id))

    task = asyncio.create_task(listen_to_events(database, hear))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(BOUND):
        while not condition():  # noqa: ASYNC110 (what is heard comes by itself)
            await asyncio.sleep(0.01)


async def tell(district: District, kind: EventKind, times: int = 1) -> None:
    async with begin_as_system(district.api) as work:
        for _ in range(times):
            await record(work, kind, municipality_id=district.id)


async def tell_and_fail(district: District, kind: EventKind) -> None:
    async with begin_as_system(district.api) as work:
        await record(work, kind, municipality_id=district.id)
        raise ZeroDivisionError


async def heard_first(district: District, heard: Heard) -> None:
    """Tell until the first is heard: whoever begins to listen misses what was said."""
    async with asyncio.timeout(BOUND):
        while not heard:
            await tell(district, EventKind.CLOCK_MOVED)
            await asyncio.sleep(0.05)


async def listeners(district: District) -> int:
    async with district.api.connect() as connection:
        await connection.execute(text("SET ROLE NONE"))
        found = await connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                " AND datname = current_database()"
            )
        )
    return int(found or 0)


async def test_an_event_is_heard_once_it_is_committed(district: District) -> None:
    heard: Heard = []
    async with listening(district.scoring, heard):
        await heard_first(district, heard)
        heard.clear()
        with pytest.raises(ZeroDivisionError):
            await tell_and_fail(district, EventKind.SCHOOLS_CHANGED)

        await tell(district, EventKind.RESULTS_CHANGED, times=3)
        await until(lambda: (EventKind.RESULTS_CHANGED, district.id) in heard)

    told = [each for each in heard if each[0] is not EventKind.CLOCK_MOVED]
    assert told == [(EventKind.RESULTS_CHANGED, district.id)]


async def test_a_lost_connection_is_made_anew(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.persistence.listening.RECONNECT_SECONDS", 0.05)
    heard: Heard = []
    async with listening(district.scoring, heard):
        await heard_first(district, heard)
        async with district.api.connect() as connection:
            await connection.execute(text("SET ROLE NONE"))
            ended = await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
            assert ended.all()
        heard.clear()
        await heard_first(district, heard)
    assert await listeners(district) == 0


async def test_who_stops_listening_leaves_no_listener_in_the_pool(
    district: District,
) -> None:
    heard: Heard = []
    async with listening(district.scoring, heard):
        await heard_first(district, heard)
        assert await listeners(district) == 1
    assert await listeners(district) == 0
