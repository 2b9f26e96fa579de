"""Webhooks of real notifiers: one killed in mid-call, two at once."""

import asyncio
import json
from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest

from tests.notifier.channels.hook_sink import HookSink
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.events_world import Subscriptions
from tests.notifier.processes import environment, notifier, until
from tests.notifier.world import World

LEASES = timedelta(minutes=2)


@pytest.fixture
def settings(world: World, redis_url: str, sink: SmtpSink) -> dict[str, str]:
    return environment(world.url, redis_url, sink.port) | {"WEBHOOKS_PRIVATE": "yes"}


def arrivals(hooks: HookSink) -> Counter[str]:
    """Count how often each id arrived."""
    return Counter(call.headers["webhook-id"] for call in hooks.calls)


async def test_the_work_of_a_killed_notifier_is_taken_over(
    world: World,
    subscriptions: Subscriptions,
    hooks: HookSink,
    settings: dict[str, str],
) -> None:
    schools = [await world.add_school() for _ in range(6)]
    await subscriptions.add(hooks.url)
    hooks.release = asyncio.Event()
    numbers = await subscriptions.happen(*schools)
    async with notifier(settings) as process:
        await hooks.reached.wait()
        await process.kill()
    in_flight = len(hooks.calls)
    hooks.release.set()
    hooks.release = None
    await subscriptions.let_pass(LEASES)

    async def are_delivered() -> bool:
        return await subscriptions.statuses() == ["delivered"] * len(numbers)

    async with notifier(settings) as process:
        await until(are_delivered)
        code, output = await process.stop()
    assert code == 0
    assert "Traceback" not in output
    counts = arrivals(hooks)
    assert len(counts) == len(numbers)
    # What was in flight arrives again under its own id, and nothing else twice.
    assert sum(counts.values()) - len(numbers) <= in_flight
    lost = [
        each for each in await subscriptions.attempts() if each["outcome"] == "lost"
    ]
    assert 1 <= len(lost) <= 4


async def test_two_notifiers_deliver_each_event_once_and_in_order(
    world: World,
    subscriptions: Subscriptions,
    hooks: HookSink,
    settings: dict[str, str],
) -> None:
    schools = [await world.add_school() for _ in range(6)]
    await subscriptions.add(hooks.url)
    async with notifier(settings), notifier(settings):
        numbers = await subscriptions.happen(*schools * 6)

        async def have_arrived() -> bool:
            return len(hooks.calls) >= len(numbers)

        await until(have_arrived)
    assert {*arrivals(hooks).values()} == {1}
    by_school: dict[int, list[int]] = {}
    for call in hooks.calls:
        body = json.loads(call.body)
        by_school.setdefault(body["school_id"], []).append(body["number"])
    assert all(each == sorted(each) for each in by_school.values())
    assert sorted(chain.from_iterable(by_school.values())) == numbers
