"""Databases for tests: each its own, copied from one that was migrated and loaded."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from alembic import command
from sqlalchemy import make_url

from services.api.cli import DEPLOY
from services.api.demo.clock import start_clock
from services.api.demo.loading import load_demo, read_schools
from services.api.loading import load_programmes
from shared.persistence.domain_events import notice_missed
from shared.persistence.engine import create_engine
from shared.persistence.feed import number_changes
from shared.persistence.schema import alembic_config
from shared.persistence.work import begin_as_system

MIGRATED = "podyom_migrated"
LOADED = "podyom_loaded"
MOST_CHANGES = 1_000_000

_numbers = itertools.count(1)


def with_database(server_url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    url = make_url(server_url).set(drivername="postgresql", database=name)
    return url.render_as_string(hide_password=False)


async def execute(server_url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def make_migrated_template(server_url: str) -> None:
    """Create the database that empty ones are copied from."""
    await execute(server_url, f"CREATE DATABASE {MIGRATED}")
    await asyncio.to_thread(migrate, with_database(server_url, MIGRATED))


def migrate(url: str) -> None:
    """Bring a database to head."""
    config = alembic_config()
    config.attributes["url"] = url
    command.upgrade(config, "head")


async def make_loaded_template(server_url: str) -> None:
    """Create the database that sandboxes with the demonstration are copied from."""
    await execute(server_url, f"CREATE DATABASE {LOADED} TEMPLATE {MIGRATED}")
    await load(with_database(server_url, LOADED))


async def load(url: str, folder: Path = DEPLOY) -> None:
    """Load a sandbox's data as `cli load` does."""
    engine = create_engine(url, "api")
    try:
        async with begin_as_system(engine) as work:
            await start_clock(work)
            await load_programmes(work, folder, sandbox=True)
            await load_demo(work, await read_schools(work))
        async with begin_as_system(engine) as work:
            # Else each test's api would begin with these.
            await notice_missed(work, limit=MOST_CHANGES)
            await number_changes(work, MOST_CHANGES)
    finally:
        await engine.dispose()


@asynccontextmanager
async def copied_database(server_url: str, template: str) -> AsyncIterator[str]:
    """Yield the address of a copy, which is dropped at the end."""
    name = f"podyom_test_{next(_numbers)}"
    await execute(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield with_database(server_url, name)
    finally:
        await execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")
