"""Records that an older version wrote have their deadlines after the next loading."""

import asyncio

from alembic import command

from services.api.scheduling.catching_up import catch_up
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.migrations.test_migrations import config_for
from tests.migrations.test_social_passports import rows
from tests.support.databases import execute

BEFORE = "20261122_deadlines_of_every_kind-1"
RECORDS = """
    WITH region AS (
      INSERT INTO api.regions (code, name) VALUES ('24', 'Край') RETURNING id
    ), municipality AS (
      INSERT INTO api.municipalities (region_id, code, name, time_zone, synthetic,
        provenance, remarks)
      SELECT id, 'm', 'Район', 'Asia/Krasnoyarsk', false, 'document', '{}' FROM region
      RETURNING id
    ), school AS (
      INSERT INTO api.schools (municipality_id, code, name, kind, mentor_capacity,
        synthetic, provenance)
      SELECT id, 's', 'Школа', 'basic', 2, false, 'document' FROM municipality
      RETURNING id, municipality_id
    )
    INSERT INTO api.recommendations (municipality_id, school_id, title, text, grounds,
      issued_on, due_on, status, answer, answered_on, accepted_on, provenance)
    SELECT municipality_id, id, advice.title, 'Текст', 'Анализ', DATE '2020-09-01',
      advice.due_on, advice.status, advice.answer, advice.answered_on,
      advice.answered_on,
      'local'
    FROM school, (VALUES
      ('Чтение', DATE '2100-05-01', 'issued', NULL, NULL::date),
      ('Счёт', DATE '2020-10-01', 'accepted', 'Сделано', DATE '2020-09-20'))
      AS advice (title, due_on, status, answer, answered_on)
"""
DEADLINES = """
    SELECT title, nominal_due_on::text, state, done_on::text FROM api.deadlines
    WHERE kind = 'recommendation' ORDER BY id
"""
FOUND = [
    ("Ответить на рекомендацию: Счёт", "2020-10-01", "done", "2020-09-20"),
    ("Ответить на рекомендацию: Чтение", "2100-05-01", "open", None),
]


async def test_records_older_than_their_deadlines_get_them_once(
    empty_database_url: str,
) -> None:
    config = config_for(empty_database_url)
    await asyncio.to_thread(command.downgrade, config, BEFORE)
    await execute(empty_database_url, RECORDS)
    await asyncio.to_thread(command.upgrade, config, "head")
    assert await rows(empty_database_url, DEADLINES) == []
    engine = create_engine(empty_database_url, "api")
    try:
        for _ in range(2):
            async with begin_as_system(engine) as work:
                await catch_up(work)
            assert sorted(await rows(empty_database_url, DEADLINES), key=str) == FOUND
    finally:
        await engine.dispose()
    events = "SELECT count(*) FROM api.outbox WHERE kind = 'deadlines.changed'"
    assert await rows(empty_database_url, events) == [(1,)]
