"""How soon a new result stands in the ranking of a district, and what waiting costs.

One result after the other is posted to a district of 60 schools. The clock runs from
the answer 201 to the first answer with a newer ranking, which is asked for again and
again every hundredth of a second, as who watches a ranking does at the most; so a
figure holds the time of up to one such request and of one such pause.
"""

import asyncio
import itertools
import statistics
import time

import asyncpg
import httpx
import psutil

from benches.support.bench import Bench, Measure
from tests.support.posting import Body, bodies

SCHOOLS = 60
POSTS = 60
YEAR = 2019
POLL_SECONDS = 0.01
IDLE_SECONDS = 20.0
# By then what follows from the last result is computed, and old runs are removed.
SETTLE_SECONDS = 25.0
PATIENCE_SECONDS = 30.0
MEDIAN_SECONDS, TAIL_SECONDS = 0.2, 0.5
IDLE_PER_CENT = 1.0

ADD_SCHOOLS = """
INSERT INTO api.schools (municipality_id, code, name, kind, mentor_capacity, synthetic,
  provenance)
SELECT m.id, 'bench-' || number, 'Школа ' || number, 'secondary', 2, true, 'synthetic'
FROM api.municipalities m, generate_series(1, $1::int) AS number
WHERE m.code = 'uzhur'
"""
# As many as a school writes in a year, in this one and in the three before it.
ADD_RESULTS = """
INSERT INTO api.assessment_results (municipality_id, school_id, procedure, subject,
  programme_grade, pupil_grade, academic_year, wave, n, n2, n3, n4, n5, n_absent,
  n_ungraded, counts_rebuilt, synthetic, version, created_at, updated_at)
SELECT s.municipality_id, s.id, 'vpr', subject, grade, grade, year, 100, 20,
  1 + s.id % 3, 8 - s.id % 3, 6, 5, 0, 0, false, true, 1, now(), now()
FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id,
  unnest(ARRAY['russian', 'mathematics', 'biology', 'history', 'geography']) AS subject,
  generate_series(4, 9) AS grade, generate_series($1 - 3, $1::int) AS year
WHERE m.code = 'uzhur'
"""


async def run(bench: Bench) -> list[Measure]:
    """Measure the wait for a ranking, and what an idle worker takes of a core."""
    school_ids = await _prepare(bench.database_url)
    with bench.serving_api() as api, bench.running_scoring() as worker:
        headers = {"Authorization": f"Bearer {api.token('uzhur')}"}
        async with httpx.AsyncClient(
            base_url=api.address, headers=headers, trust_env=False
        ) as client:
            await _next_ranking(client, after=0)
            fresh = (body for body in bodies(school_ids, YEAR) if body["wave"] > 1)
            waits = [
                await _wait_for(client, body) for body in itertools.islice(fresh, POSTS)
            ]
        idle = await _idle_share(worker)
    tail = statistics.quantiles(waits, n=20)[-1]
    name = f"a new result in the ranking of {SCHOOLS} schools"
    return [
        Measure(f"{name}: median", statistics.median(waits), "s", None, MEDIAN_SECONDS),
        Measure(f"{name}: 95 of 100", tail, "s", None, TAIL_SECONDS),
        Measure("an idle scoring worker", idle, "% of a core", None, IDLE_PER_CENT),
    ]


async def _prepare(database_url: str) -> list[int]:
    """Make a district of so many schools and return them."""
    connection = await asyncpg.connect(database_url)
    try:
        present = await connection.fetchval(
            "SELECT count(*) FROM api.schools s JOIN api.municipalities m"
            " ON m.id = s.municipality_id WHERE m.code = 'uzhur'"
        )
        await connection.execute(ADD_SCHOOLS, SCHOOLS - present)
        await connection.execute(ADD_RESULTS, YEAR)
        await connection.execute("VACUUM ANALYZE")
        schools = await connection.fetch(
            "SELECT s.id FROM api.schools s JOIN api.municipalities m"
            " ON m.id = s.municipality_id WHERE m.code = 'uzhur' ORDER BY s.id"
        )
    finally:
        await connection.close()
    return [row["id"] for row in schools]


async def _wait_for(client: httpx.AsyncClient, body: Body) -> float:
    """Post a result; return the seconds from its answer to the newer ranking."""
    before = await _run_id(client)
    answer = await client.post("/v1/results", json=body)
    answered = time.perf_counter()
    answer.raise_for_status()
    await _next_ranking(client, after=before)
    return time.perf_counter() - answered


async def _next_ranking(client: httpx.AsyncClient, *, after: int) -> None:
    """Ask until there is a ranking newer than the run `after` that misses nothing."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _run_id(client) <= after:  # noqa: ASYNC110 (a ranking tells nobody)
            await asyncio.sleep(POLL_SECONDS)


async def _run_id(client: httpx.AsyncClient) -> int:
    """Return the number of the current run, or 0 while there is none up to date."""
    answer = await client.get("/v1/rankings", params={"academic_year": YEAR})
    if answer.status_code == httpx.codes.NOT_FOUND:
        return 0
    ranking = answer.raise_for_status().json()
    return 0 if ranking["is_stale"] else int(ranking["run_id"])


async def _idle_share(pid: int) -> float:
    """Return what a process takes of a core, in %, while there is nothing to do."""
    process = psutil.Process(pid)
    await asyncio.sleep(SETTLE_SECONDS)
    before = sum(process.cpu_times()[:2])
    await asyncio.sleep(IDLE_SECONDS)
    return 100 * (sum(process.cpu_times()[:2]) - before) / IDLE_SECONDS
