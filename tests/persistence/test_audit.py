"""The audit's entries: only ever added, sealed in order, safe from quiet changes."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.sealer import seal
from shared.domain.audit_chain import Break
from shared.persistence.audit import record_change
from shared.persistence.audit_chain import ChainReport, seal_batch, verify
from shared.persistence.work import Work, begin_as_system

CODE = "uzhur"
INSERT = (
    "INSERT INTO api.audit_entries (entity, action, changes, at, {})"
    " VALUES ('x', 'x', '{{}}', now(), {})"
)


@pytest_asyncio.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of somebody who may do anything, triggers switched off."""
    connection = await asyncpg.connect(database_url)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def municipality(work: Work) -> int:
    found = await work.session.scalar(
        text("SELECT id FROM api.municipalities WHERE code = :code"), {"code": CODE}
    )
    assert isinstance(found, int)
    return found


async def write(engine: AsyncEngine, count: int) -> None:
    async with begin_as_system(engine) as work:
        municipality_id = await municipality(work)
        for number in range(count):
            changes = {"n": [number, number + 1]}
            await record_change(
                work, "test", "update", changes, municipality_id=municipality_id
            )


async def chains(engine: AsyncEngine) -> dict[str | None, ChainReport]:
    async with begin_as_system(engine, isolation="REPEATABLE READ") as work:
        return {chain.municipality: chain for chain in await verify(work)}


async def numbers(owner: asyncpg.Connection) -> list[int]:
    """Return the numbers of the sealed entries of the municipality, in order."""
    rows = await owner.fetch(
        "SELECT number FROM api.audit_entries JOIN api.municipalities m"
        " ON m.id = municipality_id WHERE m.code = $1 AND hash IS NOT NULL"
        " ORDER BY position",
        CODE,
    )
    return [row["number"] for row in rows]


async def test_sealing_chains_each_municipality_by_itself(engine: AsyncEngine) -> None:
    await write(engine, 3)
    before = await chains(engine)
    assert all(chain.sealed == 0 for chain in before.values())
    sealed = await seal(engine)
    after = await chains(engine)
    assert set(after) == {CODE, "zhigalovo", None}
    assert sealed == sum(chain.entries for chain in after.values())
    assert all(chain.entries == chain.sealed for chain in after.values())
    assert all(chain.how is None for chain in after.values())
    assert len({chain.last_hash for chain in after.values()}) == 3


async def test_a_chain_goes_on_where_it_ended(engine: AsyncEngine) -> None:
    await seal(engine)
    before = (await chains(engine))[CODE]
    await write(engine, 5)
    between = (await chains(engine))[CODE]
    assert between.entries - between.sealed == 5
    for expected in (2, 2, 1, 0):
        async with begin_as_system(engine) as work:
            assert await seal_batch(work, 2) == expected
    after = (await chains(engine))[CODE]
    assert after.sealed == before.sealed + 5
    assert after.how is None
    assert after.last_hash != before.last_hash


async def test_an_entry_that_is_committed_late_takes_a_later_place(
    engine: AsyncEngine,
) -> None:
    await seal(engine)
    async with begin_as_system(engine) as late:
        municipality_id = await municipality(late)
        await record_change(late, "late", "update", {}, municipality_id=municipality_id)
        await write(engine, 1)
        assert await seal(engine) == 1
    assert await seal(engine) == 1
    assert (await chains(engine))[CODE].how is None
    async with begin_as_system(engine) as work:
        rows = await work.session.execute(
            text(
                "SELECT entity, number, position FROM api.audit_entries"
                " WHERE entity IN ('late', 'test') ORDER BY position"
            )
        )
        (first, last) = rows.all()
    assert (first.entity, last.entity) == ("test", "late")
    assert first.number > last.number
    assert first.position + 1 == last.position


async def test_nothing_is_sealed_while_another_process_seals(
    engine: AsyncEngine,
) -> None:
    await write(engine, 2)
    async with begin_as_system(engine) as first:
        assert await seal_batch(first, 1) == 1
        async with begin_as_system(engine) as second:
            assert await seal_batch(second, 1) == 0


