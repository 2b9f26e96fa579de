"""The notifier as a process: killed, stopped, doubled, without its queue."""

import asyncio
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

import pytest
from redis.asyncio import Redis

from services.notifier.channels.webhook import WebhookChannel, webhook_id
from shared.contracts.jobs import NOTIFIER_QUEUE, Job, JobName
from shared.runtime.notifier_settings import SMTP_CONNECTIONS
from shared.runtime.queue import ArqQueue
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.processes import environment, notifier, until
from tests.notifier.world import START, World
from tests.support.servers import throwaway_valkey

TODAY = START.date()
ONE_CONNECTION = {"SMTP_CONNECTIONS": "1"}
NOWHERE = "redis://127.0.0.1:9/0"  # the port of `discard`, where nobody answers


@pytest.fixture
def settings(world: World, redis_url: str, sink: SmtpSink) -> dict[str, str]:
    return environment(world.url, redis_url, sink.port)


async def owe(world: World, *, schools: int = 1, days: int = 3) -> None:
    """Let each of so many schools owe something in so many days."""
    for number in range(schools):
        school = await world.add_school_with_mail(f"school{number}@example.ru")
        await world.add_deadline(TODAY + timedelta(days=days), school)
    await world.tell()


async def wait_for_sent(world: World, count: int) -> None:
    """Wait until so many mails and so many inbox messages are sent."""

    async def sent() -> tuple[int, int]:
        mails = await world.count("mail", "sent")
        return mails, await world.count("inbox", "sent")

    async def are_sent() -> bool:
        return await sent() == (count, count)

    await until(are_sent, progress=sent)


def transmissions(sink: SmtpSink) -> Counter[str]:
    """Count how often each Message-ID arrived."""
    return Counter(str(mail["Message-ID"]) for mail in sink.mails)


async def test_what_is_due_is_sent_once_by_mail_and_inbox(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=5)
    async with notifier(settings) as process:
        await wait_for_sent(world, 5)
        code, output = await process.stop()
    assert code == 0
    assert "Traceback" not in output
    assert set(transmissions(sink).values()) == {1}
    assert len(await world.messages()) == 5


async def test_links_lead_to_the_public_address_in_mail_and_inbox(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world)
    public = {"PUBLIC_URL": "https://podyom.example.ru/", "SECRET_KEY": "s" * 32}
    async with notifier(settings | public):
        await wait_for_sent(world, 1)
    (mail,), (message,) = sink.mails, await world.messages()
    text = mail.get_body(("plain",))
    assert text is not None
    for said in (text.get_content(), message["body"]):
        assert said.count("https://podyom.example.ru/v1/reminder-links/") == 2
    ended = "<https://podyom.example.ru/v1/unsubscribe-links/"
    assert mail["List-Unsubscribe"].startswith(ended)


async def test_two_notifiers_send_nothing_twice(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=120)
    async with notifier(settings), notifier(settings):
        await wait_for_sent(world, 120)
    assert set(transmissions(sink).values()) == {1}
    assert len(sink.mails) == 120
    assert len(await world.messages()) == 120


async def test_a_kill_in_mid_delivery_doubles_at_most_the_mail_in_flight(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=5)
    sink.release_reply = asyncio.Event()
    async with notifier(settings | ONE_CONNECTION) as process:
        await sink.reply_due.wait()
        await process.kill()
    in_flight = {each["header"] for each in await world.reminders() if each["attempts"]}
    assert len(in_flight) == 5
    sink.release_reply.set()
    sink.release_reply = None
    async with notifier(settings):
        # Until the leases of the dead run out, nothing of theirs is touched.
        await until(partial(_is_posted, world, 5))
        assert await world.count("mail", "sent") == 0
        await world.let_time_pass()
        await wait_for_sent(world, 5)
    counts = transmissions(sink)
    assert set(counts) == in_flight
    assert sorted(counts.values()) == [1, 1, 1, 1, 2]
    assert len(await world.messages()) == 5


async def _is_posted(world: World, count: int) -> bool:
    return len(await world.messages()) == count


async def test_kills_at_any_moment_lose_nothing_and_double_no_inbox_message(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=60)
    kills = 4
    for kill in range(kills):
        async with notifier(settings) as process:
            wanted = 10 * (kill + 1)
            await until(partial(_have_arrived, sink, wanted))
            await process.kill()
        await world.let_time_pass()
    async with notifier(settings):
        await wait_for_sent(world, 60)
    counts = transmissions(sink)
    assert len(counts) == 60
    assert sum(counts.values()) - 60 <= kills * SMTP_CONNECTIONS
    lost = await world.database.fetchval(
        "SELECT count(*) FROM notifier.attempts WHERE outcome = 'lost'"
    )
    assert lost >= sum(counts.values()) - 60
    assert len(await world.messages()) == 60


