"""A small municipality in a database of its own, whose clock the test sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

KRASNOYARSK = ZoneInfo("Asia/Krasnoyarsk")
START = datetime(2020, 9, 16, 9, tzinfo=KRASNOYARSK)


@dataclass
class World:
    """What is in the database, and shorthands to put more into it."""

    url: str
    database: asyncpg.Connection
    municipality_id: int = 0
    measure_id: int = 0
    schools: list[int] = field(default_factory=list)
    _number: int = 0

    async def add(self, table: str, **values: Any) -> int:
        """Insert a row and return its id."""
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        statement = (
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING id"  # noqa: S608 (names are the test's own)
        )
        return int(await self.database.fetchval(statement, *values.values()))

    async def set_clock(self, now: datetime) -> None:
        """Let the system believe that it is `now`."""
        await self.database.execute(
            "INSERT INTO api.sandbox_clock (id, offset_seconds, moved_at)"
            " VALUES (1, extract(epoch FROM $1::timestamptz - clock_timestamp()), $1)"
            " ON CONFLICT (id) DO UPDATE"
            " SET offset_seconds = excluded.offset_seconds",
            now,
        )

    async def add_municipality(self) -> int:
        """Add a municipality, in which everything that is added from now on is."""
        before = self.municipality_id
        self.municipality_id = await self.add(
            "api.municipalities",
            region_id=await self.database.fetchval("SELECT min(id) FROM api.regions"),
            code=f"district-{before + 1}",
            name="Район",
            time_zone="Asia/Krasnoyarsk",
            synthetic=False,
            provenance="document",
            remarks=[],
        )
        return self.municipality_id

    async def add_school(self) -> int:
        """Add a school without accounts."""
        self._number += 1
        school_id = await self.add(
            "api.schools",
            municipality_id=self.municipality_id,
            code=f"school-{self._number}",
            name=f"МБОУ «Школа №{self._number}»",
            kind="secondary",
            mentor_capacity=2,
            synthetic=False,
            provenance="document",
        )
        self.schools.append(school_id)
        return school_id

    async def add_user(
        self,
        school_id: int | None,
        *,
        email: str | None = None,
        language: str = "ru",
        is_active: bool = True,
    ) -> int:
        """Add an editor of the school, or without a school a coordinator."""
        self._number += 1
        return await self.add(
            "api.users",
            login=f"user-{self._number}",
            password_hash="none",  # noqa: S106 (nobody signs in here)
            role="municipal_coordinator" if school_id is None else "school_editor",
            municipality_id=self.municipality_id,
            school_id=school_id,
            display_name="Ответственный за программу",
            email=email,
            language=language,
            is_active=is_active,
            created_at=START,
        )

    async def add_deadline(
        self, due_on: date, school_id: int | None, *, state: str = "open"
    ) -> int:
        """Add a deadline, another occurrence of the one measure."""
        self._number += 1
        return await self.add(
            "api.deadlines",
            municipality_id=self.municipality_id,
            kind="measure",
            measure_id=self.measure_id,
            school_id=school_id,
            occurrence=self._number,
            starts_on=due_on,
            nominal_due_on=due_on,
            due_on=due_on,
            state=state,
            created_at=START,
            changed_at=START,
        )

    async def tell(self) -> None:
        """Write the event that the api writes beside changed deadlines."""
        await self.database.execute(
            "INSERT INTO api.outbox (kind, municipality_id, payload, created_at)"
            " VALUES ('deadlines.changed', $1, '{}', now())",
            self.municipality_id,
        )

    async def add_school_with_mail(self, address: str) -> int:
        """Add a school whose one editor has this address."""
        school_id = await self.add_school()
        await self.add_user(school_id, email=address)
        return school_id

    async def reminders(self, channel: str = "mail") -> list[asyncpg.Record]:
        """Return the reminders of a channel in the order of planning."""
        return list(
            await self.database.fetch(
                "SELECT r.*, m.message_id AS header, m.kind, m.attempts, m.send_after,"
                " m.next_try_at, m.lease_until, m.last_error FROM notifier.reminders r"
                " JOIN notifier.messages m ON m.id = r.message_id"
                " WHERE r.channel = $1 ORDER BY r.id",
                channel,
            )
        )

    async def messages(self) -> list[asyncpg.Record]:
        """Return what is in the inboxes, oldest first."""
        return list(
            await self.database.fetch(
                "SELECT * FROM notifier.inbox_messages ORDER BY id"
            )
        )

    async def count(self, channel: str, status: str) -> int:
        """Return how many reminders of the channel are in this status."""
        return len(
            [each for each in await self.reminders(channel) if each["status"] == status]
        )

    async def let_time_pass(self) -> None:
        """Let every lease and every pause before another try run out."""
        await self.database.execute(
            "UPDATE notifier.messages SET next_try_at = '2000-01-01',"
            " lease_until = CASE WHEN lease_until IS NULL THEN NULL"
            " ELSE '2000-01-01'::timestamptz END WHERE status = 'planned'"
        )


@asynccontextmanager
async def new_world(url: str) -> AsyncIterator[World]:
    """Fill a migrated, empty database with a municipality and one measure."""
    database = await asyncpg.connect(url)
    world = World(url, database)
    try:
        await world.set_clock(START)
        await world.add("api.regions", code="24", name="Красноярский край")
        await world.add_municipality()
        programme = await world.add(
            "api.programmes",
            municipality_id=world.municipality_id,
            code="programme",
            title="Повышение качества образования",
            goal="Цель",
            starts_on=date(2020, 9, 1),
            ends_on=date(2022, 8, 31),
            years="academic",
            period_text="2020-2022",
            approved="{}",
            expected_results=[],
            provenance="document",
            executors_text="Школы",
            document_hash="none",
        )
        world.measure_id = await world.add(
            "api.measures",
            municipality_id=world.municipality_id,
            programme_id=programme,
            plan="roadmap",
            position=1,
            key="1",
            number="1.2",
            title="Анализ результатов ВПР",
            term_text="Сентябрь",
            schedule_kind="months",
            is_datable=True,
            parties=["schools"],
            expected_result="Справка",
        )
        yield world
    finally:
        await database.close()
