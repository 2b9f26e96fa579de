"""Each role sees its own part of the tree, even of a query without any filter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.permissions import Role
from shared.domain.tree import LEVELS, Level
from shared.persistence.engine import create_engine
from shared.persistence.schema import metadata
from shared.persistence.work import begin, begin_as_system
from tests.support.accounts import HOME, HOME_SCHOOL, open_account_for
from tests.support.databases import LOADED, copied_database
from tests.support.sessions import open_session

TABLES = {
    name: table
    for name, table in metadata.tables.items()
    if "municipality_id" in table.columns
}
# What some rows of are of no municipality, and seen all the same.
OF_NO_MUNICIPALITY = {
    "api.users": "an account of no municipality sees itself",
    "api.methods": "what belongs to the system is for all",
    "api.method_periods": "what is in force everywhere is so here",
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database with an account in every role; what is at home, and what is there."""

    engine: AsyncEngine
    accounts: dict[Role, int]
    municipality_id: int
    school_id: int
    municipalities: set[int]


@pytest_asyncio.fixture(scope="module")
async def prepared(loaded_template: str) -> AsyncIterator[Prepared]:
    """Yield a database that the tests of this module only read."""
    async with copied_database(loaded_template, LOADED) as url:
        engine = create_engine(url, "api")
        accounts = {role: await open_account_for(engine, role) for role in LEVELS}
        async with begin_as_system(engine) as work:
            home = await work.session.execute(
                text(
                    "SELECT m.id, s.id FROM api.municipalities m"
                    " JOIN api.schools s ON s.municipality_id = m.id"
                    " WHERE m.code = :municipality AND s.code = :school"
                ),
                {"municipality": HOME, "school": HOME_SCHOOL},
            )
            municipality_id, school_id = home.one()
            everywhere = await work.session.scalars(
                text("SELECT id FROM api.municipalities")
            )
            yield Prepared(
                engine, accounts, municipality_id, school_id, set(everywhere)
            )
        await engine.dispose()


async def distinct(prepared: Prepared, role: Role, statement: str) -> set[int | None]:
    """Return what the statement finds in a transaction of the role's account."""
    user_id = prepared.accounts[role]
    session_id = await open_session(prepared.engine, user_id)
    async with begin(prepared.engine) as work:
        assert await work.enter_as_user(user_id, session_id) is not None
        return set(await work.session.scalars(text(statement)))


@pytest.mark.parametrize("role", LEVELS)
async def test_a_query_that_forgets_its_filter_finds_no_foreign_municipality(
    prepared: Prepared, role: Role
) -> None:
    seen = await distinct(prepared, role, "SELECT id FROM api.municipalities")
    if LEVELS[role] is Level.EVERYTHING:
        assert seen == prepared.municipalities
        return
    assert seen == {prepared.municipality_id} < prepared.municipalities
    for name in TABLES:
        found = await distinct(
            prepared,
            role,
            f"SELECT DISTINCT municipality_id FROM {name}",  # noqa: S608 (our own tables)
        )
        common = {None} if name in OF_NO_MUNICIPALITY else set()
        assert found <= {prepared.municipality_id} | common, name


@pytest.mark.parametrize(
    "role", [role for role in LEVELS if LEVELS[role] is Level.SCHOOL]
)
async def test_a_query_that_forgets_its_filter_finds_no_foreign_school(
    prepared: Prepared, role: Role
) -> None:
    for name, table in TABLES.items():
        if "school_id" not in table.columns:
            continue
        found = await distinct(
            prepared,
            role,
            f"SELECT DISTINCT school_id FROM {name}",  # noqa: S608 (our own tables)
        )
        assert found <= {prepared.school_id, None}, name
    schools = await distinct(prepared, role, "SELECT id FROM api.schools")
    assert schools == {prepared.school_id}


async def test_a_region_has_all_of_its_municipalities_and_no_others(
    prepared: Prepared,
) -> None:
    async with begin_as_system(prepared.engine) as work:
        new = await work.session.scalar(
            text(
                "INSERT INTO api.municipalities (region_id, code, name, time_zone,"
                " synthetic, provenance, remarks)"
                " SELECT region_id, 'neighbour', 'N', time_zone, true, 'local', '{}'"
                " FROM api.municipalities WHERE id = :home RETURNING id"
            ),
            {"home": prepared.municipality_id},
        )
    role = Role.REGIONAL_ANALYST
    seen = await distinct(prepared, role, "SELECT id FROM api.municipalities")
    assert seen == {prepared.municipality_id, new}
    async with begin_as_system(prepared.engine) as work:
        await work.session.execute(
            text("DELETE FROM api.municipalities WHERE id = :new"), {"new": new}
        )
