"""What changes between a letter's writing and its leaving, by another transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.repository import owed
from services.notifier.usecases.inbox import post_all, post_batch
from services.notifier.usecases.planning import Planner
from services.notifier.usecases.resending import resend_wished
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.usecases.mail_rooms import DOMAIN, mail_room, plan, send_all
from tests.notifier.world import START, World

DONE = (
    "UPDATE api.deadlines SET state = 'done'"
    " WHERE id > (SELECT min(id) FROM api.deadlines)"
)
MOVED = (
    "UPDATE api.deadlines SET due_on = due_on + 30"
    " WHERE id > (SELECT min(id) FROM api.deadlines)"
)
GONE = "DELETE FROM api.deadlines WHERE id > (SELECT min(id) FROM api.deadlines)"
ANSWER = (
    "(municipality_id, school_id, deadline_id, due_on, recipient_id, answered_at{more})"
    " SELECT d.municipality_id, d.school_id, d.id, d.due_on, u.id, now(){value}"
    " FROM api.deadlines d JOIN api.users u USING (school_id)"
)
SNOOZED = "INSERT INTO api.reminder_snoozes " + ANSWER.format(
    more=", until", value=", d.due_on - 1"
)
ACKNOWLEDGED = "INSERT INTO api.reminder_acknowledgements " + ANSWER.format(
    more="", value=""
)
RESEND = (
    "INSERT INTO api.resends (municipality_id, message_ids, requested_by, requested_at)"
    " SELECT municipality_id, array_agg(id), $1, now() FROM notifier.messages"
    " WHERE channel = 'mail' GROUP BY municipality_id"
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (DONE, "not_owed"),
        (MOVED, "deadline_moved"),
        (GONE, "deadline_gone"),
        (SNOOZED, "not_told"),
        ("UPDATE api.users SET is_active = false WHERE email IS NOT NULL", "not_told"),
        ("UPDATE api.users SET email = NULL", "overtaken"),
    ],
)
async def test_what_changes_while_another_mail_is_on_its_way_is_not_sent(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    *,
    change: str,
    reason: str,
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.release_data = asyncio.Event()
    sending = asyncio.create_task(
        send_all(mail_room(notifier_engine, rules, sink.port))
    )
    await sink.data_reached.wait()
    async with world.database.transaction():
        await world.database.execute(change)
    sink.release_data.set()
    await sending
    assert sink.recipients == ["school0@example.ru"]
    assert [(each["status"], each["reason"]) for each in await world.reminders()] == [
        ("sent", None),
        ("withdrawn", reason),
        ("withdrawn", reason),
    ]


async def test_a_mail_to_a_new_address_goes_there_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=2)
    sink.release_data = asyncio.Event()
    sending = asyncio.create_task(
        send_all(mail_room(notifier_engine, rules, sink.port))
    )
    await sink.data_reached.wait()
    await world.database.execute(
        "UPDATE api.users SET email = 'new-' || email WHERE email LIKE 'school1%'"
    )
    sink.release_data.set()
    await sending
    assert sink.recipients == ["school0@example.ru", "new-school1@example.ru"]
    assert {each["attempts"] for each in await world.reminders()} == {1}


async def test_what_was_begun_and_given_up_by_another_is_sent(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    sink.release_data = asyncio.Event()
    sending = asyncio.create_task(
        send_all(mail_room(notifier_engine, rules, sink.port))
    )
    await sink.data_reached.wait()
    change = world.database.transaction()
    await change.start()
    await world.database.execute(DONE)
    await change.rollback()
    sink.release_data.set()
    await sending
    assert await world.count("mail", "sent") == len(sink.mails) == 3


async def test_what_is_acknowledged_on_the_way_is_not_told_to_those_above(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    above = await world.add_user(None, email="coordinator@example.ru")
    await world.set_clock(START + timedelta(days=40))
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    sink.release_data = asyncio.Event()
    sending = asyncio.create_task(
        send_all(mail_room(notifier_engine, rules, sink.port))
    )
    await sink.data_reached.wait()
    await world.database.execute(ACKNOWLEDGED)
    sink.release_data.set()
    await sending
    assert sink.recipients == ["school0@example.ru"]
    assert {
        each["status"]
        for each in await world.reminders()
        if each["recipient_id"] == above
    } == {"withdrawn"}


@asynccontextmanager
async def slow_to_greet(
    port: int, may_greet: asyncio.Event
) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Yield the port of a server that is silent until it may greet, and when it is."""
    is_called = asyncio.Event()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65536):
            writer.write(piece)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_called.set()
        await may_greet.wait()
        behind, into = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, into), pipe(behind, writer))

    server = await asyncio.start_server(serve, "127.0.0.1")
    async with server:
        yield server.sockets[0].getsockname()[1], is_called


