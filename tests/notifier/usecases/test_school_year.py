"""Uzhur's school year 2020/2021 day by day, against a count of another kind."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.repository.planning import Tenant
from services.notifier.usecases.planning import plan_municipalities
from shared.domain.production_calendar import is_federal_working_day
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.reminder_rules import read_reminder_rules
from tests.notifier.world import KRASNOYARSK

FIRST, LAST = date(2020, 9, 16), date(2021, 6, 30)
ZONE = "Asia/Krasnoyarsk"
DOMAIN = "podyom.example.ru"
CLOCK = (
    "INSERT INTO api.sandbox_clock (id, offset_seconds, moved_at)"
    " VALUES (1, extract(epoch FROM $1::timestamptz - clock_timestamp()), $1)"
    " ON CONFLICT (id) DO UPDATE SET offset_seconds = excluded.offset_seconds"
)
OWED = (
    "SELECT d.id, d.due_on, (SELECT count(*) FROM api.users u"
    " WHERE u.school_id = d.school_id AND u.role = 'school_editor' AND u.is_active)"
    " AS editors FROM api.deadlines d WHERE d.municipality_id = $1"
    " AND d.school_id IS NOT NULL AND d.state = 'open' AND d.kind = 'measure'"
)
PLANNED = (
    "SELECT r.deadline_id, r.rule, r.recipient_id, r.planned_at, r.is_late"
    " FROM notifier.reminders r JOIN api.users u ON u.id = r.recipient_id"
    " WHERE r.channel = 'inbox' AND u.role = 'school_editor'"
)


def days() -> Iterator[date]:
    for offset in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=offset)


def told_on(due_on: date) -> dict[str, date]:
    """Return the rules that a school is told by, each with its first day."""
    moments = []
    for lead in (14, 7, 3, 1, 0):
        day = due_on - timedelta(days=lead)
        while not is_federal_working_day(day):
            day -= timedelta(days=1)
        moments.append((day, "on_day" if lead == 0 else f"before_{lead}"))
    for late in range(3, 61, 3):
        day = due_on + timedelta(days=late)
        while not is_federal_working_day(day):
            day += timedelta(days=1)
        moments.append((day, f"overdue_{late}"))
    told: dict[str, date] = {}
    for today in filter(is_federal_working_day, days()):
        come = [rule for day, rule in moments if day <= today]
        if come:
            told.setdefault(come[-1], today)
    return told


async def play(engine: AsyncEngine, database: asyncpg.Connection, place: int) -> None:
    """Let every day pass, with the planner looking twice."""
    rules = read_reminder_rules()
    for today in days():
        morning = datetime(today.year, today.month, today.day, 9, tzinfo=KRASNOYARSK)
        await database.execute(CLOCK, morning)
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
async def test_each_school_is_told_of_each_of_its_deadlines_as_often_as_it_should(
    database_url: str,
) -> None:
    database = await asyncpg.connect(database_url)
    engine = create_engine(database_url, "notifier")
    try:
        place = await database.fetchval(
            "SELECT id FROM api.municipalities WHERE code = 'uzhur'"
        )
        await play(engine, database, place)
        owed = await database.fetch(OWED, place)
        planned = await database.fetch(PLANNED)
    finally:
        await engine.dispose()
        await database.close()
    expected: Counter[tuple[int, str, date]] = Counter()
    for deadline in owed:
        for rule, day in told_on(deadline["due_on"]).items():
            expected[deadline["id"], rule, day] += deadline["editors"]
    found = Counter(
        (
            each["deadline_id"],
            each["rule"],
            each["planned_at"].astimezone(KRASNOYARSK).date(),
        )
        for each in planned
    )
    assert found == +expected
    assert found.total() > 1000
