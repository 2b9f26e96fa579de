"""Fixtures of the notifier: a world to remind, its engine, servers to send to."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.webhooks import WebhookRoom
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import create_engine
from shared.runtime.reminder_rules import read_reminder_rules
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.smtp_sink import SmtpSink, running_sink
from tests.notifier.events_world import MakeRoom, Subscriptions
from tests.notifier.world import World, new_world


@pytest_asyncio.fixture
async def world(empty_database_url: str) -> AsyncIterator[World]:
    """Yield a municipality on the morning of 16 September 2020."""
    async with new_world(empty_database_url) as world:
        yield world


@pytest_asyncio.fixture
async def notifier_engine(world: World) -> AsyncIterator[AsyncEngine]:
    """Yield connections to the world in the role of the notifier."""
    engine = create_engine(world.url, "notifier")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    """Yield a mail server on the loopback."""
    async with running_sink() as running:
        yield running


@pytest_asyncio.fixture
async def hooks() -> AsyncIterator[HookSink]:
    """Yield a receiver of webhooks on the loopback."""
    async with running_hooks() as running:
        yield running


@pytest_asyncio.fixture
async def subscriptions(world: World) -> AsyncIterator[Subscriptions]:
    """Yield what of the world concerns webhooks of events."""
    api = create_engine(world.url, "api")
    yield Subscriptions(world, api)
    await api.dispose()


@pytest_asyncio.fixture
async def make_room(notifier_engine: AsyncEngine) -> AsyncIterator[MakeRoom]:
    """Yield what makes rooms that call endpoints; they are closed at the end."""
    made: list[WebhookRoom] = []

    def make(*, allows_private: bool = True, seconds: float = 15.0) -> WebhookRoom:
        room = WebhookRoom(
            notifier_engine, allows_private=allows_private, seconds=seconds
        )
        made.append(room)
        return room

    yield make
    for room in made:
        await room.close()


@pytest.fixture(scope="session")
def rules() -> ReminderRules:
    """Return the rules that the notifier starts with: 14, 7, 3, 1, 0 days."""
    return read_reminder_rules()
