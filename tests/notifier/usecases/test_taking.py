"""What has changed between the planning and the sending."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.usecases.mail_rooms import DOMAIN, mail_room, plan, send_all
from tests.notifier.world import START, World


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE api.deadlines SET state = 'done'",
        "UPDATE api.deadlines SET due_on = due_on + 30",
        "DELETE FROM api.deadlines",
        "UPDATE api.users SET is_active = false",
        "UPDATE api.users SET email = NULL",
    ],
)
async def test_what_changed_since_the_planning_is_not_sent(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    change: str,
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute(change)
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert sink.mails == []
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["sent_at"]) == ("withdrawn", None)
    assert reminder["reason"]


async def test_what_was_withdrawn_and_is_owed_again_is_sent_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute("UPDATE api.deadlines SET state = 'done'")
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await world.database.execute("UPDATE api.deadlines SET state = 'open'")
    for _ in range(2):
        await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
        await send_all(room)
    assert len(sink.mails) == 1
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["reason"]) == ("sent", None)


async def test_a_deadline_moved_after_its_reminder_is_reminded_of_again(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await world.database.execute("UPDATE api.deadlines SET due_on = due_on + 30")
    await world.set_clock(START + timedelta(days=30))
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    await send_all(room)
    first, second = await world.reminders()
    assert (first["rule"], second["rule"]) == ("before_7", "before_7")
    assert second["due_on"] - first["due_on"] == timedelta(days=30)
    assert first["header"] != second["header"]
    assert len(sink.mails) == 2


async def test_a_deadline_moved_away_is_reminded_of_when_it_comes_near_again(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute("UPDATE api.deadlines SET due_on = due_on + 30")
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await world.set_clock(START + timedelta(days=30))
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    await send_all(room)
    assert [
        (each["rule"], each["status"], each["reason"])
        for each in await world.reminders()
    ] == [("before_7", "withdrawn", "deadline_moved"), ("before_7", "sent", None)]
    assert len(sink.mails) == 1


async def test_a_reminder_overtaken_by_the_next_while_the_server_was_away_is_dropped(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.set_clock(START + timedelta(days=2))
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert [
        (each["rule"], each["status"], each["reason"])
        for each in await world.reminders()
    ] == [("before_7", "withdrawn", "overtaken"), ("before_3", "sent", None)]
    assert len(sink.mails) == 1


async def test_of_several_that_waited_past_the_day_only_the_last_is_sent(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    for days in (2, 6, 7):
        await world.set_clock(START + timedelta(days=days))
        await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    assert len(await world.reminders()) == 4
    await world.set_clock(START + timedelta(days=8))
    await send_all(mail_room(notifier_engine, rules, sink.port))
    (mail,) = sink.mails
    assert mail["Subject"].startswith("Срок истёк 1 день назад")
    *others, reminder = await world.reminders()
    assert {each["status"] for each in others} == {"withdrawn"}
    assert (reminder["rule"], reminder["is_late"]) == ("on_day", True)
