"""The log of attempts: each one, with what the other side said."""

import asyncio
from collections import Counter

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.inbox import post_all
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.tables.deliveries import address_digest
from tests.notifier.channels.smtp_sink import SmtpSink, running_sink
from tests.notifier.usecases.mail_rooms import mail_room, plan, send_all
from tests.notifier.world import World


async def attempts(world: World) -> list[asyncpg.Record]:
    return list(
        await world.database.fetch("SELECT * FROM notifier.attempts ORDER BY id")
    )


async def test_each_attempt_is_kept_with_what_the_server_said(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    room = mail_room(notifier_engine, rules, sink.port)
    sink.data_reply = "451 4.7.1 Greylisted, school0@example.ru, come back"
    await send_all(room)
    await world.let_time_pass()
    sink.data_reply = None
    sink.accepted_reply = "250 2.0.0 Ok: queued as 4Ab12C"
    await send_all(room)
    first, second = await attempts(world)
    assert (first["outcome"], first["code"], first["provider_id"]) == (
        "put_off",
        451,
        None,
    )
    assert first["reply"] == "451 4.7.1 Greylisted, … come back"
    assert (second["outcome"], second["provider_id"]) == ("sent", "4Ab12C")
    assert second["started_at"] <= second["ended_at"]
    (reminder,) = await world.reminders()
    assert (reminder["status"], reminder["attempts"]) == ("sent", 2)


async def test_a_refusal_for_good_is_a_dead_letter(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    sink.recipient_replies["school0@example.ru"] = "550 5.1.1 No such user"
    await send_all(mail_room(notifier_engine, rules, sink.port))
    (attempt,) = await attempts(world)
    assert (attempt["outcome"], attempt["code"]) == ("refused", 550)
    assert await world.count("mail", "dead") == 1


async def test_an_attempt_that_nobody_recorded_is_told_as_lost(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules)
    await world.database.execute(
        "UPDATE notifier.messages SET lease_until = '2000-01-01', attempts = 1"
        " WHERE channel = 'mail'"
    )
    await send_all(mail_room(notifier_engine, rules, sink.port))
    assert [each["outcome"] for each in await attempts(world)] == ["lost", "sent"]


async def test_the_log_has_what_was_put_into_inboxes_and_what_could_not_be_tried(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await plan(world, notifier_engine, rules, schools=3)
    await post_all(notifier_engine, rules)
    async with running_sink() as gone:
        port = gone.port
    await send_all(mail_room(notifier_engine, rules, port))
    await world.database.execute(
        "INSERT INTO api.bounces (municipality_id, address_digest, kind, recorded_by,"
        " recorded_at) SELECT municipality_id, $1, 'permanent', id, now()"
        " FROM api.users WHERE email = 'school0@example.ru'",
        address_digest("school0@example.ru"),
    )
    await send_all(mail_room(notifier_engine, rules, port))
    found = Counter((row["channel"], row["outcome"]) for row in await attempts(world))
    assert found == {
        ("inbox", "sent"): 3,
        ("mail", "unreachable"): 1,
        ("mail", "no_address"): 1,
    }
    (untried,) = [
        row for row in await attempts(world) if row["outcome"] == "no_address"
    ]
    assert untried["reply"] == "address_bounced"
    assert await world.count("mail", "planned") == 2


async def test_a_server_that_is_away_is_one_row_until_it_is_back(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules
) -> None:
    await plan(world, notifier_engine, rules, schools=2)
    async with running_sink() as gone:
        port = gone.port
    for _ in range(3):
        await send_all(mail_room(notifier_engine, rules, port))
    (away,) = await attempts(world)
    assert (away["outcome"], away["tries"], away["back_at"]) == ("unreachable", 3, None)
    assert away["started_at"] < away["ended_at"]
    async with running_sink(port) as back:
        back.recipient_replies["school0@example.ru"] = "550 5.1.1 No such user"
        await send_all(mail_room(notifier_engine, rules, port))
    away, *others = await attempts(world)
    assert [each["outcome"] for each in others] == ["refused", "sent"]
    assert (away["tries"], away["back_at"]) == (3, others[0]["ended_at"])
    await plan(world, notifier_engine, rules)
    await send_all(mail_room(notifier_engine, rules, port))
    *_, again = await attempts(world)
    assert (again["outcome"], again["tries"], again["back_at"]) == (
        "unreachable",
        1,
        None,
    )


async def test_several_connections_transmit_each_mail_once(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=40)
    await send_all(mail_room(notifier_engine, rules, sink.port, connections=4))
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 40
    assert sink.connections == 4
    assert [each["outcome"] for each in await attempts(world)] == ["sent"] * 40


async def test_no_courier_goes_on_before_its_message_is_recorded(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    await plan(world, notifier_engine, rules, schools=12)
    room = mail_room(notifier_engine, rules, sink.port, connections=3)
    async with world.database.transaction():
        await world.database.execute("LOCK TABLE notifier.attempts IN SHARE MODE")
        sending = asyncio.create_task(send_all(room))
        while len(sink.mails) < 3:  # noqa: ASYNC110 (the server counts)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert len(sink.mails) == 3
    await sending
    assert len(sink.mails) == 12
