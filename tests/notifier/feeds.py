"""A feed that is read while its deadlines move and whatever serves them is killed."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import asyncpg
from icalendar import Calendar, Component
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.feeds.rendering import calendar_of
from services.api.feeds.repository import list_deadlines
from services.api.feeds.usecases import enter, hash_of
from shared.persistence.engine import create_engine
from shared.persistence.outages import is_outage
from shared.persistence.work import begin
from tests.notifier.world import START, World

SECRET = "of-the-storm"  # noqa: S105 (nothing real is opened by it)
MOVING = 24
FAR = 120  # days, out of reach of any reminder
PAUSE = 0.05
STATES = ("open", "returned", "done", "withdrawn")  # nobody is to look at any
OUTAGES = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that broke in the middle
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An event of a feed, as far as it has to be right."""

    sequence: int
    day: date
    status: str


@dataclass
class FeedWatch:
    """Moves deadlines, reads the feed of them, and counts what is wrong with it."""

    world: World
    draw: random.Random
    readings: int = 0
    moves: int = 0
    doubled: int = 0
    gone_back: int = 0
    silent: int = 0
    _seen: dict[str, Shown] = field(default_factory=dict)
    _deadlines: list[int] = field(default_factory=list)

    async def prepare(self) -> None:
        """Add deadlines of the municipality, and a feed of its coordinator."""
        coordinator = await self.world.add_user(None)
        for number in range(MOVING):
            day = START.date() + timedelta(days=FAR + number)
            self._deadlines.append(await self.world.add_deadline(day, None))
        await self.world.add(
            "api.feeds",
            user_id=coordinator,
            kind="person",
            municipality_id=self.world.municipality_id,
            name="Сроки",
            token_hash=hash_of(SECRET),
            created_at=START,
        )

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Move and read beside whatever else goes on, and read when that is over."""
        engine = create_engine(self.world.url, "api")
        tasks = [
            asyncio.create_task(self._move_on()),
            asyncio.create_task(self._read_on(engine)),
        ]
        try:
            yield
            for task in tasks:
                assert not task.done(), task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await engine.dispose()
        engine = create_engine(self.world.url, "api")
        await self._read(engine)
        await engine.dispose()

    async def wrong_in_the_end(self) -> int:
        """Return how many events are not what the database says."""
        rows = await self.world.database.fetch(
            "SELECT id, revision, due_on, state FROM api.deadlines WHERE id = ANY ($1)",
            self._deadlines,
        )
        expected = Counter(
            Shown(
                row["revision"],
                row["due_on"],
                "CANCELLED" if row["state"] == "withdrawn" else "CONFIRMED",
            )
            for row in rows
        )
        found = Counter(self._seen.values())
        return (expected - found).total() + (found - expected).total()

    async def _move_on(self) -> None:
        while True:
            with suppress(*OUTAGES):
                database = await asyncpg.connect(self.world.url, timeout=10)
                try:
                    while True:
                        await self._move(database)
                        await asyncio.sleep(PAUSE)
                finally:
                    database.terminate()
            await asyncio.sleep(PAUSE)

    async def _move(self, database: asyncpg.Connection) -> None:
        days = self.draw.randrange(FAR, 3 * FAR)
        await database.execute(
            "UPDATE api.deadlines SET due_on = $2, state = $3 WHERE id = $1",
            self.draw.choice(self._deadlines),
            START.date() + timedelta(days=days),
            self.draw.choice(STATES),
        )
        self.moves += 1

    async def _read_on(self, engine: AsyncEngine) -> None:
        while True:
            try:
                await self._read(engine)
            except Exception as error:
                if not is_outage(error):
                    raise
            await asyncio.sleep(PAUSE)

    async def _read(self, engine: AsyncEngine) -> None:
        """Read it as whoever asks for its address does."""
        async with begin(engine) as work:
            feed, zone, today = await enter(work, SECRET)
            rows = await list_deadlines(work, feed, today=today)
        content = calendar_of(feed.name, rows, language="ru", time_zone=zone)
        self.readings += 1
        events = Calendar.from_ical(content).walk("VEVENT")
        found = {str(event["UID"]): _shown(event) for event in events}
        self.doubled += len(events) - len(found)
        for uid, shown in found.items():
            before = self._seen.get(uid, shown)
            self.gone_back += shown.sequence < before.sequence
            self.silent += shown.sequence == before.sequence and shown != before
        assert found.keys() >= self._seen.keys(), "an event has left the feed"
        self._seen |= found


def _shown(event: Component) -> Shown:
    return Shown(
        event.decoded("SEQUENCE"), event.decoded("DTSTART"), str(event["STATUS"])
    )
