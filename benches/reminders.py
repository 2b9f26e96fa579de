"""What a country's reminders of a day take to plan, in time and memory.

The subject is the round of the notifier's planner, one municipality after the other in
a process of its own. Every school owes sixty things over a year, of which the half lies
behind and one in ten of those was missed. The first day plans all that stands, as after
an installation or a long downtime; the second is a day like any other.
"""

import asyncio
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from benches.support.bench import ROOT, Bench, Measure

MUNICIPALITIES, SCHOOLS_EACH, DEADLINES_EACH = 800, 50, 60
MOST_SECONDS, MOST_GB = 60.0, 1.0
PATIENCE_SECONDS = 900.0
TODAY = datetime(2021, 3, 2, 9, tzinfo=ZoneInfo("Asia/Krasnoyarsk"))  # a Tuesday

PLACES = """
INSERT INTO api.municipalities (region_id, code, name, time_zone, synthetic,
  provenance, remarks)
SELECT (SELECT min(id) FROM api.regions), 'bench-' || number, 'Район ' || number,
  'Asia/Krasnoyarsk', true, 'synthetic', '{}'
FROM generate_series(1, $1::int) AS number
"""
SCHOOLS = """
INSERT INTO api.schools (municipality_id, code, name, kind, mentor_capacity, synthetic,
  provenance)
SELECT m.id, 's' || number, 'Школа ' || number, 'secondary', 2, true, 'synthetic'
FROM api.municipalities m, generate_series(1, $1::int) AS number
WHERE m.code LIKE 'bench-%'
"""
ACCOUNTS = """
INSERT INTO api.users (login, password_hash, role, municipality_id, school_id,
  display_name, email, language, is_active, created_at)
SELECT 'bench-' || s.id, 'none', 'school_editor', s.municipality_id, s.id, 'Школа',
  'school' || s.id || '@example.org', 'ru', true, now()
FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id
WHERE m.code LIKE 'bench-%'
UNION ALL
SELECT 'office-' || m.id, 'none', 'municipal_coordinator', m.id, NULL, 'Управление',
  'office' || m.id || '@example.org', 'ru', true, now()
FROM api.municipalities m WHERE m.code LIKE 'bench-%'
"""
# Sixty days of a year for each school, each school's a little apart from another's.
DEADLINES = """
INSERT INTO api.deadlines (municipality_id, kind, measure_id, school_id, occurrence,
  starts_on, nominal_due_on, due_on, state, created_at, changed_at)
SELECT municipality_id, 'measure', (SELECT min(id) FROM api.measures), id, number,
  due_on, due_on, due_on,
  CASE WHEN due_on < $2::date AND mod(id + number, 10) > 0 THEN 'done' ELSE 'open' END,
  now(), now()
FROM (
  SELECT s.id, s.municipality_id, number,
    $2::date - 182 + (number * 6) + mod(s.id, 6)::int AS due_on
  FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id,
    generate_series(1, $1::int) AS number
  WHERE m.code LIKE 'bench-%'
) AS owed
"""
CLOCK = """
INSERT INTO api.sandbox_clock (id, offset_seconds, moved_at)
VALUES (1, extract(epoch FROM $1::timestamptz - clock_timestamp()), $1)
ON CONFLICT (id) DO UPDATE SET offset_seconds = excluded.offset_seconds
"""


async def run(bench: Bench) -> list[Measure]:
    """Measure the planning of two days."""
    connection = await asyncpg.connect(bench.database_url)
    try:
        await connection.execute(PLACES, MUNICIPALITIES)
        await connection.execute(SCHOOLS, SCHOOLS_EACH)
        await connection.execute(ACCOUNTS)
        await connection.execute(DEADLINES, DEADLINES_EACH, TODAY.date())
        await connection.execute("VACUUM ANALYZE")
        await connection.execute(CLOCK, TODAY)
        first = await _plan(bench)
        await connection.execute(CLOCK, TODAY + timedelta(days=1))
        second = await _plan(bench)
    finally:
        await connection.close()
    schools = MUNICIPALITIES * SCHOOLS_EACH
    name = f"{schools:,} schools, {schools * DEADLINES_EACH:,} deadlines"
    peak = max(first["peak_gb"], second["peak_gb"])
    return [
        Measure(f"{name}: the first day", first["seconds"], "s", None, MOST_SECONDS),
        Measure(f"{name}: reminders of the first day", first["reminders"], "rows"),
        Measure(f"{name}: the next day", second["seconds"], "s", None, MOST_SECONDS),
        Measure(f"{name}: reminders of the next day", second["reminders"], "rows", 1),
        Measure(f"{name}: peak memory", 1024 * peak, "MB", None, 1024 * MOST_GB),
    ]


async def _plan(bench: Bench) -> dict[str, float]:
    """Plan in a process of its own."""
    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "benches.support.planning"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": bench.database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    took: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    if not took["reminders"]:
        raise RuntimeError("Nothing was planned.")
    return took
