"""The change feed while two apis are killed and three workers work.

Nothing is skipped, nothing comes twice, and numbers rise, whoever dies in the middle of
writing or of numbering.
"""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from shared.persistence.engine import Database, create_engine
from shared.persistence.feed import NUMBERING_LOCK
from shared.persistence.work import begin_as_system
from tests.api.changes.consumer import FEED, Consumer
from tests.api.changes.test_snapshots import compare
from tests.operations.pair import Apis, two_apis
from tests.operations.processes import (
    PATIENCE,
    client_of,
)
from tests.support.posting import Body, bodies

pytestmark = pytest.mark.timeout(600)

WRITERS = 3
PAUSE = 0.1  # between two results, to leave the machine to those who work
CREATED, CONFLICT = 201, 409
NUMBERING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
    " AND application_name = 'podyom-api' AND datname = current_database()"
)
Seen = list[dict[str, Any]]


async def post_results(
    apis: Apis, results: Iterator[Body], done: asyncio.Event
) -> Counter[int]:
    """Enter results until told to stop; return the rows that were acknowledged."""
    kept: Counter[int] = Counter()
    while not done.is_set():
        body = next(results)
        # A repeated request has the same key, and then the same answer.
        key = {"Idempotency-Key": f"result-{body['wave']}-{len(kept)}-{id(results)}"}
        while True:
            answer = await apis.ask("POST", "/v1/results", json=body, headers=key)
            if answer.status_code == CREATED:
                kept[answer.json()["id"]] += 1
                await asyncio.sleep(PAUSE)
                break
            # The first attempt died with its process, and is still being cleared away.
            assert answer.status_code == CONFLICT, answer.text
            await asyncio.sleep(0.05)
    return kept


async def write_slowly(
    database: Database, municipality_id: int, writer: int, done: asyncio.Event
) -> Counter[int]:
    """Write in transactions that overlap all others; return how often, by row."""
    dice = random.Random(writer)  # noqa: S311 (a test's dice)
    written: Counter[int] = Counter()
    for turn in itertools.count():
        if done.is_set():
            return written
        async with begin_as_system(database) as work:
            values = {"municipality_id": municipality_id, "code": f"{writer}-{turn}"}
            row = (await work.session.execute(_ADD, values)).scalar_one()
            await asyncio.sleep(dice.random() * 2)
            await work.session.execute(_CHANGE, {"id": row})
        written[row] += 2
    raise AssertionError


_ADD = text(
    "INSERT INTO api.municipality_figures"
    " (municipality_id, code, title, value, unit, provenance)"
    " VALUES (:municipality_id, :code, 'x', 0, 'people', 'local') RETURNING id"
)
_CHANGE = text("UPDATE api.municipality_figures SET value = value + 1 WHERE id = :id")


async def follow(apis: Apis, after: int, done: asyncio.Event) -> Seen:
    """Read on from number to number, at whichever api lives, to the end."""
    dice = random.Random(5)  # noqa: S311 (a test's dice)
    seen: Seen = []
    while True:
        is_last_look = done.is_set()
        query = {"after": after, "limit": dice.randint(1, 60), "wait": 1}
        answer = await apis.ask("GET", FEED, params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for change in page["items"]:
            assert change["number"] > after
            after = change["number"]
            seen.append(change)
        assert page["next_after"] >= after
        after = page["next_after"]
        if is_last_look and page["is_last"]:
            return seen


async def kill_while_numbering(
    apis: Apis, number: int, url: str, stack: AsyncExitStack
) -> None:
    """Kill an api that is about to give numbers, and let the others go on."""
    # Within a transaction the view of who waits would never change.
    looker, holder = await asyncpg.connect(url), await asyncpg.connect(url)
    await holder.execute("BEGIN")
    await holder.execute(f"SELECT pg_advisory_xact_lock({NUMBERING_LOCK})")
    async with asyncio.timeout(PATIENCE):
        while await looker.fetchval(NUMBERING) < 2:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.02)
    apis.running[number].process.kill()
    await apis.running[number].ended()
    await holder.close()
    await looker.close()
    await apis.start(number, stack)


async def test_whoever_dies_the_feed_tells_each_change_once(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    engine = create_engine(database_url, "api")
    async with (
        two_apis(database_url, redis_url, tmp_path) as (apis, stack),
        client_of(apis.settings[1], "admin") as admin,
    ):
        apis.client.headers["Authorization"] = admin.headers["Authorization"]
        sleeper = Consumer(admin)
        await sleeper.copy(rows_per_partition=500)
        start = sleeper.number
        schools = (await admin.get("/v1/schools", params={"limit": 20})).json()["items"]
        ids = [each["id"] for each in schools if each["kind"] != "branch"]
        done, read = asyncio.Event(), asyncio.Event()
        place = schools[0]["municipality_id"]
        async with asyncio.TaskGroup() as group:
            following = group.create_task(follow(apis, start, read))
            posting = group.create_task(post_results(apis, bodies(ids, 2018), done))
            writing = [
                group.create_task(write_slowly(engine, place, each, done))
                for each in range(WRITERS)
            ]
            await asyncio.sleep(1)
            await apis.kill(0, stack)
            await kill_while_numbering(apis, 1, database_url, stack)
            done.set()
            kept, *figures = [await posting, *[await each for each in writing]]
            read.set()
        seen = following.result()

        told = told_of("results", seen)
        assert len(kept) > 5
        assert told == kept
        told = told_of("municipal-figures", seen)
        assert told == sum(figures, Counter())
        await require_no_gaps(engine, start)
        await wake_up_a_day_later(sleeper)
    await engine.dispose()


def told_of(dataset: str, seen: Seen) -> Counter[int]:
    """Count how often each row of the dataset was told of."""
    return Counter(
        each["row_id"]
        for each in seen
        if (each["dataset"], each["action"]) == (dataset, "upsert")
    )


async def require_no_gaps(database: Database, start: int) -> None:
    """Check that each number from the first on has been given once."""
    async with begin_as_system(database) as work:
        numbers = await work.session.scalars(
            text("SELECT number FROM api.changes WHERE number > :start ORDER BY 1"),
            {"start": start},
        )
        found = list(numbers)
    assert found == list(range(start + 1, start + 1 + len(found)))


async def wake_up_a_day_later(sleeper: Consumer) -> None:
    """Let a consumer that was off all the while catch up, and compare its copy."""
    client = sleeper.client
    now = (await client.get("/v1/clock")).json()["now"]
    day = int(now[8:10]) + 1
    moved = await client.put("/v1/clock", json={"now": f"{now[:8]}{day:02}{now[10:]}"})
    assert moved.is_success, moved.text
    async with asyncio.timeout(PATIENCE):
        while True:
            # The workers go on changing what is compared, until they have done.
            before = sleeper.number
            await sleeper.catch_up(limit=500)
            await asyncio.sleep(3)
            if sleeper.number == before:
                break
    assert await compare(sleeper) > 15
