"""Changes get their numbers in the order of commits, and none is ever skipped."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.persistence.engine import Database, create_engine
from shared.persistence.feed import forget_changes, number_changes, read_state
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now
from tests.scoring.district import District, new_district
from tests.support.databases import MIGRATED, copied_database

MANY = 100_000
WRITERS, ROUNDS, ROWS = 4, 12, 5

Seen = list[tuple[int, str, int]]  # number, action, row


@pytest_asyncio.fixture
async def district(empty_database_url: str) -> AsyncIterator[District]:
    """Yield a municipality with a feed that has been read to its end."""
    async with new_district(empty_database_url) as district:
        await number(district.api)
        yield district


async def number(database: Database, limit: int = MANY) -> int:
    async with begin_as_system(database) as work:
        return await number_changes(work, limit)


async def last_number(database: Database) -> int:
    async with begin_as_system(database) as work:
        return (await read_state(work)).last_number


async def read(database: Database, after: int, limit: int = MANY) -> Seen:
    """Read on as a consumer does: up to a number that was seen before."""
    async with begin_as_system(database) as work:
        up_to = (await read_state(work)).last_number
        found = await work.session.execute(
            text(
                "SELECT number, action, row_id FROM api.changes WHERE number > :after"
                " AND number <= :up_to AND dataset = 'municipal-figures'"
                " ORDER BY number LIMIT :limit"
            ),
            {"after": after, "up_to": up_to, "limit": limit},
        )
        return [(row.number, row.action, row.row_id) for row in found]


async def add(work: Work, municipality_id: int, code: str) -> int:
    found = await work.session.scalars(
        text(
            "INSERT INTO api.municipality_figures"
            " (municipality_id, code, title, value, unit, provenance)"
            " VALUES (:municipality_id, :code, 'x', 0, 'people', 'local') RETURNING id"
        ),
        {"municipality_id": municipality_id, "code": code},
    )
    return int(found.one())


async def change(work: Work, row_id: int) -> None:
    await work.session.execute(
        text("UPDATE api.municipality_figures SET value = value + 1 WHERE id = :id"),
        {"id": row_id},
    )


async def remove(work: Work, row_id: int) -> None:
    await work.session.execute(
        text("DELETE FROM api.municipality_figures WHERE id = :id"), {"id": row_id}
    )


async def test_what_commits_late_comes_late_and_is_not_skipped(
    district: District,
) -> None:
    after = await last_number(district.api)
    async with begin_as_system(district.api) as slow:
        first = await add(slow, district.id, "first")
        async with begin_as_system(district.api) as quick:
            second = await add(quick, district.id, "second")
        # A transaction that is still open holds nobody up.
        assert await number(district.api) == 1
        (seen,) = await read(district.api, after)
        assert seen[1:] == ("upsert", second)
        assert await number(district.api) == 0
    assert await number(district.api) == 1
    (late,) = await read(district.api, seen[0])
    assert late[1:] == ("upsert", first)
    assert late[0] > seen[0]


async def test_what_is_rolled_back_is_never_told(district: District) -> None:
    after = await last_number(district.api)
    with suppress(ZeroDivisionError):
        async with begin_as_system(district.api) as work:
            await add(work, district.id, "never")
            raise ZeroDivisionError
    assert await number(district.api) == 0
    assert await last_number(district.api) == after


async def test_a_batch_may_end_between_two_changes_of_a_row(district: District) -> None:
    after = await last_number(district.api)
    async with begin_as_system(district.api) as work:
        row = await add(work, district.id, "row")
    async with begin_as_system(district.api) as work:
        await change(work, row)
        await remove(work, row)
    while await number(district.api, limit=1):
        pass
    seen = await read(district.api, after)
    assert [action for _, action, _ in seen] == ["upsert", "upsert", "delete"]
    numbers = [each for each, _, _ in seen]
    assert numbers == list(range(after + 1, after + 4))


async def write_at_random(
    database: Database, municipality_id: int, dice: random.Random, writer: int
) -> Counter[int]:
    """Write in transactions that overlap others'; return how often, by row."""
    committed: Counter[int] = Counter()
    own: list[int] = []
    for turn in range(ROUNDS):
        written: Counter[int] = Counter()
        try:
            async with begin_as_system(database) as work:
                row = await add(work, municipality_id, f"{writer}-{turn}")
                written[row] += 1
                # Always in the same order, so that writers do not lock each other out.
                for shared in sorted(dice.sample(range(1, ROWS + 1), 2)):
                    await asyncio.sleep(dice.random() / 100)
                    await change(work, shared)
                    written[shared] += 1
                if own and dice.random() < 0.3:
                    gone = own.pop()
                    await remove(work, gone)
                    written[gone] += 1
                # Division by zero rolls back.
                assert 1 // (dice.random() > 0.2)
        except ZeroDivisionError:
            continue
        own.append(row)
        committed += written
    return committed


