"""What results and lines of files name exists, whoever writes or removes, and when."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

COLUMNS = (
    "municipality_id, school_id, procedure, subject, programme_grade, pupil_grade,"
    " academic_year, wave, n, n_absent, n_ungraded, counts_rebuilt, synthetic,"
    " import_id, version, created_at, updated_at"
)
# A copy of a result, in a later wave, that names something else in one column.
COPY = (
    "INSERT INTO api.assessment_results ({columns}) SELECT {values}"
    " FROM api.assessment_results ORDER BY id LIMIT 3"
)
UNKNOWN = {
    "school_id": "-1",
    "procedure": "'nothing'",
    "subject": "'nothing'",
    "synthetic": "NOT synthetic",
    "import_id": "-1",
}
SCHOOL = """
INSERT INTO api.schools (municipality_id, code, name, kind, locality, mentor_capacity,
  synthetic, provenance)
SELECT municipality_id, 'new', 'МБОУ «Новая школа»', kind, locality, 0, synthetic,
  'local'
FROM api.schools ORDER BY id LIMIT 1 RETURNING id, municipality_id
"""
RESULT = COPY.replace(" LIMIT 3", " LIMIT 1")


@pytest_asyncio.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of the owner of all tables."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def other(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield another one."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def copy_with(statement: str = COPY, **values: str) -> str:
    given = {"wave": "wave + 5", "import_id": "NULL"} | values
    listed = ", ".join(given.get(name, name) for name in COLUMNS.split(", "))
    return statement.format(columns=COLUMNS, values=listed)


async def new_school(owner: asyncpg.Connection) -> Any:
    return await owner.fetchrow(SCHOOL)


def of_school(school: Any) -> str:
    return copy_with(
        RESULT,
        school_id=str(school["id"]),
        municipality_id=str(school["municipality_id"]),
    )


async def test_results_that_name_what_there_is_are_written(
    owner: asyncpg.Connection,
) -> None:
    assert await owner.execute(copy_with()) == "INSERT 0 3"


@pytest.mark.parametrize("column", UNKNOWN)
async def test_a_result_that_names_what_there_is_not_is_refused(
    owner: asyncpg.Connection, column: str
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fk_assessment_results"):
        await owner.execute(copy_with(**{column: UNKNOWN[column]}))


@pytest.mark.parametrize("column", UNKNOWN)
async def test_a_result_is_not_changed_to_name_what_there_is_not(
    owner: asyncpg.Connection, column: str
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fk_assessment_results"):
        await owner.execute(
            f"UPDATE api.assessment_results SET {column} = {UNKNOWN[column]}"  # noqa: S608 (constants of the test)
            " WHERE id = (SELECT min(id) FROM api.assessment_results)"
        )


async def test_a_school_of_another_municipality_is_not_one_of_this(
    owner: asyncpg.Connection,
) -> None:
    foreign = (
        "(SELECT s.id FROM api.schools s WHERE s.municipality_id <>"
        " assessment_results.municipality_id LIMIT 1)"
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="results_school"):
        await owner.execute(copy_with(school_id=foreign))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM api.procedures",
        "DELETE FROM api.subjects",
        "UPDATE api.procedures SET code = code || '2'",
        "UPDATE api.subjects SET code = code || '2'",
        "TRUNCATE api.imports CASCADE",
    ],
)
async def test_what_results_name_is_neither_removed_nor_renamed(
    owner: asyncpg.Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await owner.execute(statement)


async def test_a_school_with_results_is_not_removed(owner: asyncpg.Connection) -> None:
    school = await new_school(owner)
    await owner.execute(of_school(school))
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="results_school"):
        await owner.execute("DELETE FROM api.schools WHERE id = $1", school["id"])
    await owner.execute(
        "DELETE FROM api.assessment_results WHERE school_id = $1", school["id"]
    )
    await owner.execute("DELETE FROM api.schools WHERE id = $1", school["id"])


async def test_a_school_is_not_removed_by_who_cannot_see_what_was_just_written(
    owner: asyncpg.Connection,
) -> None:
    school = await new_school(owner)
    with pytest.raises(asyncpg.FeatureNotSupportedError):
        async with owner.transaction(isolation="repeatable_read"):
            await owner.execute("DELETE FROM api.schools WHERE id = $1", school["id"])


async def test_lines_are_of_a_file_of_their_municipality(
    owner: asyncpg.Connection,
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="fk_import_lines"):
        await owner.execute(
            "INSERT INTO api.import_lines (municipality_id, import_id, sheet, row,"
            " action, faults) SELECT id, 77, 'x', 1, 'bad', '[]'"
            " FROM api.municipalities"
        )


async def test_a_result_waits_for_the_removal_of_its_school_and_is_refused(
    owner: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    school = await new_school(owner)
    removal = owner.transaction()
    await removal.start()
    await owner.execute("DELETE FROM api.schools WHERE id = $1", school["id"])
    writing = asyncio.create_task(other.execute(of_school(school)))
    await _waits(owner, writing)
    await removal.commit()
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="results_school"):
        await writing


async def test_a_removal_waits_for_the_result_of_its_school_and_is_refused(
    owner: asyncpg.Connection, other: asyncpg.Connection
) -> None:
    school = await new_school(owner)
    writing = owner.transaction()
    await writing.start()
    await owner.execute(of_school(school))
    removal = asyncio.create_task(
        other.execute("DELETE FROM api.schools WHERE id = $1", school["id"])
    )
    await _waits(owner, removal)
    await writing.commit()
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="results_school"):
        await removal


async def _waits(connection: asyncpg.Connection, task: asyncio.Task[Any]) -> None:
    """Return once the task's statement waits for a lock."""
    async with asyncio.timeout(20):
        while not await connection.fetchval(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        ):
            assert not task.done()
            await asyncio.sleep(0.02)
