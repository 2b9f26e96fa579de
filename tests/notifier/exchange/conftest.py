"""A regional system, a target that leads to it, and the notifier that pushes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.exchange.usecases import ExchangeRoom
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from shared.runtime.file_store import open_file_store
from tests.notifier.exchange.regional_system import RegionalSystem, running_region
from tests.support.api import ClientAs

TARGETS = "/v1/exchange-targets"
PUSHES = "/v1/exchange-pushes"
MOST_ROUNDS = 100
WEEKLY = {
    "name": "Региональная система",
    "identifier_kind": "code",
    "rhythm": "weekly",
    "at_time": "03:00",
    "weekday": 7,
}


@dataclass
class Exchange:
    """The district's side of an exchange."""

    office: httpx.AsyncClient
    engine: AsyncEngine
    folder: Path

    def room(self) -> ExchangeRoom:
        """Return what a notifier pushes with."""
        files = open_file_store(self.folder, None)
        return ExchangeRoom(engine=self.engine, files=files, allows_private=True)

    async def target(self, **changes: Any) -> dict[str, Any]:
        """Name a regional system."""
        body = {**WEEKLY, "dataset": "results", "kind": "http", **changes}
        made = await self.office.post(TARGETS, json=body)
        assert made.status_code == 201, made.text
        target: dict[str, Any] = made.json()
        return target

    async def run(self, target_id: int) -> dict[str, Any]:
        """Ask that what is different goes out now."""
        asked = await self.office.post(f"{TARGETS}/{target_id}/runs")
        assert asked.status_code == 202, asked.text
        run: dict[str, Any] = asked.json()
        return run

    async def settle(self) -> None:
        """Push until nothing is left, however often the other side fails."""
        room = self.room()
        for _ in range(MOST_ROUNDS):
            await self.come_round()
            await room.push_round()
            if not await self._is_owed():
                return
        raise AssertionError("it never ends")

    async def come_round(self) -> None:
        """Let pauses and leases of dead processes be over."""
        await self.execute(
            "UPDATE notifier.exchange_pushes SET next_try_at = NULL,"
            " leased_until = NULL WHERE status = 'sending'"
        )

    async def execute(self, *statements: str) -> None:
        """Change rows in the role of the notifier."""
        async with begin_as_system(self.engine) as work:
            for statement in statements:
                await work.session.execute(text(statement))

    async def pushes(self) -> list[dict[str, Any]]:
        """Return all receipts."""
        listed = await self.office.get(PUSHES, params={"limit": 500})
        assert listed.status_code == 200, listed.text
        found: list[dict[str, Any]] = listed.json()["items"]
        return found

    async def preview(self, target_id: int) -> dict[str, Any]:
        """Return what would go out now."""
        seen = await self.office.get(f"{TARGETS}/{target_id}/preview")
        assert seen.status_code == 200, seen.text
        found: dict[str, Any] = seen.json()
        return found

    async def _is_owed(self) -> bool:
        async with begin_as_system(self.engine) as work:
            found = await work.session.scalar(
                text(
                    "SELECT EXISTS (SELECT 1 FROM notifier.exchange_states s WHERE"
                    " is_owed OR EXISTS (SELECT 1 FROM notifier.exchange_pushes p"
                    " WHERE p.target_id = s.target_id AND p.status = 'sending'))"
                )
            )
        return bool(found)


@pytest_asyncio.fixture
async def region() -> AsyncIterator[RegionalSystem]:
    """Yield a regional system."""
    async with running_region() as running:
        yield running


@pytest_asyncio.fixture
async def exchange(
    client_as: ClientAs, database_url: str, tmp_path: Path
) -> AsyncIterator[Exchange]:
    """Yield the side of a district with a year's results."""
    engine = create_engine(database_url, "notifier")
    yield Exchange(await client_as("uzhur"), engine, tmp_path)
    await engine.dispose()
