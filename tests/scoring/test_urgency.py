"""What is urgent is computed first, also where it changes in the middle of the rest."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import select, text

from services.scoring import usecases
from services.scoring.usecases import Outcome, recalculate_municipality
from shared.contracts.events import Topic
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import District
from tests.scoring.records import use_method

BOUND = 90.0


@asynccontextmanager
async def nobody_writes(district: District, table: str) -> AsyncIterator[None]:
    """Keep everybody from writing a table while the block runs."""
    admin = await asyncpg.connect(district.url)
    try:
        async with admin.transaction():
            await admin.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield
    finally:
        await admin.close()


async def is_waited_for(district: District) -> bool:
    """Tell whether somebody waits for a lock on a table."""
    async with begin_as_system(district.scoring, district.id) as work:
        waits = text(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
            " AND database = (SELECT oid FROM pg_database"
            " WHERE datname = current_database())"
        )
        return bool(await work.session.scalar(waits))


async def topics_computed(district: District) -> list[str]:
    """Return the topics of all runs in the order in which they were computed."""
    async with begin_as_system(district.scoring, district.id) as work:
        topics = select(RunRow.topic).order_by(RunRow.id)
        return list(await work.session.scalars(topics))


async def test_a_result_that_comes_meanwhile_is_ranked_before_the_rest(
    district: District,
) -> None:
    await use_method(district, "conditions-of-schools")
    await district.add_result("a", 2, 3, 3, 2)

    async with nobody_writes(district, "scoring.condition_models"):
        computing = asyncio.create_task(district.recalculate())
        async with asyncio.timeout(BOUND):
            while not await is_waited_for(district):  # noqa: ASYNC110 (a lock tells nobody)
                await asyncio.sleep(0.02)
        await district.add_result("b", 2, 3, 3, 2)

    assert await computing is Outcome.UP_TO_DATE
    assert await district.district_n() == 20
    computed = await topics_computed(district)
    assert computed[:3] == [Topic.RESULTS, Topic.CONDITIONS, Topic.RESULTS]
    assert {Topic.IDENTIFICATION, Topic.PROGRAMME, Topic.MATCHING} < set(computed[3:])


async def test_the_rest_waits_while_somebody_enters_results(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    more = ["b", "a"]

    async def entered(_since: float) -> bool:
        if not more:
            return False
        await district.add_result(more.pop(), 2, 3, 3, 2)
        return True

    outcome = await recalculate_municipality(
        district.scoring, district.id, entered=entered
    )

    assert outcome is Outcome.UP_TO_DATE
    computed = await topics_computed(district)
    assert computed[:3] == [Topic.RESULTS] * 3
    assert Topic.RESULTS not in computed[3:]
    assert {Topic.IDENTIFICATION, Topic.PROGRAMME, Topic.MATCHING} <= set(computed)


async def test_who_enters_without_end_does_not_keep_the_rest_from_its_turn(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = itertools.count()  # as time goes here, however busy the machine is
    monkeypatch.setattr(usecases, "_now", lambda: float(next(moments)))
    monkeypatch.setattr(usecases, "LONGEST_WAIT", 4.0)
    monkeypatch.setattr(usecases, "MOST_PARTS", 10_000)
    await district.add_result("a", 2, 3, 3, 2)

    async def entered(_since: float) -> bool:
        if Topic.MATCHING in await topics_computed(district):
            return False
        await district.add_result("a", 2, 3, 3, 2)
        return True

    async with asyncio.timeout(BOUND):
        outcome = await recalculate_municipality(
            district.scoring, district.id, entered=entered
        )

    assert outcome is Outcome.UP_TO_DATE
    computed = await topics_computed(district)
    assert computed.count(Topic.RESULTS) > 1
    assert Topic.MATCHING in computed
