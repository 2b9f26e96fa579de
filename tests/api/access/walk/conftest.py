"""One database for the whole walk: accounts in every role, rows at home and abroad."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.tree import LEVELS
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.api.access.walk.preparation import prepare
from tests.api.access.walk.rows import Places, Rows, find_rows
from tests.support.accounts import (
    ABROAD,
    HOME,
    HOME_SCHOOL,
    client_with,
    open_account_for,
    token_for,
)
from tests.support.api import clients, running, settings_for
from tests.support.databases import LOADED, copied_database
from tests.support.routes import Operation, operations_of


@dataclass(frozen=True, slots=True)
class World:
    """The api, who walks through it, and what there is to be seen."""

    app: FastAPI
    operations: list[Operation]
    places: Places
    rows: Rows
    walkers: dict[str, httpx.AsyncClient]


@pytest_asyncio.fixture(scope="module")
async def world(
    loaded_template: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Yield the world that every role walks through."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(copied_database(loaded_template, LOADED))
        engine = create_engine(url, "api")
        stack.push_async_callback(engine.dispose)
        settings = replace(
            settings_for(url, redis_url), data_dir=tmp_path_factory.mktemp("data")
        )
        app = await stack.enter_async_context(running(settings))
        client_as = await stack.enter_async_context(clients(app))
        places = await _places(engine)
        await prepare(client_as, url, places)
        accounts = {str(role): await open_account_for(engine, role) for role in LEVELS}
        walkers = {
            name: await stack.enter_async_context(
                client_with(app, await token_for(engine, user_id))
            )
            for name, user_id in accounts.items()
        }
        operations = operations_of(app)
        rows = await find_rows(
            await client_as("admin"), engine, places, operations, [*accounts.values()]
        )
        yield World(app, operations, places, rows, walkers)


async def _places(engine: AsyncEngine) -> Places:
    async with begin_as_system(engine) as work:
        found = await work.session.execute(
            text(
                "SELECT m.code AS municipality, m.region_id, m.id AS municipality_id,"
                " s.code, s.id FROM api.schools s"
                " JOIN api.municipalities m ON m.id = s.municipality_id ORDER BY s.id"
            )
        )
        schools = found.all()
    home = next(
        each
        for each in schools
        if (each.municipality, each.code) == (HOME, HOME_SCHOOL)
    )
    partner, neighbour, *_ = (
        each for each in schools if each.municipality == HOME and each.id != home.id
    )
    abroad = next(each for each in schools if each.municipality == ABROAD)
    return Places(
        home.region_id,
        home.municipality_id,
        home.id,
        partner.id,
        neighbour.id,
        abroad.municipality_id,
        abroad.id,
    )


@pytest_asyncio.fixture(scope="module")
async def anybody(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client without a token."""
    async with client_with(world.app, None) as client:
        yield client