async def consume(database: Database, after: int, done: asyncio.Event) -> Seen:
    """Read at random moments, forgetting all but the last number in between."""
    dice = random.Random(7)  # noqa: S311 (a test's dice)
    seen: Seen = []
    while True:
        is_last = done.is_set()
        numbered = await number(database, limit=dice.randint(1, 20))
        page = await read(database, after, limit=dice.randint(1, 10))
        seen += page
        after = page[-1][0] if page else after
        if is_last and not page and not numbered:
            return seen
        await asyncio.sleep(dice.random() / 50)


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_change_is_seen_once_in_the_order_of_its_row(
    district: District, seed: int
) -> None:
    async with begin_as_system(district.api) as work:
        shared = [await add(work, district.id, f"shared-{n}") for n in range(ROWS)]
    assert shared == list(range(1, ROWS + 1))
    await number(district.api)
    after, done = await last_number(district.api), asyncio.Event()
    consuming = asyncio.create_task(consume(district.api, after, done))
    dice = [random.Random(f"{seed}-{writer}") for writer in range(WRITERS)]  # noqa: S311 (a test's dice)
    counted = await asyncio.gather(
        *(
            write_at_random(district.api, district.id, each, writer)
            for writer, each in enumerate(dice)
        )
    )
    done.set()
    seen = await consuming

    numbers = [each for each, _, _ in seen]
    assert numbers == sorted({*numbers})
    expected: Counter[int] = Counter()
    for each in counted:
        expected += each
    assert Counter(row for _, _, row in seen) == expected
    by_row: defaultdict[int, list[str]] = defaultdict(list)
    for _, action, row in seen:
        by_row[row].append(action)
    for actions in by_row.values():
        assert "delete" not in actions[:-1]


async def test_the_order_within_a_row_is_that_of_its_commits(
    district: District,
) -> None:
    """Keys tell the versions apart: each change takes up where the one before ended."""
    async with begin_as_system(district.api) as work:
        row = await add(work, district.id, "0")
    await number(district.api)
    after = await last_number(district.api)

    async def rename(times: int) -> None:
        for _ in range(times):
            async with begin_as_system(district.api) as work:
                await work.session.execute(
                    text(
                        "UPDATE api.municipality_figures"
                        " SET code = (code::int + 1)::text WHERE id = :id"
                    ),
                    {"id": row},
                )

    async def number_meanwhile() -> None:
        for _ in range(20):
            await number(district.api, limit=1)

    await asyncio.gather(rename(10), rename(10), rename(10), number_meanwhile())
    await number(district.api)
    async with begin_as_system(district.api) as work:
        found = await work.session.execute(
            text(
                "SELECT old_key ->> 'code', key ->> 'code' FROM api.changes"
                " WHERE number > :after ORDER BY number"
            ),
            {"after": after},
        )
        steps = [(int(old), int(new)) for old, new in found]
    assert steps == [(version, version + 1) for version in range(30)]


async def test_what_is_forgotten_is_told_by_its_number(district: District) -> None:
    async with begin_as_system(district.api) as work:
        for code in "abc":
            await add(work, district.id, code)
    await number(district.api)
    last = await last_number(district.api)
    later = system_now() + timedelta(seconds=60)
    async with begin_as_system(district.api) as work:
        assert await forget_changes(work, before=later, limit=last - 1) == last - 1
        state = await read_state(work)
    assert (state.forgotten_number, state.last_number) == (last - 1, last)
    assert len(await read(district.api, last - 1)) == 1


async def test_a_copied_database_has_a_feed_of_its_own(
    migrated_template: str,
) -> None:
    found = []
    for _ in range(2):
        async with copied_database(migrated_template, MIGRATED) as url:
            engine = create_engine(url, "api")
            async with begin_as_system(engine) as work:
                found.append((await read_state(work)).identity)
            await engine.dispose()
    assert len({*found}) == 2
