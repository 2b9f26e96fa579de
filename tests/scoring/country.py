"""A few small municipalities that are as unlike as a country's, and their runs."""

from collections import defaultdict
from typing import Any

import asyncpg

from benches.support.country import populate
from benches.support.programmes import add_programmes
from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system

CODE = "few_low_results"
YEARS = (2019, 2020)
SAID = {"kind": "local", "source": "Приказ № 112"}
OWN = {
    "code": CODE,
    "title": {"ru": "Мало двоек и всё учтено", "en": "Few 2s, and all counted"},
    "condition": {
        "text": "results.low_share < 20 and resources.available > 1",
        "procedures": ["vpr"],
    },
    "minimum_n": 5,
    "missing": "exclude",
}
# What tells municipalities apart, each by its place in the list; $1 are their numbers.
DIFFERENCES = """
-- Evening there is still the day, and the academic year, before.
UPDATE api.municipalities SET time_zone = 'America/Los_Angeles'
WHERE id = ($1::bigint[])[2];
UPDATE api.sandbox_clock SET offset_seconds =
  extract(epoch FROM timestamptz '2021-09-01 02:00Z' - now())
WHERE $1::bigint[] IS NOT NULL;
DELETE FROM api.mentoring_agreements WHERE municipality_id = ($1::bigint[])[4];
DELETE FROM api.target_ranges WHERE municipality_id = ($1::bigint[])[4];
DELETE FROM api.target_indicators WHERE municipality_id = ($1::bigint[])[4];
DELETE FROM api.programmes WHERE municipality_id = ($1::bigint[])[4];
INSERT INTO api.target_indicators (municipality_id, programme_id, position, code,
  title, unit, direction, target_text)
SELECT municipality_id, id, 99, 'few_low_results', 'Мало двоек', 'percent', 'higher', ''
FROM api.programmes WHERE municipality_id = ANY ($1);
UPDATE api.schools s SET kind = 'branch', parent_id = s.id - 1
WHERE code = 's4' AND municipality_id = ANY ($1);
UPDATE api.schools SET closed_on = '2020-05-31'
WHERE code = 's6' AND municipality_id = ANY (($1::bigint[])[1:2]);
-- The mentor is of another municipality than the branch that it helps.
INSERT INTO api.mentoring_agreements (municipality_id, programme_id,
  mentor_municipality_id, mentor_school_id, mentee_municipality_id, mentee_school_id,
  problem, starts_on, ends_on, status, goals, registry_year, registry_number, version,
  created_by, created_at)
SELECT p.municipality_id, p.id, a.municipality_id, a.id, b.municipality_id, b.id,
  'Чтение', '2019-09-01', '2020-05-31', 'completed', '{}', 2019, 900, 1,
  (SELECT min(id) FROM api.users), now()
FROM api.programmes p, api.schools a, api.schools b
WHERE p.municipality_id = ($1::bigint[])[1] AND a.code = 's4' AND b.code = 's4'
  AND a.municipality_id = ($1::bigint[])[2] AND b.municipality_id = p.municipality_id;
INSERT INTO api.mentor_requests (municipality_id, school_id, provenance, position,
  subject, problem, urgency, asked_on)
SELECT municipality_id, id, 'local', 'Учителя', 'russian', E'Чтение,\n"связное"',
  'high', '2019-10-01'
FROM api.schools WHERE code IN ('s1', 's5') AND municipality_id = ANY ($1);
INSERT INTO api.mentor_offers (municipality_id, school_id, provenance, bank, position,
  subject, problem, capacity, valid_from, status)
SELECT municipality_id, id, 'local', 'district', 'Учителя', 'russian',
  E'чтение,\n"связное"', 1, '2019-10-01', 'open'
FROM api.schools WHERE code IN ('s2', 's3') AND municipality_id = ANY ($1);
INSERT INTO api.list_memberships (municipality_id, school_id, provenance, list_kind,
  year, act_body, act_number, act_on)
SELECT municipality_id, id, 'local', 'low_results', 2020, 'Управление', '112',
  '2020-09-01'
FROM api.schools WHERE code = 's5' AND municipality_id = ANY ($1);
-- A year of which nothing but passports is known.
UPDATE api.social_passports SET academic_year = 2021
WHERE academic_year = 2020 AND municipality_id = ($1::bigint[])[4]
"""
_SAME = {"id", "run_id", "computed_at", "input_snapshot", "input_event"}
# Where rows have no number of their own, their order says nothing.
CONTENTS = """
SELECT r.municipality_id, r.topic, r.year, to_jsonb(t) - $1::text[]
FROM scoring.current_runs r JOIN scoring.{table} t ON t.{own} = r.run_id
ORDER BY (to_jsonb(t) ->> 'id')::bigint, (to_jsonb(t) - $1::text[])::text
"""

Contents = dict[tuple[int, str, int], list[tuple[str, str]]]


async def add_country(
    url: str, api: Database, municipalities: int, schools_each: int
) -> list[int]:
    """Add municipalities, at least four, to a loaded sandbox; return their numbers."""
    country = await populate(url, municipalities, schools_each, YEARS)
    await add_programmes(url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in DIFFERENCES.split(";"):
            await connection.execute(statement, country.municipality_ids)
    finally:
        await connection.close()
    content = read_method(DEPLOY / "methods/programme-indicators.yaml")
    provenance = {**content["provenance"], f"indicators.{CODE}": SAID}
    own = {"code": "own-programme", "indicators": [OWN], "provenance": provenance}
    where = {"in_force": [{"from": 2000, "municipality": "country-1"}]}
    async with begin_as_system(api) as work:
        await load_method(work, content | own | where)
    return country.municipality_ids


async def runs_of(connection: asyncpg.Connection) -> dict[str, list[int]]:
    """Return the numbers of all runs by their topic."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in await connection.fetch("SELECT id, topic FROM scoring.runs ORDER BY id"):
        found[row["topic"]].append(row["id"])
    return dict(found)


async def contents(connection: asyncpg.Connection) -> Contents:
    """Return what every current run came to, and how it is described."""
    tables = await connection.fetch(
        "SELECT c.table_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = 'scoring' AND c.column_name = 'run_id'"
        " AND t.table_type = 'BASE TABLE' AND table_name <> 'current_runs' ORDER BY 1"
    )
    found: Contents = {}
    for table, own in [("runs", "id"), *((each[0], "run_id") for each in tables)]:
        rows = await connection.fetch(
            CONTENTS.format(table=table, own=own), sorted(_SAME)
        )
        for *key, row in rows:
            municipality_id, topic, year = key
            place: Any = (municipality_id, topic, year)
            found.setdefault(place, []).append((table, row))
    return found


async def forget(connection: asyncpg.Connection) -> None:
    """Delete all that was ever computed."""
    await connection.execute("TRUNCATE scoring.runs CASCADE")
