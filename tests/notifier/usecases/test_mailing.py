"""Reminders by mail to servers that accept, refuse, and are away."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.planning.retries import FIRST_DELAY, LARGEST_CUT
from services.notifier.usecases.delivering import LEASE
from services.notifier.usecases.results import presentable
from shared.domain.reminders.rules import ReminderRules
from shared.runtime.clock import system_now
from tests.notifier.channels.smtp_sink import SmtpSink, running_sink
from tests.notifier.usecases.mail_rooms import DOMAIN, TODAY, mail_room, plan, send_all
from tests.notifier.world import World


async def test_a_mail_goes_out_once_and_is_recorded(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await send_all(room)
    (mail,) = sink.mails
    (reminder,) = await world.reminders()
    assert sink.recipients == ["school0@example.ru"]
    assert mail["Message-ID"] == reminder["header"]
    assert mail["Message-ID"].endswith(f"@{DOMAIN}>")
    assert mail["From"] == f'"Подъём: напоминания" <post@{DOMAIN}>'
    assert "1.2 Анализ результатов ВПР" in mail["Subject"]
    assert mail["Date"].startswith("Wed, 16 Sep 2020 09:00")
    assert (reminder["status"], reminder["attempts"]) == ("sent", 1)
    assert reminder["sent_at"].date() == TODAY
    assert reminder["lease_until"] is None


async def test_several_deliverers_at_once_transmit_each_mail_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=130)
    rooms = [mail_room(notifier_engine, rules, sink.port) for _ in range(3)]
    await asyncio.gather(*(send_all(room) for room in rooms))
    assert len(sink.mails) == 130
    assert len({mail["Message-ID"] for mail in sink.mails}) == 130
    assert await world.count("mail", "sent") == 130


async def test_a_mail_refused_for_now_is_sent_later_under_the_same_id(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    room = mail_room(notifier_engine, rules, sink.port)
    sink.data_reply = "451 4.7.1 Greylisted, school0@example.ru, come back"
    before = system_now()
    await send_all(room)
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["attempts"]) == ("planned", 1)
    assert reminder["last_error"] == "451 4.7.1 Greylisted, … come back"
    assert reminder["next_try_at"] >= before + FIRST_DELAY * (1 - LARGEST_CUT)
    sink.data_reply = None
    await send_all(room)
    assert sink.mails == []
    await world.let_time_pass()
    await send_all(room)
    assert [mail["Message-ID"] for mail in sink.mails] == [reminder["header"]]
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["attempts"]) == ("sent", 2)
    assert reminder["last_error"] is None


async def test_a_mail_refused_for_good_is_dead_and_the_others_go_on(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.recipient_replies["school1@example.ru"] = "550 5.1.1 No such mailbox"
    await send_all(mail_room(notifier_engine, rules, sink.port))
    await world.let_time_pass()
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert sink.recipients == ["school0@example.ru", "school2@example.ru"]
    dead = [each for each in await world.reminders() if each["status"] == "dead"]
    assert [each["last_error"] for each in dead] == ["550 5.1.1 No such mailbox"]


@pytest.mark.parametrize("address", ["no address", "школа@пример.рф", "a@b.ru\r\nX: y"])
async def test_an_unusable_address_is_dead_and_the_others_go_on(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    address: str,
) -> None:
    school = await world.add_school_with_mail(address)
    await world.add_deadline(TODAY, school)
    await plan(world, notifier_engine, rules)
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert sink.recipients == ["school0@example.ru"]
    assert await world.count("mail", "dead") == 1


async def test_mail_waits_for_a_server_that_is_away(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    async with running_sink() as gone:
        port = gone.port
    room = mail_room(notifier_engine, rules, port)
    assert not await room.send_batch()
    for reminder in await world.reminders():
        assert (reminder["status"], reminder["attempts"]) == ("planned", 0)
        assert reminder["lease_until"] is None
        assert "127.0.0.1" in reminder["last_error"]
    async with running_sink(port) as back:
        await send_all(room)
        assert back.connections == 0, "it was looked for just now"
        await send_all(mail_room(notifier_engine, rules, port))
        assert len(back.mails) == 3


async def test_a_reply_that_never_came_is_asked_for_again_under_the_same_id(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.drop_next_data = True
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await world.let_time_pass()
    await send_all(room)
    ids = [mail["Message-ID"] for mail in sink.mails]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert await world.count("mail", "sent") == 3


async def test_a_held_lease_is_respected_until_it_runs_out(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute(
        "UPDATE notifier.messages SET lease_until = $1", system_now() + LEASE
    )
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    assert sink.mails == []
    await world.let_time_pass()
    await send_all(room)
    assert len(sink.mails) == 1


async def test_a_stop_finishes_the_mail_and_gives_back_the_rest(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.release_data = asyncio.Event()
    room = mail_room(notifier_engine, rules, sink.port)
    batch = asyncio.create_task(room.send_batch())
    await sink.data_reached.wait()
    room.is_stopping = True
    sink.release_data.set()
    await batch
    assert len(sink.mails) == 1
    assert [
        (each["status"], each["attempts"], each["lease_until"])
        for each in await world.reminders()
    ] == [("sent", 1, None), ("planned", 0, None), ("planned", 0, None)]


async def test_a_cancelled_batch_keeps_only_the_mail_in_flight_on_lease(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.release_data = asyncio.Event()
    batch = asyncio.create_task(
        mail_room(notifier_engine, rules, sink.port).send_batch()
    )
    await sink.data_reached.wait()
    batch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await batch
    leases = [each["lease_until"] for each in await world.reminders()]
    assert leases[0] is not None
    assert leases[1:] == [None, None]


def test_no_address_is_left_in_what_the_log_shows() -> None:
    assert (
        presentable("550 <school@example.ru>: user\nschool@example.ru unknown")
        == "550 <…>: user … unknown"
    )
