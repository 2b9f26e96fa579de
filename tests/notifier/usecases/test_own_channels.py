"""Accounts' own channels: used once each, tried on demand, given up for mail."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.channels.couriers import Channel
from services.notifier.channels.messenger import MessengerChannel
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.usecases.channel_tests import make_asked_tests
from services.notifier.usecases.delivering import DeliveryRoom
from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.parcels import SECRET
from tests.notifier.usecases.mail_rooms import DOMAIN, TODAY, send_all
from tests.notifier.world import World

CHANNELS: dict[str, Channel] = {
    each.name: each
    for each in (
        WebhookChannel(allows_private=True),
        MessengerChannel(allows_private=True),
    )
}


@pytest_asyncio.fixture
async def hooks() -> AsyncIterator[HookSink]:
    async with running_hooks() as running:
        yield running


async def owe(world: World, hooks: HookSink, *, days: int = 3) -> int:
    """Add a school whose editor has a webhook, and something that it owes."""
    school = await world.add_school()
    user = await world.add_user(school, email="school@example.ru")
    await world.database.execute(
        "INSERT INTO api.reminder_channels (municipality_id, user_id, channel, url,"
        " secret, shown, changed_at) VALUES ($1, $2, 'webhook', $3, $4, 'x', now())",
        world.municipality_id,
        user,
        hooks.url,
        SECRET,
    )
    await world.add_deadline(TODAY + timedelta(days=days), school)
    return school


async def plan(engine: AsyncEngine, rules: ReminderRules) -> None:
    await Planner(engine, rules, domain=DOMAIN).plan_round()


async def test_a_reminder_reaches_the_webhook_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    await owe(world, hooks)
    await plan(notifier_engine, rules)
    room = DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    await send_all(room)
    await send_all(room)
    (call,) = hooks.calls
    message = await world.database.fetchrow(
        "SELECT * FROM notifier.messages WHERE channel = 'webhook'"
    )
    assert message is not None
    assert f"<{call.headers['webhook-id']}@{DOMAIN}>" == message["message_id"]
    assert (message["status"], message["attempts"]) == ("sent", 1)
    outcome = await world.database.fetchval("SELECT outcome FROM notifier.attempts")
    assert outcome == "sent"


async def test_what_a_busy_receiver_refuses_is_put_off_as_it_asks(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    await owe(world, hooks)
    await plan(notifier_engine, rules)
    hooks.status, hooks.headers = 429, {"Retry-After": "7200"}
    await send_all(
        DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    )
    pause = await world.database.fetchval(
        "SELECT next_try_at - now() FROM notifier.messages WHERE channel = 'webhook'"
    )
    assert timedelta(hours=1) < pause <= timedelta(hours=2)


async def test_mail_tells_what_a_dead_channel_did_not(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    await owe(world, hooks)
    await plan(notifier_engine, rules)
    await world.database.execute(
        "DELETE FROM notifier.reminders WHERE channel = 'mail'"
    )
    await world.database.execute("DELETE FROM notifier.messages WHERE channel = 'mail'")
    hooks.status = 410
    room = DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    await send_all(room)
    assert await world.count("webhook", "dead") == 1
    assert await world.count("mail", "planned") == 1
    # What was planned for the channel meanwhile does not call it again.
    await world.database.execute(
        "UPDATE notifier.messages SET status = 'planned' WHERE channel = 'webhook'"
    )
    await world.database.execute(
        "UPDATE notifier.reminders SET status = 'planned' WHERE channel = 'webhook'"
    )
    await send_all(room)
    assert len(hooks.calls) == 1
    assert await world.count("webhook", "withdrawn") == 1
    assert await world.count("mail", "planned") == 1
    tries = await world.database.fetch(
        "SELECT outcome, reply FROM notifier.attempts ORDER BY id"
    )
    assert [row["outcome"] for row in tries] == ["refused", "no_address"]
    assert tries[1]["reply"] == "channel_gone"


async def test_mail_that_was_sent_anyway_is_not_doubled(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    await owe(world, hooks)
    await plan(notifier_engine, rules)
    hooks.status = 410
    await send_all(
        DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    )
    assert len(await world.reminders("mail")) == 1


async def test_a_test_message_is_sent_once_and_its_outcome_kept(
    world: World, notifier_engine: AsyncEngine, hooks: HookSink
) -> None:
    await owe(world, hooks)
    await world.database.execute(
        "UPDATE api.reminder_channels SET test_asked_at = now()"
    )
    for _ in range(2):
        await make_asked_tests(notifier_engine, CHANNELS)
    (call,) = hooks.calls
    assert call.headers["webhook-id"].startswith("test-")
    state = await world.database.fetchrow("SELECT * FROM notifier.channel_states")
    assert state is not None
    assert (state["test_outcome"], state["test_reply"]) == ("sent", "200 ok")


async def test_a_school_s_channel_is_told_once_beside_its_people(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    await set_for_school(world, hooks, school)
    await world.add_deadline(TODAY + timedelta(days=3), school)
    await plan(notifier_engine, rules)
    room = DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    for _ in range(2):
        await send_all(room)
    (call,) = hooks.calls
    assert call.headers["webhook-signature"]
    (told,) = await world.reminders("webhook")
    assert (told["recipient_id"], told["recipient_role"]) == (None, "responsible")
    assert (told["status"], told["school_id"]) == ("sent", school)
    assert (
        len(await world.reminders("mail")) == len(await world.reminders("inbox")) == 1
    )


async def test_where_a_school_s_channel_was_all_there_is_its_end_is_an_alarm(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, hooks: HookSink
) -> None:
    office = await world.add_user(None)
    school = await world.add_school()
    await set_for_school(world, hooks, school)
    await world.add_deadline(TODAY + timedelta(days=3), school)
    await plan(notifier_engine, rules)
    assert await world.reminders("inbox") == []
    hooks.status = 410
    await send_all(
        DeliveryRoom(notifier_engine, rules, WebhookChannel(allows_private=True))
    )
    assert await world.count("webhook", "dead") == 1
    await plan(notifier_engine, rules)
    (alarm,) = await world.reminders("inbox")
    assert (alarm["recipient_id"], alarm["kind"]) == (office, "alarm")
    assert len(await world.reminders("webhook")) == 1


async def set_for_school(world: World, hooks: HookSink, school: int) -> None:
    await world.database.execute(
        "INSERT INTO api.reminder_channels (municipality_id, school_id, channel, url,"
        " secret, shown, changed_at) VALUES ($1, $2, 'webhook', $3, $4, 'x', now())",
        world.municipality_id,
        school,
        hooks.url,
        SECRET,
    )