async def test_an_entry_is_kept_only_with_its_change(engine: AsyncEngine) -> None:
    before = (await chains(engine))[CODE].entries

    async def fail() -> None:
        async with begin_as_system(engine) as work:
            owner = await municipality(work)
            await record_change(work, "test", "update", {}, municipality_id=owner)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await chains(engine))[CODE].entries == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM api.audit_entries",
        "TRUNCATE api.audit_entries",
        "UPDATE api.audit_entries SET changes = '{}'",
        "UPDATE api.audit_entries SET at = now()",
        "UPDATE api.audit_entries SET actor_id = NULL",
        INSERT.format("number", "1000000"),
        INSERT.format("hash", "''"),
        "DELETE FROM api.audit_chains",
        "ALTER TABLE api.audit_entries DISABLE TRIGGER ALL",
    ],
)
async def test_the_api_can_take_nothing_back(
    engine: AsyncEngine, statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with begin_as_system(engine) as work:
            await work.session.execute(text(statement))


async def test_an_entry_is_sealed_once(engine: AsyncEngine) -> None:
    await seal(engine)
    with pytest.raises(DBAPIError, match="never changed"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                text("UPDATE api.audit_entries SET hash = NULL, position = NULL")
            )


async def test_only_the_system_seals(engine: AsyncEngine) -> None:
    await write(engine, 1)
    async with begin_as_system(engine) as work:
        # So it stands in the transaction of an administrator's request.
        await work.session.execute(text("SELECT set_config('podyom.user', '1', true)"))
        await work.session.execute(
            text("UPDATE api.audit_entries SET hash = '', position = 1")
        )
    assert all(chain.sealed == 0 for chain in (await chains(engine)).values())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM api.audit_entries",
        "UPDATE api.audit_entries SET reason = 'x' WHERE hash IS NOT NULL",
    ],
)
async def test_even_the_owner_is_refused_unless_the_guards_are_switched_off(
    engine: AsyncEngine, database_url: str, statement: str
) -> None:
    await seal(engine)
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_altered_entry_is_named(
    engine: AsyncEngine, owner: asyncpg.Connection
) -> None:
    await write(engine, 5)
    await seal(engine)
    target = (await numbers(owner))[-3]
    await owner.execute(
        "UPDATE api.audit_entries SET changes = '{\"n\": [0, 100]}' WHERE number = $1",
        target,
    )
    found = await chains(engine)
    assert (found[CODE].how, found[CODE].broken_at) == (Break.ALTERED, target)
    assert found["zhigalovo"].how is None


@pytest.mark.parametrize(
    "column", ["row_ids = '{4}'", "last_row = 4", "row_changes = '{\"3\": {}}'"]
)
async def test_what_an_entry_tells_of_many_rows_cannot_be_altered_unseen(
    engine: AsyncEngine, owner: asyncpg.Connection, column: str
) -> None:
    await write(engine, 2)
    target = await owner.fetchval(
        "INSERT INTO api.audit_entries (municipality_id, entity, action, changes, at,"
        " row_ids, first_row, last_row, row_changes)"
        " SELECT id, 'x', 'create', '{}', now(), '{3}', 3, 3, '{\"3\": {\"n\": 1}}'"
        " FROM api.municipalities WHERE code = $1 RETURNING number",
        CODE,
    )
    await seal(engine)
    assert (await chains(engine))[CODE].how is None
    await owner.execute(
        f"UPDATE api.audit_entries SET {column} WHERE number = $1",  # noqa: S608 (a constant of the test)
        target,
    )
    found = (await chains(engine))[CODE]
    assert (found.how, found.broken_at) == (Break.ALTERED, target)


@pytest.mark.parametrize(
    "column",
    [
        "school_id = 7",
        "entity = 'other'",
        "entity_id = 7",
        "action = 'other'",
        "reason = 'other'",
        "actor_id = 7",
        "request_id = 'other'",
        "import_id = 7",
        "address = 'other'",
        "at = at + interval '1 microsecond'",
        (
            "entity_id = NULL, row_ids = '{3}', first_row = 3, last_row = 3,"
            " row_changes = '{}'"
        ),
    ],
)
async def test_no_column_can_be_altered_unseen(
    engine: AsyncEngine, owner: asyncpg.Connection, column: str
) -> None:
    await write(engine, 2)
    await seal(engine)
    target = (await numbers(owner))[-1]
    await owner.execute(
        f"UPDATE api.audit_entries SET {column} WHERE number = $1",  # noqa: S608 (a constant of the test)
        target,
    )
    found = (await chains(engine))[CODE]
    assert (found.how, found.broken_at) == (Break.ALTERED, target)


async def test_a_removed_entry_is_missed(
    engine: AsyncEngine, owner: asyncpg.Connection
) -> None:
    await write(engine, 5)
    await seal(engine)
    present = await numbers(owner)
    await owner.execute("DELETE FROM api.audit_entries WHERE number = $1", present[-3])
    found = (await chains(engine))[CODE]
    assert (found.how, found.broken_at) == (Break.MISSING_BEFORE, present[-2])


async def test_a_removed_end_and_a_removed_chain_are_missed(
    engine: AsyncEngine, owner: asyncpg.Connection
) -> None:
    await write(engine, 2)
    await seal(engine)
    last = (await numbers(owner))[-1]
    await owner.execute("DELETE FROM api.audit_entries WHERE number = $1", last)
    found = (await chains(engine))[CODE]
    assert (found.how, found.broken_at) == (Break.WRONG_END, last)
    await owner.execute("DELETE FROM api.audit_entries WHERE true")
    assert {chain.how for chain in (await chains(engine)).values()} == {Break.WRONG_END}
