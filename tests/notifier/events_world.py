"""Endpoints of a world, events for them, and what came of their calls."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import asyncpg

from services.notifier.usecases.webhooks import WebhookRoom
from shared.contracts.domain_events import DomainEvent
from shared.domain.webhook_keys import private_key, public_key
from shared.persistence.engine import Database
from shared.persistence.feed import number_changes
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.notifier.channels.hook_sink import HookSink
from tests.notifier.channels.parcels import SECRET
from tests.notifier.world import World

MANY = 100_000
LATER = timedelta(seconds=6)  # than the first pause with all of its jitter
BOUND = 30.0
DAY = date(2020, 9, 18)
PRIVATE = private_key(bytes(range(32)))

MakeRoom = Callable[..., WebhookRoom]


@dataclass
class Subscriptions:
    """What of a world concerns webhooks; `api` numbers what is told."""

    world: World
    api: Database
    owner: int = 0
    told: list[int] = field(default_factory=list)

    async def add(self, url: str, *, owner: int | None = None, **values: Any) -> int:
        """Add an endpoint of the municipality that is signed to by `SECRET`."""
        if not self.owner:
            self.owner = await self.world.add_user(None, email="office@example.ru")
        now = system_now()
        endpoint = await self.world.add(
            "api.webhook_endpoints",
            **{
                "municipality_id": self.world.municipality_id,
                "name": "Портал",
                "url": url,
                "shown": "http://127.0.0.1",
                "events": list(DomainEvent),
                "datasets": [],
                "is_paused": False,
                "from_number": await self.last_number(),
                "created_by": owner or self.owner,
                "created_at": now,
                "enabled_at": now,
            }
            | values,
        )
        await self.add_key(endpoint, SECRET)
        return endpoint

    async def add_key(
        self, endpoint: int, secret: str, *, valid_for: timedelta | None = None
    ) -> None:
        """Add a key to an endpoint."""
        is_private = secret == PRIVATE
        await self.world.add(
            "api.webhook_secrets",
            endpoint_id=endpoint,
            scheme="v1a" if is_private else "v1",
            secret=secret,
            public_key=public_key(secret) if is_private else None,
            created_at=system_now(),
            valid_until=None if valid_for is None else system_now() + valid_for,
        )

    async def happen(self, *schools: int) -> list[int]:
        """Let a deadline be opened for each of the schools; return their numbers."""
        before = await self.last_number()
        for school in schools:
            await self.world.add_deadline(DAY, school)
        await self.number()
        rows = await self.world.database.fetch(
            "SELECT number FROM api.changes WHERE number > $1 AND action = 'event'"
            " ORDER BY number",
            before,
        )
        return [row["number"] for row in rows]

    async def number(self) -> None:
        """Give what was committed its numbers, as the api does."""
        async with begin_as_system(self.api) as work:
            await number_changes(work, MANY)

    async def last_number(self) -> int:
        """Return how far the feed goes."""
        await self.number()
        return int(
            await self.world.database.fetchval("SELECT last_number FROM api.feed_state")
        )

    async def let_pass(self, time: timedelta) -> None:
        """Let it be later, by moving back all that was noted."""
        for table, *columns in (
            ("notifier.webhook_deliveries", "next_try_at", "lease_until"),
            ("notifier.webhook_states", "failing_since", "held_until"),
            ("api.webhook_secrets", "valid_until"),
        ):
            moved = ", ".join(f"{each} = {each} - $1::interval" for each in columns)
            await self.world.database.execute(f"UPDATE {table} SET {moved}", time)  # noqa: S608 (names of our own)

    async def deliveries(self) -> list[asyncpg.Record]:
        """Return the deliveries by number."""
        return list(
            await self.world.database.fetch(
                "SELECT * FROM notifier.webhook_deliveries ORDER BY number, endpoint_id"
            )
        )

    async def statuses(self) -> list[str]:
        """Return what became of the deliveries, by number."""
        return [each["status"] for each in await self.deliveries()]

    async def attempts(self) -> list[asyncpg.Record]:
        """Return the log of calls, oldest first."""
        return list(
            await self.world.database.fetch(
                "SELECT * FROM notifier.webhook_attempts ORDER BY id"
            )
        )

    async def state(self, endpoint: int) -> asyncpg.Record:
        """Return what was found of an endpoint."""
        found = await self.world.database.fetchrow(
            "SELECT * FROM notifier.webhook_states WHERE endpoint_id = $1", endpoint
        )
        assert found is not None
        return found


async def go(room: WebhookRoom, *, rounds: int = 1) -> None:
    """Let the room call whatever is due, so many times in turn."""
    for _ in range(rounds):
        await room.round()
        await room.idle()


def bodies(sink: HookSink) -> list[dict[str, Any]]:
    """Return what arrived, in its order."""
    return [json.loads(call.body) for call in sink.calls]


def numbers_of(bodies: Sequence[dict[str, Any]]) -> list[int]:
    """Return the numbers that webhooks carry, in the order of their arrival."""
    return [int(each["number"]) for each in bodies]
