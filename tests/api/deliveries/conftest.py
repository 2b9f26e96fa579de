"""A district whose reminders have been planned, and the notifier's own connections."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.persistence.engine import create_engine
from shared.runtime.reminder_rules import read_reminder_rules
from tests.support.api import ClientAs


@pytest_asyncio.fixture
async def notifier_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield connections in the role of the notifier."""
    engine = create_engine(database_url, "notifier")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection past all policies."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(autouse=True)
async def _reminded(client_as: ClientAs, notifier_engine: AsyncEngine) -> None:
    """On 28 September 2020 everybody has been reminded, by inbox at least."""
    admin = await client_as("admin")
    moved = await admin.put("/v1/clock", json={"now": "2020-09-28T09:00:00+07:00"})
    moved.raise_for_status()
    rules = read_reminder_rules()
    await Planner(notifier_engine, rules, domain="podyom.example.ru").plan_round()
    await post_all(notifier_engine, rules)
