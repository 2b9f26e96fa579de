"""Endpoints that change between a call's taking and its leaving, by another process."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook

from services.notifier.channels.webhook import WebhookChannel
from services.notifier.usecases.delivering import DeliveryRoom
from services.notifier.usecases.planning import Planner
from services.notifier.usecases.webhooks import WebhookRoom
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.parcels import SECRET
from tests.notifier.events_world import (
    BOUND,
    MakeRoom,
    Subscriptions,
    bodies,
    go,
    numbers_of,
)
from tests.notifier.usecases.mail_rooms import DOMAIN, TODAY, send_all
from tests.notifier.world import World

SECOND_SECRET = "whsec_" + "A" * 43 + "="
ALONE = "LOCK api.webhook_endpoints, api.webhook_secrets IN ACCESS EXCLUSIVE MODE"
DELETED = (
    "DELETE FROM api.webhook_secrets; DELETE FROM api.webhook_replays;"
    " DELETE FROM api.webhook_endpoints"
)
DISABLED = (
    "UPDATE notifier.webhook_states SET disabled_at = now(), disabled_reason = 'gone'"
)


@dataclass
class OtherProcess:
    """A connection of its own, which works while everything here stands still."""

    url: str
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _database: asyncpg.Connection | None = None

    def execute(self, statement: str) -> None:
        """Run a statement, or several of them, to its end."""
        self._thread.submit(self._runner.run, self._execute(statement)).result(BOUND)

    async def _execute(self, statement: str) -> None:
        if self._database is None:
            self._database = await asyncpg.connect(self.url)
        await self._database.execute(statement)

    def close(self) -> None:
        """Leave the database, whatever was begun."""
        if self._database is not None:
            self._thread.submit(self._runner.run, self._database.close()).result(BOUND)
        self._thread.submit(self._runner.close).result(BOUND)
        self._thread.shutdown()


@pytest_asyncio.fixture
async def other(world: World) -> AsyncIterator[OtherProcess]:
    process = OtherProcess(world.url)
    yield process
    process.close()


async def overtake(
    room: WebhookRoom,
    hooks: HookSink,
    other: OtherProcess,
    change: str,
    *,
    ending: str = "COMMIT",
) -> None:
    """Let a change end after a call was taken and has connected, before it leaves."""
    await room.round()  # what is taken begins when this task waits
    other.execute(f"BEGIN; {ALONE}; {change}")
    landing = asyncio.create_task(room.idle())
    async with asyncio.timeout(BOUND):
        await hooks.connected.wait()
        other.execute(ending)
        await landing


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE api.webhook_endpoints SET is_paused = true",
        DISABLED,
        DELETED,
        "UPDATE notifier.webhook_states SET held_until = now() + interval '1 hour'",
    ],
    ids=["paused", "disabled", "deleted", "held"],
)
async def test_who_wants_no_call_any_more_gets_none_though_it_was_taken(
    subscriptions: Subscriptions,
    world: World,
    hooks: HookSink,
    make_room: MakeRoom,
    other: OtherProcess,
    *,
    change: str,
) -> None:
    await subscriptions.add(hooks.url)
    await subscriptions.happen(await world.add_school())
    room = make_room()
    await overtake(room, hooks, other, change)
    await go(room, rounds=2)
    assert hooks.calls == []
    assert await subscriptions.attempts() == []
    for delivery in await subscriptions.deliveries():
        assert (delivery["status"], delivery["attempts"]) == ("waiting", 0)


async def test_a_call_goes_to_the_address_that_is_there_when_it_leaves(
    subscriptions: Subscriptions,
    world: World,
    hooks: HookSink,
    make_room: MakeRoom,
    other: OtherProcess,
) -> None:
    await subscriptions.add(hooks.url)
    numbers = await subscriptions.happen(await world.add_school())
    room = make_room()
    async with running_hooks() as new:
        change = f"UPDATE api.webhook_endpoints SET url = '{new.url}'"  # noqa: S608 (an address of the test's own)
        await overtake(room, hooks, other, change)
        await go(room, rounds=2)
        assert (hooks.calls, numbers_of(bodies(new))) == ([], numbers)
    (attempt,) = await subscriptions.attempts()
    assert attempt["outcome"] == "delivered"
    assert [each["attempts"] for each in await subscriptions.deliveries()] == [1]


async def test_a_call_is_signed_by_the_secret_that_is_valid_when_it_leaves(
    subscriptions: Subscriptions,
    world: World,
    hooks: HookSink,
    make_room: MakeRoom,
    other: OtherProcess,
) -> None:
    await subscriptions.add(hooks.url)
    await subscriptions.happen(await world.add_school())
    room = make_room()
    change = f"UPDATE api.webhook_secrets SET secret = '{SECOND_SECRET}'"  # noqa: S608 (a secret of the test's own)
    await overtake(room, hooks, other, change)
    assert hooks.calls == []
    await go(room, rounds=2)
    (call,) = hooks.calls
    Webhook(SECOND_SECRET).verify(call.body, call.headers)


async def test_a_change_that_is_given_up_lets_the_call_go_at_once(
    subscriptions: Subscriptions,
    world: World,
    hooks: HookSink,
    make_room: MakeRoom,
    other: OtherProcess,
) -> None:
    await subscriptions.add(hooks.url)
    numbers = await subscriptions.happen(await world.add_school())
    room = make_room()
    await overtake(room, hooks, other, DELETED, ending="ROLLBACK")
    assert numbers_of(bodies(hooks)) == numbers


@pytest.mark.parametrize(
    ("change", "called"),
    [
        ("UPDATE api.reminder_channels SET url = url || '&new'", ["", "&new"]),
        (f"UPDATE api.reminder_channels SET secret = '{SECOND_SECRET}'", ["", ""]),  # noqa: S608 (a secret of the test's own)
        ("DELETE FROM api.reminder_channels", [""]),
    ],
    ids=["address", "secret", "deleted"],
)
async def test_a_reminder_goes_where_its_channel_leads_when_it_leaves(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    hooks: HookSink,
    *,
    change: str,
    called: list[str],
) -> None:
    for _ in range(2):
        school = await world.add_school()
        await world.database.execute(
            "INSERT INTO api.reminder_channels (municipality_id, user_id, channel, url,"
            " secret, shown, changed_at) VALUES ($1, $2, 'webhook', $3, $4, 'x',"
            " now())",
            world.municipality_id,
            await world.add_user(school),
            hooks.url,
            SECRET,
        )
        await world.add_deadline(TODAY + timedelta(days=3), school)
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    channel = WebhookChannel(allows_private=True, couriers=1)
    hooks.release = asyncio.Event()
    room = DeliveryRoom(notifier_engine, rules, channel)
    sending = asyncio.create_task(send_all(room))
    await hooks.reached.wait()
    await world.database.execute(change)
    hooks.release.set()
    await sending
    assert [call.target.removeprefix("/hook?key=of-ours") for call in hooks.calls] == (
        called
    )
    for call, secret in zip(
        hooks.calls,
        [SECRET, SECOND_SECRET if "secret" in change else SECRET],
        strict=False,
    ):
        Webhook(secret).verify(call.body, call.headers)
