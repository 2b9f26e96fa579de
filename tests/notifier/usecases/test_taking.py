"""What has changed between the planning and the sending."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.planning.rules import ReminderRules
from services.notifier.usecases.planning import Planner
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
    assert await world.reminders() == []


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
    assert [each["rule"] for each in await world.reminders()] == ["before_3"]
    assert len(sink.mails) == 1


async def test_a_reminder_overtaken_by_the_next_while_the_server_was_away_is_dropped(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.set_clock(START + timedelta(days=2))
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert [each["rule"] for each in await world.reminders()] == ["before_1"]
    assert len(sink.mails) == 1


async def test_of_several_that_waited_past_the_day_only_the_last_is_sent(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    for days in (2, 3):
        await world.set_clock(START + timedelta(days=days))
        await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    assert len(await world.reminders()) == 3
    await world.set_clock(START + timedelta(days=4))
    await send_all(mail_room(notifier_engine, rules, sink.port))
    (mail,) = sink.mails
    assert mail["Subject"].startswith("Срок истёк 1 день назад")
    (reminder,) = await world.reminders()
    assert (reminder["rule"], reminder["is_late"]) == ("on_day", True)