async def test_what_changes_while_a_server_is_slow_to_greet_is_not_sent(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    may_greet = asyncio.Event()
    async with slow_to_greet(sink.port, may_greet) as (port, is_called):
        sending = asyncio.create_task(send_all(mail_room(notifier_engine, rules, port)))
        await is_called.wait()
        await world.database.execute("UPDATE api.deadlines SET state = 'done'")
        may_greet.set()
        await sending
    assert sink.mails == []
    assert await world.count("mail", "withdrawn") == 1


async def test_whoever_changes_a_deadline_waits_until_it_is_in_the_inbox(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute("SET lock_timeout = '100ms'")
    async with begin_as_system(notifier_engine) as work:
        await post_batch(work, rules)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await world.database.execute("UPDATE api.deadlines SET state = 'done'")
    await world.database.execute("UPDATE api.deadlines SET state = 'done'")
    assert len(await world.messages()) == 1


@pytest.mark.parametrize("is_kept", [True, False])
async def test_what_is_being_changed_is_posted_when_it_is_known_how(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, *, is_kept: bool
) -> None:
    await plan(world, notifier_engine, rules, schools=2)
    change = world.database.transaction()
    await change.start()
    await world.database.execute(DONE)
    async with asyncio.timeout(30):
        await post_all(notifier_engine, rules)
    assert await world.count("inbox", "planned") == 1
    await (change.commit() if is_kept else change.rollback())
    await post_all(notifier_engine, rules)
    assert len(await world.messages()) == (1 if is_kept else 2)
    assert await world.count("inbox", "withdrawn") == (1 if is_kept else 0)


async def test_a_failure_says_nothing_of_a_mail_that_another_has_taken_over(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    sink.accepted_reply = "451 4.3.0 Not now"
    sink.release_reply = asyncio.Event()
    sending = asyncio.create_task(
        send_all(mail_room(notifier_engine, rules, sink.port))
    )
    await sink.reply_due.wait()
    others = system_now() + timedelta(hours=1)
    await world.database.execute(
        "UPDATE notifier.messages SET lease_until = $1 WHERE channel = 'mail'", others
    )
    sink.release_reply.set()
    await sending
    (reminder,) = await world.reminders()
    assert (reminder["lease_until"], reminder["last_error"]) == (others, None)


async def test_what_was_sent_counts_as_sent_although_another_has_withdrawn_it(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    sink.release_reply = asyncio.Event()
    first = mail_room(notifier_engine, rules, sink.port)
    sending = asyncio.create_task(send_all(first))
    await sink.reply_due.wait()
    await world.let_time_pass()
    await world.database.execute("UPDATE api.deadlines SET state = 'done'")
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert await world.count("mail", "withdrawn") == 1
    sink.release_reply.set()
    await sending
    await world.database.execute("UPDATE api.deadlines SET state = 'open'")
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    await send_all(first)
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["reason"]) == ("sent", None)
    assert len(sink.mails) == 1


async def test_what_is_done_before_it_is_sent_once_more_stays_sent(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    room = mail_room(notifier_engine, rules, sink.port)
    await send_all(room)
    await world.database.execute(RESEND, await world.add_user(None))
    await resend_wished(notifier_engine)
    await world.database.execute("UPDATE api.deadlines SET state = 'done'")
    await send_all(room)
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["reason"]) == ("sent", None)
    status = "SELECT status FROM notifier.messages WHERE channel = 'mail'"
    assert await world.database.fetchval(status) == "sent"
    assert len(sink.mails) == 1


async def test_a_database_that_is_back_first_hears_what_was_sent_meanwhile(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute(
        "UPDATE notifier.messages SET lease_until = '2000-01-01'"
    )
    room = mail_room(notifier_engine, rules, sink.port)
    monkeypatch.setattr(owed, "GRACE", timedelta(days=365))
    await send_all(room)
    assert sink.mails == []
    monkeypatch.setattr(owed, "GRACE", timedelta(0))
    await send_all(room)
    assert len(sink.mails) == 1
