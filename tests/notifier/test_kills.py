"""Whatever is killed during deliveries: nothing is missing, no effect comes twice.

How many deliveries there are and how many kills can be told, for a run by hand:
``PODYOM_KILL_DELIVERIES=10000 PODYOM_KILLS=60 pytest tests/notifier/test_kills.py -s``.
`PODYOM_KILL_SEED` draws the moments of an earlier run again.
"""

import asyncio
import os
import random
import secrets
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from services.notifier.channels.webhook import webhook_id
from shared.runtime.embedded.postgres import EmbeddedPostgres
from shared.runtime.embedded.valkey import EmbeddedValkey
from shared.runtime.notifier_settings import SMTP_CONNECTIONS
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.feeds import FeedWatch
from tests.notifier.kills import VICTIMS, Kill, Storm, drawn
from tests.notifier.processes import environment
from tests.notifier.world import START, World, new_world
from tests.support.databases import migrate
from tests.support.servers import throwaway_folder

CHANNELS = ("mail", "inbox", "webhook")
DELIVERIES = int(os.environ.get("PODYOM_KILL_DELIVERIES", "90"))
IS_BRIEF = DELIVERIES < 1000  # leases of the dead are not waited for
KILLS = int(os.environ.get("PODYOM_KILLS", "6"))
SEED = int(os.environ.get("PODYOM_KILL_SEED", str(secrets.randbelow(10**6))))
SCHOOLS = -(-DELIVERIES // len(CHANNELS))
# What a killed server had committed must be there again, though not after a power cut.
SETTINGS = {"fsync": "off"}
UNSENT = "SELECT count(*) FROM notifier.reminders WHERE status <> 'sent'"
SENT = """
    SELECT channel, count(*) AS sent, count(DISTINCT recipient_id) AS people
    FROM notifier.reminders WHERE status = 'sent' GROUP BY channel
"""

pytestmark = pytest.mark.timeout(600 + DELIVERIES)


@dataclass(frozen=True, slots=True)
class Run:
    """A storm that is over, and what is in the world and in the sinks after it."""

    world: World
    sink: SmtpSink
    hooks: HookSink
    feed: FeedWatch
    kills: list[Kill]
    statuses: set[int]
    log: str


@pytest_asyncio.fixture
async def run(sink: SmtpSink) -> AsyncIterator[Run]:
    """Yield what is left when the storm is over."""
    with (
        throwaway_folder() as folder,
        EmbeddedPostgres(folder / "postgres", settings=SETTINGS) as postgres,
        EmbeddedValkey(folder / "valkey") as valkey,
    ):
        await asyncio.to_thread(migrate, postgres.url)
        async with new_world(postgres.url) as world, running_hooks() as hooks:
            feed = FeedWatch(world, random.Random(SEED))  # noqa: S311 (moments, not secrets)
            await _owe(world, hooks)
            await feed.prepare()
            log = folder / "notifier.log"
            storm = Storm(
                postgres=postgres,
                valkey=valkey,
                settings=environment(postgres.url, valkey.url, sink.port)
                | {"WEBHOOKS_PRIVATE": "yes"},
                log=log,
                arrived=lambda: len(sink.mails) + len(hooks.calls),
                is_over=lambda: _is_over(world),
                free_leases=lambda: _free_leases(world),
                is_brief=IS_BRIEF,
            )
            kills = drawn(SEED, kills=KILLS, arrivals=2 * SCHOOLS)
            async with feed.watching():
                statuses = await storm.rage(kills)
            await _reconnect(world)
            yield Run(world, sink, hooks, feed, kills, statuses, log.read_text("utf-8"))
            await world.database.close()


async def test_nothing_is_missing_and_no_effect_comes_twice(run: Run) -> None:
    rows = await run.world.database.fetch(SENT)
    found = {row["channel"]: (row["sent"], row["people"]) for row in rows}
    assert found == dict.fromkeys(CHANNELS, (SCHOOLS, SCHOOLS)), f"seed {SEED}"
    posted = await run.world.messages()
    assert len(posted) == len({row["recipient_id"] for row in posted}) == SCHOOLS
    mails = Counter(str(mail["Message-ID"]) for mail in run.sink.mails)
    assert set(mails) == await _keys(run.world, "mail")
    assert len(mails) == len(set(run.sink.recipients)) == SCHOOLS
    # Whoever takes a webhook knows by its id what was called already.
    calls = Counter(call.headers["webhook-id"] for call in run.hooks.calls)
    assert set(calls) == {webhook_id(key) for key in await _keys(run.world, "webhook")}
    assert len(calls) == SCHOOLS
    again = mails.total() - SCHOOLS
    # Only where the notifier itself died between an acceptance and its record.
    deaths = sum(kill.victim == "notifier" for kill in run.kills)
    assert again <= SMTP_CONNECTIONS * deaths, f"seed {SEED}"
    feed = run.feed
    assert (feed.doubled, feed.gone_back, feed.silent) == (0, 0, 0), f"seed {SEED}"
    assert await feed.wrong_in_the_end() == 0, f"seed {SEED}"
    # The last ones may have found nothing to do, and been told to stop as they started.
    assert run.statuses <= {0, -signal.SIGTERM}, run.log[-5000:]
    assert "Traceback" not in run.log, run.log[-5000:]
    print(  # noqa: T201 - for who reads the run
        f"seed {SEED}: {len(CHANNELS) * SCHOOLS} deliveries, {KILLS} kills of"
        f" {', '.join(VICTIMS)}: 0 missing, 0 doubled; {again} mails and"
        f" {calls.total() - SCHOOLS} webhooks transmitted again under their own ids;"
        f" a feed read {feed.readings} times while {feed.moves} deadlines moved:"
        " 0 doubled, 0 with an older number, 0 changed without a new one"
    )


async def _owe(world: World, hooks: HookSink) -> None:
    """Let each school owe something; its editor has inbox, mail and a webhook."""
    for number in range(SCHOOLS):
        school = await world.add_school_with_mail(f"school{number}@example.ru")
        await world.add_deadline(START.date() + timedelta(days=3), school)
    await world.database.execute(
        "INSERT INTO api.reminder_channels (municipality_id, user_id, channel, url,"
        " shown, changed_at) SELECT municipality_id, id, 'webhook', $1, 'x', now()"
        " FROM api.users",
        hooks.url,
    )
    await world.tell()


async def _keys(world: World, channel: str) -> set[str]:
    rows = await world.database.fetch(
        "SELECT message_id FROM notifier.messages WHERE channel = $1", channel
    )
    return {row["message_id"] for row in rows}


async def _is_over(world: World) -> bool:
    await _reconnect(world)
    rows = await world.database.fetch(SENT)
    sent = sum(row["sent"] for row in rows)
    unsent = await world.database.fetchval(UNSENT)
    return bool(sent == len(CHANNELS) * SCHOOLS and unsent == 0)


async def _free_leases(world: World) -> None:
    await _reconnect(world)
    await world.let_time_pass()


async def _reconnect(world: World) -> None:
    """Have a connection, although the server was killed since."""
    if world.database.is_closed():
        world.database = await asyncpg.connect(world.url)
