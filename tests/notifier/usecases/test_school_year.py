"""Uzhur's school year 2020/2021 day by day, against a count of another kind."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.repository.planning import Tenant
from services.notifier.usecases.planning import plan_municipalities
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.reminder_rules import read_reminder_rules
from tests.notifier.usecases.school_year import (
    ACKNOWLEDGED_ON,
    DAILY,
    MORNING,
    RESTS_AT_NINE,
    WEEKLY,
    Told,
    Wish,
    mailed,
    messages,
    played,
    told_above,
    told_to_the_school,
)
from tests.notifier.world import KRASNOYARSK

ZONE = "Asia/Krasnoyarsk"
DOMAIN = "podyom.example.ru"
CLOCK = (
    "INSERT INTO api.sandbox_clock (id, offset_seconds, moved_at)"
    " VALUES (1, extract(epoch FROM $1::timestamptz - clock_timestamp()), $1)"
    " ON CONFLICT (id) DO UPDATE SET offset_seconds = excluded.offset_seconds"
)
OWED = (
    "SELECT d.id, d.school_id, d.due_on FROM api.deadlines d"
    " WHERE d.municipality_id = $1 AND d.school_id IS NOT NULL AND d.state = 'open'"
    " AND d.kind = 'measure'"
)
EDITORS = (
    "SELECT id, school_id FROM api.users WHERE municipality_id = $1"
    " AND role = 'school_editor' AND is_active ORDER BY id"
)
PLANNED = (
    "SELECT r.deadline_id, r.rule, r.recipient_id, r.recipient_role, r.planned_at,"
    " r.is_late, r.channel, m.id AS message_id, m.kind, m.send_after"
    " FROM notifier.reminders r JOIN notifier.messages m ON m.id = r.message_id"
    " WHERE r.deadline_id = ANY ($1)"
)
DIRECTORS = (
    "INSERT INTO api.school_contacts (municipality_id, school_id, provenance, role,"
    " rank, position, email) SELECT municipality_id, id, 'manual', 'director', 1,"
    " 'Директор', 'director@example.ru' FROM api.schools WHERE municipality_id = $1"
)
HEAD = (
    "INSERT INTO api.municipality_contacts (municipality_id, provenance, role, rank,"
    " position, email) VALUES ($1, 'manual', 'head', 1, 'Начальник',"
    " 'head@example.ru')"
)
PREFERENCES = (
    "INSERT INTO api.reminder_preferences (user_id, municipality_id, modes, quiet_from,"
    " quiet_to, digest_at, weekday) VALUES ($1, $2, $3, $4, $5, '08:00', $6)"
)
ACKNOWLEDGE = (
    "INSERT INTO api.reminder_acknowledgements (municipality_id, school_id,"
    " deadline_id, due_on, recipient_id, answered_at)"
    " SELECT d.municipality_id, d.school_id, d.id, d.due_on, u.id, now()"
    " FROM api.deadlines d JOIN api.users u USING (school_id)"
    " WHERE d.school_id = $1 AND d.kind = 'measure' AND d.state = 'open'"
    " AND d.due_on < $2 AND u.role = 'school_editor' ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True)
class Year:
    """What was owed, and what was planned of it in the whole year."""

    owed: Sequence[asyncpg.Record]
    planned: Sequence[asyncpg.Record]
    editors: Mapping[int, int]  # accounts, each with its school
    wishes: Mapping[int, Wish]
    acknowledging: int  # the school that acknowledged all that it had missed

    def told(self, school: int) -> list[Told]:
        """Return what a school is to be told."""
        return [
            each
            for owed in self.owed
            if owed["school_id"] == school
            for each in told_to_the_school(owed["id"], owed["due_on"])
        ]


async def settle(database: asyncpg.Connection, place: int) -> dict[int, Wish]:
    """Give everybody a director and the office a head, and some editors wishes."""
    await database.execute(DIRECTORS, place)
    await database.execute(HEAD, place)
    wishes = {}
    editors = await database.fetch(EDITORS, place)
    for editor, wish in zip(editors, (DAILY, WEEKLY, RESTS_AT_NINE), strict=False):
        wishes[editor["id"]] = wish
        await database.execute(
            "UPDATE api.users SET email = 'editor@example.ru' WHERE id = $1",
            editor["id"],
        )
        await database.execute(
            PREFERENCES,
            editor["id"],
            place,
            json.dumps({"mail": wish.mode}),
            wish.quiet_from,
            wish.quiet_to,
            wish.weekday,
        )
    return wishes


async def play(
    engine: AsyncEngine, database: asyncpg.Connection, place: int, answering: int
) -> None:
    """Let every day pass, with the planner looking twice on the first of a month."""
    rules = read_reminder_rules()
    for today in played():
        await database.execute(
            CLOCK, datetime.combine(today, MORNING, tzinfo=KRASNOYARSK)
        )
        if today == ACKNOWLEDGED_ON:
            await database.execute(ACKNOWLEDGE, answering, today)
        for _ in range(2 if today.day == 1 else 1):
            async with begin_as_system(engine, place) as work:
                await plan_municipalities(
                    work,
                    [Tenant(place, ZONE)],
                    rules,
                    domain=DOMAIN,
                    at=system_now(),
                    traces={},
                )


@pytest.mark.timeout(300)
async def test_all_are_told_of_a_school_year_as_often_and_when_they_should(
    database_url: str,
) -> None:
    database = await asyncpg.connect(database_url)
    engine = create_engine(database_url, "notifier")
    try:
        place = await database.fetchval(
            "SELECT id FROM api.municipalities WHERE code = 'uzhur'"
        )
        wishes = await settle(database, place)
        editors = {
            each["id"]: each["school_id"]
            for each in await database.fetch(EDITORS, place)
        }
        owed = await database.fetch(OWED, place)
        answering = editors[max(editors)]
        await play(engine, database, place, answering)
        planned = await database.fetch(PLANNED, [each["id"] for each in owed])
    finally:
        await engine.dispose()
        await database.close()
    year = Year(owed, planned, editors, wishes, answering)
    check_inboxes(year)
    check_mail(year)
    check_escalation(year)


def check_inboxes(year: Year) -> None:
    """Each editor has each reminder once; late ones of a day are one message."""
    found: defaultdict[int, Counter[Told]] = defaultdict(Counter)
    carried: defaultdict[int, set[tuple[int, date, str]]] = defaultdict(set)
    for each in year.planned:
        if each["recipient_id"] in year.editors and each["channel"] == "inbox":
            told = told_of(each)
            found[each["recipient_id"]][told] += 1
            message = each["message_id"], told.on, each["kind"]
            carried[each["recipient_id"]].add(message)
    total = 0
    for editor, school in year.editors.items():
        expected = year.told(school)
        total += len(expected)
        assert found[editor] == Counter(expected)
        days = Counter((on, kind) for _, on, kind in carried[editor])
        assert days == messages(expected)
    assert total > 1000


def check_mail(year: Year) -> None:
    """Mail waits for digests and the end of rest, and urgent mail for no digest."""
    for editor, wish in year.wishes.items():
        found = Counter(
            (told_of(each), each["kind"], local(each["send_after"]))
            for each in year.planned
            if each["recipient_id"] == editor and each["channel"] == "mail"
        )
        told = year.told(year.editors[editor])
        assert found == Counter((each, *mailed(each, wish)) for each in told)
        gathered = {"digest"} if wish.mode != "each" else set()
        assert {kind for _, kind, _ in found} == {"late", "reminder"} | gathered


def check_escalation(year: Year) -> None:
    """Those above are told in their turn, in one message a day, until an answer."""
    expected = Counter(
        told
        for each in year.owed
        for told in told_above(
            each["id"],
            each["due_on"],
            is_acknowledged=each["school_id"] == year.acknowledging
            and each["due_on"] < ACKNOWLEDGED_ON,
        )
    )
    steps = [each for each in year.planned if each["rule"].startswith("to_")]
    assert {each["kind"] for each in steps} == {"escalation"}
    # The coordinator has an account with an inbox, the other two are posts with mail.
    found = Counter(
        told_of(each)
        for each in steps
        if (each["rule"] == "to_coordinator") == (each["channel"] == "inbox")
    )
    assert found == expected
    assert {each.rule for each in found} == {"to_director", "to_coordinator", "to_head"}
    stopped = {
        each["id"]
        for each in year.owed
        if each["school_id"] == year.acknowledging and each["due_on"] < ACKNOWLEDGED_ON
    }
    assert stopped - {each.deadline_id for each in found if each.rule == "to_head"}
    heads = defaultdict(set)
    for each in steps:
        if each["rule"] == "to_head":
            heads[told_of(each).on].add(each["message_id"])
    assert {len(ids) for ids in heads.values()} == {1}


def told_of(planned: asyncpg.Record) -> Told:
    """Return a planned reminder as the count by hand has it."""
    on = local(planned["planned_at"]).date()
    return Told(planned["deadline_id"], planned["rule"], on, planned["is_late"])


def local(moment: datetime) -> datetime:
    """Return the hour on the wall in Uzhur: the clock goes on while it is planned."""
    there = moment.astimezone(KRASNOYARSK)
    return there.replace(minute=0, second=0, microsecond=0, tzinfo=None)
