"""Fixtures for every test: throw-away servers, started once and when first needed."""

from collections.abc import AsyncIterator, Iterator

import httpx
import hypothesis
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.engine import create_engine
from tests.support.api import ClientAs, clients, connect, running, settings_for
from tests.support.databases import (
    LOADED,
    MIGRATED,
    copied_database,
    make_loaded_template,
    make_migrated_template,
)
from tests.support.servers import throwaway_postgres, throwaway_valkey

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile(
    "podyom",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("podyom")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the address of a PostgreSQL for this run; its user may do anything."""
    with throwaway_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Yield the address of a Valkey for this run."""
    with throwaway_valkey() as url:
        yield url


@pytest_asyncio.fixture(scope="session")
async def migrated_template(postgres_url: str) -> str:
    """Make the migrated template once; return the server's address."""
    await make_migrated_template(postgres_url)
    return postgres_url


@pytest_asyncio.fixture(scope="session")
async def loaded_template(migrated_template: str) -> str:
    """Make the template with the demonstration once; return the server's address."""
    await make_loaded_template(migrated_template)
    return migrated_template


@pytest_asyncio.fixture
async def empty_database_url(migrated_template: str) -> AsyncIterator[str]:
    """Yield a migrated database of the test's own, without data."""
    async with copied_database(migrated_template, MIGRATED) as url:
        yield url


@pytest_asyncio.fixture
async def database_url(loaded_template: str) -> AsyncIterator[str]:
    """Yield a database of the test's own, with both programmes and the demo."""
    async with copied_database(loaded_template, LOADED) as url:
        yield url


@pytest_asyncio.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Yield connections to the test's database in the role of the api."""
    engine = create_engine(database_url, "api")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def api(database_url: str, redis_url: str) -> AsyncIterator[FastAPI]:
    """Yield the running api over the test's database."""
    async with running(settings_for(database_url, redis_url)) as app:
        yield app


@pytest_asyncio.fixture
async def client(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that nobody is signed in with."""
    async with connect(api) as client:
        yield client


@pytest_asyncio.fixture
async def client_as(api: FastAPI) -> AsyncIterator[ClientAs]:
    """Yield what signs clients in, by the name of a demo account."""
    async with clients(api) as client_as:
        yield client_as
