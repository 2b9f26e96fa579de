"""Planning many municipalities: together, and none stopped by another."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.world import START, World

PLANNING = "services.notifier.usecases.planning"
DUE_ON = START.date() + timedelta(days=3)
BROKEN_RULES = """
INSERT INTO api.reminder_rules (municipality_id, version, document, written_by,
  written_at)
SELECT municipality_id, 1, '{"rules": "every day"}', id, now()
FROM api.users WHERE municipality_id = $1
"""
BOUNCE = """
INSERT INTO api.bounces (municipality_id, address_digest, kind, recorded_by,
  recorded_at)
SELECT municipality_id, encode(sha256(convert_to(email, 'UTF8')), 'hex'), 'permanent',
  id, now() FROM api.users WHERE id = $1
"""


def planner(engine: AsyncEngine, rules: ReminderRules) -> Planner:
    return Planner(engine, rules, domain="podyom.example.ru")


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def add_municipality_with_a_deadline(world: World) -> int:
    municipality_id = await world.add_municipality()
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(DUE_ON, school)
    return municipality_id


async def places_told(world: World) -> list[int]:
    return [each["municipality_id"] for each in await world.reminders()]


async def test_many_municipalities_take_no_more_statements_than_one(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await add_municipality_with_a_deadline(world)
    with statements(notifier_engine) as of_one:
        assert await planner(notifier_engine, rules).plan_round() == 2
    for _ in range(9):
        await add_municipality_with_a_deadline(world)
    with statements(notifier_engine) as of_ten:
        assert await planner(notifier_engine, rules).plan_round() == 2 * 9
    assert len(of_ten) <= len(of_one)


async def test_more_municipalities_than_are_planned_at_once_are_all_planned(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"{PLANNING}.AT_ONCE", 2)
    places = [await add_municipality_with_a_deadline(world) for _ in range(7)]
    assert await planner(notifier_engine, rules).plan_round() == 2 * 7
    assert sorted(await places_told(world)) == places


async def test_a_municipality_that_cannot_be_planned_stops_none_of_the_others(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    first, broken, last = [
        await add_municipality_with_a_deadline(world) for _ in range(3)
    ]
    await world.database.execute(BROKEN_RULES, broken)
    planning = planner(notifier_engine, rules)
    assert await planning.plan_round() == 4
    assert sorted(await places_told(world)) == [first, last]
    await world.database.execute("DELETE FROM api.reminder_rules")
    assert await planning.plan_round() == 2
    assert sorted(await places_told(world)) == [first, broken, last]


async def test_a_day_off_of_one_municipality_is_not_that_of_another(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    resting, working = [await add_municipality_with_a_deadline(world) for _ in range(2)]
    await world.database.execute(
        "INSERT INTO api.calendar_days (municipality_id, day, is_working,"
        " document_number, reason) VALUES ($1, $2, false, '1', 'День района')",
        resting,
        START.date(),
    )
    assert await planner(notifier_engine, rules).plan_round() == 2
    assert await places_told(world) == [working]


async def test_mail_that_came_back_to_one_municipality_is_sent_by_another(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await add_municipality_with_a_deadline(world)
    editor = await world.database.fetchval("SELECT max(id) FROM api.users")
    await world.database.execute(BOUNCE, editor)
    other = await add_municipality_with_a_deadline(world)
    assert await planner(notifier_engine, rules).plan_round() == 3
    assert await places_told(world) == [other]


async def test_full_rounds_that_take_long_are_far_apart(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"{PLANNING}.FULL_ROUND_EVERY", timedelta(0))
    school = await world.add_school_with_mail("school@example.ru")
    often, seldom = planner(notifier_engine, rules), planner(notifier_engine, rules)
    monkeypatch.setattr(f"{PLANNING}.REST", 1_000_000)
    assert await seldom.plan_round() == 0
    monkeypatch.setattr(f"{PLANNING}.REST", 0)
    assert await often.plan_round() == 0
    await world.add_deadline(DUE_ON, school)
    assert await seldom.plan_round() == 0
    assert await often.plan_round() == 2
