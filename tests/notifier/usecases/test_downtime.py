"""After a week away, and where the clocks change: each is told once, at a fair hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.domain.reminders.rules import ReminderRules
from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.usecases.mail_rooms import DOMAIN, TODAY, mail_room, send_all
from tests.notifier.world import START, World

WEEK = timedelta(days=7)


async def test_a_week_of_downtime_is_made_up_for_by_one_late_message(
    world: World, notifier_engine: AsyncEngine, rules: ReminderRules, sink: SmtpSink
) -> None:
    school = await world.add_school_with_mail("school@example.ru")
    first, second, done, moved = [
        await world.add_deadline(TODAY + timedelta(days=days), school)
        for days in (9, 9, 11, 12)
    ]
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    assert len(await world.reminders()) == 4  # and then the notifier is down
    await world.database.execute(
        "UPDATE api.deadlines SET state = 'done' WHERE id = $1", done
    )
    await world.database.execute(
        "UPDATE api.deadlines SET due_on = due_on + 60 WHERE id = $1", moved
    )
    await world.set_clock(START + WEEK)
    planner = Planner(notifier_engine, rules, domain=DOMAIN)
    room = mail_room(notifier_engine, rules, sink.port)
    for _ in range(2):
        await planner.plan_round()
        await post_all(notifier_engine, rules)
        await send_all(room)
    sent = [each for each in await world.reminders() if each["status"] == "sent"]
    assert {each["deadline_id"] for each in sent} == {first, second}
    assert {each["rule"] for each in sent} == {"before_3"}
    assert all(each["is_late"] for each in sent)
    (mail,) = sink.mails
    assert str(mail["To"]).endswith("<school@example.ru>")
    (message,) = await world.messages()
    assert message["deadline_id"] is None  # it tells of both


@pytest.mark.parametrize(
    ("day", "wakes"),
    [
        # In Berlin summer time began on the 28th, and ended on 31 October.
        (date(2021, 3, 26), datetime(2021, 3, 26, 6, tzinfo=UTC)),
        (date(2021, 3, 29), datetime(2021, 3, 29, 5, tzinfo=UTC)),
        (date(2021, 10, 29), datetime(2021, 10, 29, 5, tzinfo=UTC)),
        (date(2021, 11, 8), datetime(2021, 11, 8, 6, tzinfo=UTC)),
    ],
)
async def test_a_recipient_where_the_clocks_change_sleeps_until_seven(
    *,
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    day: date,
    wakes: datetime,
) -> None:
    school = await world.add_school()
    user = await world.add_user(school, email="abroad@example.ru")
    await world.database.execute(
        "INSERT INTO api.reminder_preferences (user_id, municipality_id, modes,"
        " quiet_from, quiet_to, digest_at, weekday, zone)"
        " VALUES ($1, $2, '{}', $3, $4, $4, 0, 'Europe/Berlin')",
        user,
        world.municipality_id,
        time(21),
        time(7),
    )
    # Nine in Krasnoyarsk is the middle of the night in Berlin.
    await world.set_clock(datetime.combine(day, time(9), START.tzinfo))
    await world.add_deadline(day + timedelta(days=7), school)
    await Planner(notifier_engine, rules, domain=DOMAIN).plan_round()
    room = mail_room(notifier_engine, rules, sink.port)
    for moment, mails in ((wakes - timedelta(minutes=5), 0), (wakes, 1)):
        await world.set_clock(moment)
        await send_all(room)
        assert len(sink.mails) == mails


SPRING, AUTUMN = date(2021, 3, 28), date(2021, 10, 31)
# Where the clocks change, when quiet hours end, at which minutes after midnight in
# UTC the notifier looks, and at which of them the mail leaves.
CHANGES = {
    "an hour that is skipped": (
        ("Europe/Berlin", SPRING, time(2, 30)),
        (-30, 30, 59, 80, 90, 100, 150),
        90,  # 3:30 of the summer's clock, an hour and a half after half past two
    ),
    "an hour that comes twice": (
        ("Europe/Berlin", AUTUMN, time(2, 30)),
        (-90, -30, 15, 30, 59, 75, 90, 100),
        30,  # the first half past two
    ),
    "the second of an hour that comes twice": (
        ("Europe/Berlin", AUTUMN, time(2, 30)),
        (-90, 15, 75, 90, 120),
        75,  # a quarter past two again, and no longer quiet
    ),
    "west": (("Europe/Kaliningrad", SPRING, time(7)), (-90, 0, 299, 300, 360), 300),
    "east": (("Asia/Krasnoyarsk", SPRING, time(7)), (-390, -60, -1, 0, 60), 0),
}


@pytest.mark.parametrize("case", CHANGES)
async def test_at_hours_that_are_skipped_or_come_twice_each_is_told_exactly_once(
    world: World,
    notifier_engine: AsyncEngine,
    rules: ReminderRules,
    sink: SmtpSink,
    *,
    case: str,
) -> None:
    (zone, day, quiet_to), looks, leaves = CHANGES[case]
    await world.database.execute("UPDATE api.municipalities SET time_zone = $1", zone)
    await world.add(
        "api.calendar_days",
        municipality_id=world.municipality_id,
        day=day,
        is_working=True,  # clocks change on Sundays
        document_number="1",
        reason="Перенос",
    )
    school = await world.add_school()
    user = await world.add_user(school, email="school@example.ru")
    await world.database.execute(
        "INSERT INTO api.reminder_preferences (user_id, municipality_id, modes,"
        " quiet_from, quiet_to, digest_at, weekday) VALUES ($1, $2, '{}', $3, $4, $4,"
        " 0)",
        user,
        world.municipality_id,
        time(21),
        quiet_to,
    )
    await world.add_deadline(day, school)
    planner = Planner(notifier_engine, rules, domain=DOMAIN)
    room = mail_room(notifier_engine, rules, sink.port)
    midnight = datetime.combine(day, time(), UTC)
    found = []
    for minutes in looks:
        await world.set_clock(midnight + timedelta(minutes=minutes))
        planner.owe(world.municipality_id)
        await planner.plan_round()
        await post_all(notifier_engine, rules)
        await send_all(room)
        found.append((minutes, len(sink.mails)))
    assert found == [(minutes, int(minutes >= leaves)) for minutes in looks]
    assert len(await world.messages()) == 1
    assert [each["rule"] for each in await world.reminders()] == ["on_day"]
