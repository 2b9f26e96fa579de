"""Inbox messages: exactly one for each reminder, in the recipient's language."""

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.world import START, World

TODAY = START.date()


async def plan(engine: AsyncEngine, rules: ReminderRules) -> None:
    await Planner(engine, rules, domain="podyom.example.ru").plan_round()


async def test_a_message_is_worded_for_its_reader(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school()
    russian = await world.add_user(school)
    english = await world.add_user(school, language="en")
    await world.add_deadline(TODAY + timedelta(days=3), school)
    await plan(notifier_engine, rules)
    await post_all(notifier_engine, rules)
    by_reader = {each["recipient_id"]: each for each in await world.messages()}
    assert by_reader[russian]["subject"].startswith("Срок через 3 дня: 1.2 Анализ")
    assert by_reader[english]["subject"].startswith("Due in 3 days: 1.2")
    assert "Школа №1" in by_reader[russian]["body"]
    assert "запоздало" not in by_reader[russian]["body"]
    assert "ДЕМОНСТРАЦИЯ" not in by_reader[russian]["body"]


async def test_a_demonstration_says_that_it_is_one(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await world.database.execute("UPDATE api.municipalities SET synthetic = true")
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY, school)
    await plan(notifier_engine, rules)
    await post_all(notifier_engine, rules)
    (message,) = await world.messages()
    assert message["body"].startswith("ДЕМОНСТРАЦИЯ")


async def test_several_deliverers_at_once_post_each_message_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    for number in range(40):
        school = await world.add_school_with_mail(f"school{number}@example.ru")
        for days in (0, 1, 3, 7, 14):
            await world.add_deadline(TODAY + timedelta(days=days), school)
    await plan(notifier_engine, rules)
    await asyncio.gather(*(post_all(notifier_engine, rules) for _ in range(4)))
    messages = await world.messages()
    assert len(messages) == 40 * 5
    assert len({each["message_id"] for each in messages}) == 40 * 5
    assert await world.count("inbox", "sent") == 40 * 5
    assert {each["attempts"] for each in await world.reminders("inbox")} == {1}


async def test_the_log_tells_the_systems_time_not_the_machines(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await world.add_deadline(TODAY, school)
    await plan(notifier_engine, rules)
    await post_all(notifier_engine, rules)
    (reminder,) = await world.reminders("inbox")
    (message,) = await world.messages()
    for moment in (reminder["sent_at"], reminder["planned_at"], message["created_at"]):
        assert moment.date() == TODAY
    assert reminder["next_try_at"].year > 2020