async def _have_arrived(sink: SmtpSink, wanted: int) -> bool:
    return len(sink.mails) >= wanted


async def test_a_stop_finishes_the_mail_in_hand_and_leaves_the_rest_free(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=3)
    sink.release_data = asyncio.Event()
    async with notifier(settings | ONE_CONNECTION) as process:
        await sink.data_reached.wait()
        stopping = asyncio.create_task(process.stop())
        await asyncio.sleep(0.2)
        sink.release_data.set()
        code, output = await stopping
    assert (code, "Traceback" in output) == (0, False), output
    assert len(sink.mails) == 1
    assert [
        (each["status"], each["lease_until"]) for each in await world.reminders()
    ] == [("sent", None), ("planned", None), ("planned", None)]


async def test_a_stop_does_not_wait_for_a_silent_server(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=3)
    sink.release_data = asyncio.Event()
    async with notifier(settings) as process:
        await sink.data_reached.wait()
        code, output = await process.stop()
    assert (code, "Traceback" in output) == (0, False), output
    assert sink.mails == []
    assert len(await world.messages()) == 3


async def test_it_works_without_its_queue(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, schools=2)
    async with notifier(settings | {"REDIS_URL": NOWHERE}) as process:
        await wait_for_sent(world, 2)
        await owe(world)
        await wait_for_sent(world, 3)
        code, output = await process.stop()
    assert (code, "Traceback" in output) == (0, False), output
    assert set(transmissions(sink).values()) == {1}


async def test_a_queue_that_dies_takes_nothing_along(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world)
    with ExitStack() as servers:
        url = servers.enter_context(throwaway_valkey())
        async with notifier(settings | {"REDIS_URL": url}) as process:
            await wait_for_sent(world, 1)
            servers.close()
            await owe(world, schools=2)
            await wait_for_sent(world, 3)
            code, output = await process.stop()
    assert (code, "Traceback" in output) == (0, False), output
    assert set(transmissions(sink).values()) == {1}


async def test_an_emptied_queue_loses_nothing(
    world: World, settings: dict[str, str], sink: SmtpSink, redis_url: str
) -> None:
    await owe(world, schools=40)
    queue = ArqQueue(redis_url)
    redis = Redis.from_url(redis_url)
    job = Job(NOTIFIER_QUEUE, JobName.REMIND, world.municipality_id, "remind:1")
    await queue.enqueue([job])
    async with notifier(settings):
        await until(partial(_have_arrived, sink, 5))
        await redis.flushall()
        await wait_for_sent(world, 40)
    await redis.aclose()
    await queue.close()
    assert set(transmissions(sink).values()) == {1}


async def test_the_next_day_brings_the_next_reminder_and_no_other(
    world: World, settings: dict[str, str], sink: SmtpSink
) -> None:
    await owe(world, days=14)
    async with notifier(settings):
        await wait_for_sent(world, 1)
        await world.set_clock(START + timedelta(days=9))
        await wait_for_sent(world, 2)
    assert [each["rule"] for each in await world.reminders()] == [
        "before_14",
        "before_3",
    ]
    assert [str(mail["Subject"]).split(":")[0] for mail in sink.mails] == [
        "Срок через 14 дней",
        "Срок через 5 дней",
    ]


async def test_kills_lose_no_webhook_and_double_none_of_its_ids(
    world: World, settings: dict[str, str]
) -> None:
    async with running_hooks() as hooks:
        for number in range(30):
            school = await world.add_school_with_mail(f"school{number}@example.ru")
            await world.add_deadline(TODAY + timedelta(days=3), school)
        await world.database.execute(
            "INSERT INTO api.reminder_channels (municipality_id, user_id, channel, url,"
            " shown, changed_at) SELECT municipality_id, id, 'webhook', $1, 'x', now()"
            " FROM api.users",
            hooks.url,
        )
        await world.tell()
        private = settings | {"WEBHOOKS_PRIVATE": "yes"}
        for wanted in (5, 15):
            async with notifier(private) as process:
                await until(partial(_were_called, hooks, wanted))
                await process.kill()
            await world.let_time_pass()
        async with notifier(private):
            await until(partial(_are_sent, world, 30))
        ids = Counter(call.headers["webhook-id"] for call in hooks.calls)
    keys = {
        webhook_id(each["message_id"])
        for each in await world.database.fetch(
            "SELECT message_id FROM notifier.messages WHERE channel = 'webhook'"
        )
    }
    assert set(ids) == keys
    assert len(keys) == 30
    assert sum(ids.values()) - 30 <= 2 * WebhookChannel().couriers


async def _were_called(hooks: HookSink, wanted: int) -> bool:
    return len(hooks.calls) >= wanted


async def _are_sent(world: World, wanted: int) -> bool:
    return await world.count("webhook", "sent") == wanted
