"""What a run came to is of that run, whoever writes or removes, and how many rows."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

RUN = """
INSERT INTO scoring.runs (municipality_id, topic, year, methods, input_snapshot,
  input_event, results_count, schools_count, synthetic, computed_at)
SELECT id, 'results', 2020, '[]', pg_current_snapshot()::text, 0, 0, 0, true, now()
FROM api.municipalities ORDER BY id LIMIT 1 RETURNING id
"""
# A row of the school for each of the runs.
SCORES = """
INSERT INTO scoring.school_scores (run_id, municipality_id, school_id, level, code,
  position, ranked, dynamics)
SELECT run_id, municipality_id, id, 'composite', 'all', 1, 1, 'unknown'
FROM (SELECT * FROM api.schools ORDER BY id LIMIT 1) AS school,
  unnest($1::bigint[]) AS run_id
"""
FIGURES = """
INSERT INTO scoring.figures (run_id, municipality_id, n_marked, n_graded, n_low_of,
  n_compared)
SELECT unnest($1::bigint[]), min(id), 0, 0, 0, 0 FROM api.municipalities
"""


@pytest_asyncio.fixture
async def owner(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection of the owner of all tables."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("insert", [SCORES, FIGURES])
async def test_rows_of_no_run_are_refused_among_others(
    owner: asyncpg.Connection, insert: str
) -> None:
    run_id = await owner.fetchval(RUN)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="is of no run"):
        await owner.execute(insert, [run_id, run_id + 1])

    assert await owner.execute(insert, [run_id]) == "INSERT 0 1"


async def test_rows_do_not_move_to_no_run(owner: asyncpg.Connection) -> None:
    run_id = await owner.fetchval(RUN)
    await owner.execute(FIGURES, [run_id])

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="is of no run"):
        await owner.execute(
            "UPDATE scoring.figures SET run_id = -1 WHERE run_id = $1", run_id
        )


@pytest.mark.parametrize("insert", [SCORES, FIGURES])
async def test_a_run_with_rows_stays(owner: asyncpg.Connection, insert: str) -> None:
    run_id = await owner.fetchval(RUN)
    empty = await owner.fetchval(RUN)
    await owner.execute(insert, [run_id])

    remove = "DELETE FROM scoring.runs WHERE id = ANY($1::bigint[])"
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="that has rows"):
        await owner.execute(remove, [run_id, empty])

    assert await owner.execute(remove, [empty]) == "DELETE 1"
