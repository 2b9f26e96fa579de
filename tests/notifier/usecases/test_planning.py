"""Planning from the database: who is reminded of what, and never twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.world import START, World

TODAY = START.date()


def planner(engine: AsyncEngine, rules: ReminderRules) -> Planner:
    return Planner(engine, rules, domain="podyom.example.ru")


async def test_a_school_is_told_by_mail_and_inbox_and_a_coordinator_of_the_rest(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school()
    editor = await world.add_user(school, email="school@example.ru")
    silent = await world.add_user(school)
    coordinator = await world.add_user(None, email="district@example.ru")
    await world.add_user(school, email="gone@example.ru", is_active=False)
    of_school = await world.add_deadline(TODAY + timedelta(days=3), school)
    of_district = await world.add_deadline(TODAY + timedelta(days=7), None)

    assert await planner(notifier_engine, rules).plan_round() == 5

    planned = {
        (each["recipient_id"], each["deadline_id"], each["rule"], channel)
        for channel in ("mail", "inbox")
        for each in await world.reminders(channel)
    }
    assert planned == {
        (editor, of_school, "before_3", "mail"),
        (editor, of_school, "before_3", "inbox"),
        (silent, of_school, "before_3", "inbox"),
        (coordinator, of_district, "before_7", "mail"),
        (coordinator, of_district, "before_7", "inbox"),
    }


@pytest.mark.parametrize("state", ["done", "past"])
async def test_nothing_is_planned_for_what_is_not_open(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, state: str
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY + timedelta(days=1), school, state=state)
    assert await planner(notifier_engine, rules).plan_round() == 0


async def test_nothing_is_planned_too_early_and_nothing_new_on_a_day_off(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY + timedelta(days=15), school)
    assert await planner(notifier_engine, rules).plan_round() == 0
    saturday = START + timedelta(days=3)
    await world.set_clock(saturday)
    assert await planner(notifier_engine, rules).plan_round() == 0
    await world.set_clock(saturday + timedelta(days=2))
    assert await planner(notifier_engine, rules).plan_round() == 2


async def test_several_planners_at_once_plan_each_reminder_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    for number in range(20):
        school = await world.add_school_with_mail(f"school{number}@example.ru")
        for days in range(15):
            await world.add_deadline(TODAY + timedelta(days=days), school)
    planners = [planner(notifier_engine, rules) for _ in range(4)]
    counts = await asyncio.gather(*(each.plan_round() for each in planners))
    assert sum(counts) == 20 * 15 * 2
    assert len(await world.reminders()) == 20 * 15


async def test_a_second_look_plans_nothing_until_something_happens(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    planning = planner(notifier_engine, rules)
    assert await planning.plan_round() == 0
    await world.add_deadline(TODAY + timedelta(days=1), school)
    await world.tell()
    assert await planning.plan_round() == 2
    assert await planning.plan_round() == 0


async def test_an_event_that_is_committed_late_is_not_missed(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    planning = planner(notifier_engine, rules)
    async with world.database.transaction():
        await world.add_deadline(TODAY + timedelta(days=1), school)
        await world.tell()
        assert await planning.plan_round() == 0
    assert await planning.plan_round() == 2


async def test_a_ring_makes_it_look_although_no_event_tells(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    planning = planner(notifier_engine, rules)
    assert await planning.plan_round() == 0
    await world.add_deadline(TODAY + timedelta(days=1), school)
    assert await planning.plan_round() == 0
    planning.owe(world.municipality_id)
    assert await planning.plan_round() == 2


async def test_a_new_day_is_the_municipalitys(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY + timedelta(days=8), school)
    planning = planner(notifier_engine, rules)
    assert await planning.plan_round() == 2
    # 23:30 in Krasnoyarsk is still the same day, 00:30 is not, though UTC says so.
    await world.set_clock(START.replace(hour=23, minute=30))
    assert await planning.plan_round() == 0
    await world.set_clock(START.replace(hour=0, minute=30) + timedelta(days=1))
    assert await planning.plan_round() == 2
    assert [each["rule"] for each in await world.reminders()] == [
        "before_14",
        "before_7",
    ]


async def test_days_that_were_slept_through_are_made_up_for_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY + timedelta(days=20), school)
    planning = planner(notifier_engine, rules)
    assert await planning.plan_round() == 0
    await world.set_clock(START + timedelta(days=19))
    assert await planning.plan_round() == 2
    (reminder,) = await world.reminders()
    assert (reminder["rule"], reminder["kind"]) == ("before_1", "reminder")
    assert reminder["planned_at"] - START >= timedelta(days=19)
