"""Events at real receivers that fail in every way."""

import asyncio
from datetime import timedelta

import pytest

from services.notifier.channels.mail import MailChannel, Sender
from services.notifier.channels.smtp_url import parse_smtp_url
from services.notifier.planning.webhook_retries import DISABLED_AFTER, PAUSES
from services.notifier.usecases.webhook_notices import tell_owners
from services.notifier.usecases.webhooks import MOST_OF_ENDPOINT
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.events_world import (
    BOUND,
    LATER,
    MakeRoom,
    Subscriptions,
    bodies,
    go,
    numbers_of,
)
from tests.notifier.world import World


@pytest.mark.parametrize("status", [302, 307, 400, 404, 500])
async def test_what_is_refused_is_put_off_and_redirects_are_not_followed(
    world: World,
    subscriptions: Subscriptions,
    hooks: HookSink,
    make_room: MakeRoom,
    status: int,
) -> None:
    hooks.status, hooks.headers = status, {"Location": hooks.url}
    hooks.body = b"Try again, office@example.ru"
    await subscriptions.add(hooks.url)
    await subscriptions.happen(await world.add_school())
    await go(make_room(), rounds=3)
    assert len(hooks.calls) == 1
    (attempt,) = await subscriptions.attempts()
    assert (attempt["outcome"], attempt["code"]) == ("put_off", status)
    assert attempt["reply"] == "Try again, …"
    assert attempt["duration_ms"] >= 0
    (delivery,) = await subscriptions.deliveries()
    pause = delivery["next_try_at"] - attempt["started_at"]
    assert PAUSES[0] * 0.9 <= pause < PAUSES[0] * 2


