"""A worker that computes a region together: what it tells, what its death leaves."""

from contextlib import AsyncExitStack

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import Topic
from tests.operations.collector import running_collector
from tests.scoring.country import add_country, runs_of
from tests.scoring.test_worker import NOBODY, stop, until, worker

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CAUSE = f"00-{TRACE}-00f067aa0ba902b7-01"
MUNICIPALITIES, YEARS = 20, 2
YEARLY = [topic for topic in Topic if topic is not Topic.PROGRAMME]
PARTS = len(YEARLY) * YEARS + 1
OF = (
    "SELECT count(*) FROM scoring.current_runs r JOIN api.municipalities m"
    " ON m.id = r.municipality_id WHERE m.code LIKE $1"
)
PATIENCE = 130.0  # a busy machine computes a country before this, too
RIVAL = """
WITH run AS (
  INSERT INTO scoring.runs (municipality_id, topic, year, input_snapshot, input_event,
    results_count, schools_count, synthetic, computed_at)
  SELECT id, 'matching', 2019, '1:1:', 0, 0, 0, true, now() FROM api.municipalities
  WHERE code = 'country-2' RETURNING id, municipality_id, topic, year, input_snapshot)
INSERT INTO scoring.current_runs (run_id, municipality_id, topic, year, input_snapshot)
SELECT * FROM run
"""
BLOCKED = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"


@pytest.mark.timeout(400)
async def test_what_a_killed_worker_had_computed_stays_and_the_rest_is_taken_up(
    database_url: str, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_country(database_url, engine, MUNICIPALITIES, schools_each=3)
    admin = await asyncpg.connect(database_url)
    await admin.execute("UPDATE api.outbox SET trace_parent = $1", CAUSE)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(worker(database_url, NOBODY))
        barrier = admin.transaction()
        await barrier.start()
        # Whoever computes this one and those with it has to wait with their last runs;
        # the first of all has a method of its own, and is computed apart.
        await admin.execute(RIVAL)

        async def is_halfway() -> bool:
            done = await admin.fetchval(OF, "country-1")
            return bool(done == PARTS and await admin.fetchval(BLOCKED))

        await until(is_halfway, PATIENCE)
        first.kill()
        await first.wait()
        await barrier.rollback()
        assert await admin.fetchval(OF, "country-%") == PARTS
        before = await runs_of(admin)
        collector = stack.enter_context(running_collector())
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        second = await stack.enter_async_context(worker(database_url, NOBODY))

        async def is_done() -> bool:
            # Of one municipality there are passports of a third year.
            done = await admin.fetchval(OF, "country-%")
            return bool(done == MUNICIPALITIES * PARTS + 1)

        await until(is_done, PATIENCE)
        assert await stop(second) == 0
    runs = await runs_of(admin)
    await admin.close()
    assert set(before) == {*Topic}
    for topic, numbers in before.items():
        assert runs[topic][: len(numbers)] == numbers
    together = [each for each in collector.spans if each.name.endswith(" together")]
    assert {each.name for each in together} == {
        f"compute {topic} together" for topic in Topic
    }
    told = [each.attributes for each in together]
    assert {each["podyom.topic"] for each in told} == {*Topic}
    years = {each["podyom.academic_year"] for each in told}
    assert years >= {"0", "2019", "2020", "2021"}
    # The other is the demonstration's, which is of the same region.
    assert max(int(each["podyom.municipalities"]) for each in told) == MUNICIPALITIES
    computed = sum(map(len, runs.values())) - sum(map(len, before.values()))
    assert sum(int(each["podyom.runs"]) for each in told) == computed
    assert TRACE in {each.trace_id for each in together}
    assert not [each for each in collector.spans if "podyom.run_id" in each.attributes]
