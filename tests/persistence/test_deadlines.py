"""Deadlines of every kind: what they are the same by, their revision, their words."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import select

from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.notifier.world import START, World, new_world

DAY = START.date()


@pytest_asyncio.fixture
async def world(empty_database_url: str) -> AsyncIterator[World]:
    """Yield a small municipality with one measure."""
    async with new_world(empty_database_url) as made:
        yield made


async def add_recommendation(world: World, **fields: Any) -> int:
    values = {
        "municipality_id": world.municipality_id,
        "kind": "recommendation",
        "source_id": 12,
        "school_id": world.schools[0],
        "occurrence": 1,
        "title": "Провести анализ",
        "starts_on": DAY,
        "nominal_due_on": DAY,
        "due_on": DAY,
        "state": "open",
        "created_at": START,
        "changed_at": START,
    }
    return await world.add("api.deadlines", **(values | fields))


async def test_the_revision_counts_changes_of_the_day_the_state_and_the_title(
    world: World,
) -> None:
    await world.add_school()
    number = await add_recommendation(world)
    for change in (
        "due_on = due_on + 1",
        "state = 'submitted'",
        "title = 'Другое'",
        "nominal_due_on = nominal_due_on + 1",
        "state = state",
    ):
        await world.database.execute(f"UPDATE api.deadlines SET {change}")  # noqa: S608 (the test's own text)
    row = await world.database.fetchrow(
        "SELECT revision, changed_at FROM api.deadlines WHERE id = $1", number
    )
    assert row["revision"] == 4
    assert row["changed_at"] > START


async def test_a_record_asks_once_for_the_same(world: World) -> None:
    await world.add_school()
    await add_recommendation(world)
    with pytest.raises(asyncpg.UniqueViolationError):
        await add_recommendation(world)
    # The same number of a record of another kind is another record.
    await add_recommendation(world, kind="data_year")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None},
        {"source_id": None},
        {"kind": "measure"},
        {"kind": "excursion"},
        {"state": "lost"},
    ],
)
async def test_a_deadline_without_its_words_or_its_record_is_refused(
    world: World, fields: dict[str, Any]
) -> None:
    await world.add_school()
    with pytest.raises(asyncpg.CheckViolationError):
        await add_recommendation(world, **fields)


async def test_a_deadline_has_the_words_of_its_measure_or_its_own(
    world: World,
) -> None:
    school = await world.add_school()
    await world.add_deadline(DAY, school)
    await add_recommendation(world)
    engine = create_engine(world.url, "notifier")
    async with begin_as_system(engine) as work:
        columns = WORDED_DEADLINES.c
        rows = await work.session.execute(
            select(
                columns.kind, columns.number, columns.title, columns.programme_title
            ).order_by(columns.id)
        )
        assert [tuple(row) for row in rows] == [
            (
                "measure",
                "1.2",
                "Анализ результатов ВПР",
                "Повышение качества образования",
            ),
            ("recommendation", None, "Провести анализ", None),
        ]
    await engine.dispose()