async def test_a_receiver_that_hangs_up_hangs_or_talks_without_end_is_survived(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    await subscriptions.add(hooks.url)
    await subscriptions.happen(await world.add_school())
    room = make_room(seconds=0.5)
    hooks.hangs_up = True
    await go(room)
    hooks.hangs_up = False
    hooks.release = asyncio.Event()
    await subscriptions.let_pass(LATER)
    await go(room)
    hooks.release.set()
    hooks.release, hooks.body = None, b"x" * 5_000_000
    await subscriptions.let_pass(timedelta(minutes=6))
    await go(room)
    dropped, hung, taken = await subscriptions.attempts()
    assert (dropped["outcome"], hung["outcome"]) == ("put_off", "put_off")
    assert hung["reply"] == "no answer within 0.5 s"
    assert (taken["outcome"], taken["code"]) == ("delivered", 200)
    assert len(taken["reply"]) <= 2_000


@pytest.mark.parametrize("status", [429, 503])
async def test_who_asks_to_be_left_alone_is_left_alone_with_everything(
    world: World,
    subscriptions: Subscriptions,
    hooks: HookSink,
    make_room: MakeRoom,
    status: int,
) -> None:
    schools = [await world.add_school() for _ in range(2)]
    await subscriptions.add(hooks.url)
    hooks.status, hooks.headers = status, {"Retry-After": "600"}
    await subscriptions.happen(schools[0])
    room = make_room()
    await go(room)
    await subscriptions.happen(schools[1])
    await subscriptions.let_pass(timedelta(minutes=9))
    await go(room)
    assert len(hooks.calls) == 1
    hooks.status = 200
    await subscriptions.let_pass(timedelta(minutes=2))
    await go(room, rounds=2)
    assert await subscriptions.statuses() == ["delivered", "delivered"]


async def test_after_ten_attempts_an_event_is_given_up_and_the_next_one_goes(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    await subscriptions.add(hooks.url)
    school = await world.add_school()
    numbers = await subscriptions.happen(school, school)
    room = make_room()
    hooks.status = 500
    for pause in (timedelta(), *PAUSES):
        await subscriptions.let_pass(pause * 1.11)
        await go(room)
    assert numbers_of(bodies(hooks)) == [numbers[0]] * 10
    assert len({call.headers["webhook-id"] for call in hooks.calls}) == 1
    hooks.status = 200
    await go(room)
    assert await subscriptions.statuses() == ["failed", "delivered"]
    outcomes = [each["outcome"] for each in await subscriptions.attempts()]
    assert outcomes == ["put_off"] * 9 + ["failed", "delivered"]


async def test_who_is_gone_is_not_called_again_and_the_owner_is_told_once(
    world: World,
    subscriptions: Subscriptions,
    hooks: HookSink,
    make_room: MakeRoom,
    sink: SmtpSink,
) -> None:
    endpoint = await subscriptions.add(hooks.url)
    await subscriptions.happen(*[await world.add_school() for _ in range(3)])
    room = make_room()
    hooks.status = 410
    await go(room)
    called = len(hooks.calls)
    await subscriptions.let_pass(timedelta(days=3))
    await go(room, rounds=2)
    assert len(hooks.calls) == called <= MOST_OF_ENDPOINT
    assert (await subscriptions.state(endpoint))["disabled_reason"] == "gone"

    url = f"smtp://127.0.0.1:{sink.port}"
    sender = Sender(parse_smtp_url(url), "podyom@example.ru", "example.ru")
    for _ in range(2):
        await tell_owners(
            room.engine, MailChannel(sender, couriers=1), domain=sender.domain
        )
    (mail,), (message,) = sink.mails, await world.messages()
    assert mail["To"].endswith("<office@example.ru>")
    assert message["recipient_id"] == subscriptions.owner
    assert message["subject"] == mail["Subject"] == "Вебхук отключён: Портал"
    assert "(410)" in message["body"]
    assert f"/v1/webhook-endpoints/{endpoint}/resumed" in message["body"]
    assert "key=of-ours" not in message["body"]

    # Once its owner enables it anew, what had waited goes out.
    waiting = (await subscriptions.statuses()).count("waiting")
    hooks.status = 200
    await world.database.execute("UPDATE api.webhook_endpoints SET enabled_at = now()")
    await subscriptions.happen(world.schools[0])
    await go(room, rounds=4)
    assert (await subscriptions.statuses()).count("delivered") == waiting + 1
    assert (await subscriptions.state(endpoint))["disabled_at"] is None


async def test_who_fails_for_days_is_disabled(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    endpoint = await subscriptions.add(hooks.url)
    room = make_room()
    hooks.status = 500
    await subscriptions.happen(*[await world.add_school() for _ in range(2)])
    await go(room)
    assert (await subscriptions.state(endpoint))["disabled_at"] is None
    await subscriptions.let_pass(DISABLED_AFTER)
    await go(room)
    state = await subscriptions.state(endpoint)
    assert (state["disabled_reason"], state["told_at"]) == ("failing", None)
    called = len(hooks.calls)
    await subscriptions.let_pass(timedelta(days=1))
    await go(room, rounds=2)
    assert len(hooks.calls) == called


@pytest.mark.parametrize(
    "address",
    ["https://localhost/hook", "https://10.1.2.3/hook", "https://[::ffff:127.0.0.1]/"],
)
async def test_names_and_addresses_of_the_own_network_are_not_called(
    world: World, subscriptions: Subscriptions, make_room: MakeRoom, address: str
) -> None:
    await subscriptions.add(address)
    await subscriptions.happen(await world.add_school())
    await go(make_room(allows_private=False))
    (attempt,) = await subscriptions.attempts()
    assert (attempt["outcome"], attempt["code"]) == ("put_off", None)
    assert attempt["reply"] == "the host is not on the open Internet"


async def test_a_slow_receiver_holds_nobody_up(
    world: World, subscriptions: Subscriptions, hooks: HookSink, make_room: MakeRoom
) -> None:
    hooks.release = asyncio.Event()
    async with running_hooks() as quick:
        slow = await subscriptions.add(hooks.url)
        await subscriptions.add(quick.url)
        schools = [await world.add_school() for _ in range(MOST_OF_ENDPOINT * 2)]
        await subscriptions.happen(*schools)
        room = make_room()
        async with asyncio.timeout(BOUND):
            while len(quick.calls) < len(schools):
                await room.round()
                await asyncio.sleep(0.02)
        assert len(hooks.calls) == MOST_OF_ENDPOINT
        hooks.status = 500
        hooks.release.set()
        await room.idle()
        hooks.release, hooks.status = None, 200
        # One at a time, until it has taken something again.
        await subscriptions.let_pass(LATER)
        await room.round()
        leased = [
            each
            for each in await subscriptions.deliveries()
            if each["endpoint_id"] == slow and each["lease_until"] is not None
        ]
        assert len(leased) <= 1
        await room.idle()
        await go(room, rounds=4)
        assert {*await subscriptions.statuses()} == {"delivered"}
