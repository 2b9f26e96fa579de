"""Programmes of a synthetic country, and the records that their indicators count."""

import asyncpg

from benches.support.country import YEARS

# Each municipality takes one of the shipped programmes, by turns.
PROGRAMMES = """
INSERT INTO api.programmes (municipality_id, code, title, goal, starts_on, ends_on,
  years, period_text, approved, expected_results, provenance, executors_text,
  document_hash)
SELECT m.id, 'country-' || m.id, p.title, p.goal, p.starts_on, p.ends_on, p.years,
  p.period_text, p.approved, p.expected_results, 'synthetic', p.executors_text, p.code
FROM api.municipalities m
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS turn FROM api.programmes) p
  ON p.turn = mod(m.id, (SELECT count(*) FROM api.programmes))
WHERE m.code LIKE 'country-%'
"""
INDICATORS = """
INSERT INTO api.target_indicators (municipality_id, programme_id, position, code,
  task_number, title, unit, direction, heading, target_text)
SELECT p.municipality_id, p.id, i.position, i.code, NULL, i.title, i.unit, i.direction,
  i.heading, i.target_text
FROM api.programmes p JOIN api.programmes shipped ON shipped.code = p.document_hash
JOIN api.target_indicators i ON i.programme_id = shipped.id
WHERE p.code LIKE 'country-%'
"""
RANGES = """
INSERT INTO api.target_ranges (municipality_id, indicator_id, year, low, high, text)
SELECT p.municipality_id, i.id, r.year, r.low, r.high, r.text
FROM api.programmes p JOIN api.programmes shipped ON shipped.code = p.document_hash
JOIN api.target_indicators i ON i.programme_id = p.id
JOIN api.target_indicators j ON j.programme_id = shipped.id AND j.code = i.code
JOIN api.target_ranges r ON r.indicator_id = j.id
WHERE p.code LIKE 'country-%'
"""
SCHOOLS = """
FROM (SELECT s.*, row_number() OVER (PARTITION BY municipality_id ORDER BY s.id) AS turn
  FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id
  WHERE m.code LIKE 'country-%') AS s
"""
DRAWN = "mod(abs(hashint8(s.id * 31 + year * 7)), {most})"
YEAR = f"unnest(ARRAY[{', '.join(map(str, YEARS))}]) AS year"
RECORDS = (
    f"""
    INSERT INTO api.swot_entries (municipality_id, school_id, provenance, calendar_year,
      quadrant, position, text)
    SELECT municipality_id, s.id, 'synthetic', year, 'strengths', 1, 'Команда'
    {SCHOOLS}, {YEAR} WHERE {DRAWN.format(most=3)} > 0
    """,
    f"""
    INSERT INTO api.satisfaction_surveys (municipality_id, school_id, provenance,
      calendar_year, question, respondents, satisfied)
    SELECT municipality_id, s.id, 'synthetic', year, question, 40,
      20 + {DRAWN.format(most=20)}
    {SCHOOLS}, {YEAR}, unnest(ARRAY['municipal_management', 'information_and_methods',
      'educational_results']) AS question
    """,
    """
    INSERT INTO api.msoko_groups (municipality_id, provenance, code, title)
    SELECT m.id, 'synthetic', number, 'Группа ' || number
    FROM api.municipalities m, unnest(ARRAY['1.1', '1.2', '1.3', '1.4', '2.2', '2.3',
      '2.4', '2.5', '3.1']) AS number
    WHERE m.code LIKE 'country-%'
    """,
    f"""
    INSERT INTO api.msoko_scores (municipality_id, school_id, provenance, academic_year,
      group_id, score, maximum)
    SELECT s.municipality_id, s.id, 'synthetic', year, g.id,
      mod(abs(hashint8(s.id * 13 + g.id + year)), 10), 10
    {SCHOOLS} JOIN api.msoko_groups g USING (municipality_id), {YEAR}
    """,
    f"""
    INSERT INTO api.resource_items (municipality_id, school_id, provenance, kind,
      title, year, state, quantity)
    SELECT municipality_id, s.id, 'synthetic', 'material', 'Кабинет ' || number, year,
      CASE {DRAWN.format(most=2)} WHEN 0 THEN 'available' ELSE 'lacking' END, number
    {SCHOOLS}, {YEAR}, generate_series(1, 4) AS number
    """,
    f"""
    INSERT INTO api.internal_controls (municipality_id, school_id, provenance, held_on,
      topic, plan_corrected_on)
    SELECT municipality_id, s.id, 'synthetic', make_date(year, 11, 10), 'Оценивание',
      CASE {DRAWN.format(most=2)} WHEN 0 THEN make_date(year, 12, 1) END
    {SCHOOLS}, {YEAR}
    """,
    f"""
    INSERT INTO api.mentoring_agreements (municipality_id, programme_id,
      mentor_municipality_id, mentor_school_id, mentee_municipality_id,
      mentee_school_id, problem, starts_on, ends_on, status, goals, registry_year,
      registry_number, version, created_by, created_at)
    SELECT s.municipality_id, p.id, s.municipality_id, s.id, s.municipality_id,
      s.id + 1, 'Математика', '2020-09-01', '2021-05-31', 'active', '{{Рост}}', 2020,
      s.turn, 1, (SELECT min(id) FROM api.users), now()
    {SCHOOLS} JOIN api.programmes p USING (municipality_id) WHERE mod(s.turn, 6) = 1
    """,  # noqa: S608 (made of the parts above)
    f"""
    INSERT INTO api.school_distances (municipality_id, school_id, provenance,
      other_school_id, km, minutes, same_bus_network)
    SELECT s.municipality_id, s.id, 'synthetic', o.id,
      5 + mod(abs(hashint8(s.id * o.id)), 60), NULL, mod(s.id + o.id, 2) = 0
    {SCHOOLS} JOIN api.schools o
      ON o.municipality_id = s.municipality_id AND o.id > s.id
    """,
)
EVENTS = """
INSERT INTO api.outbox (kind, municipality_id, payload, created_at)
SELECT 'programme.changed', id, '{}', now() FROM api.municipalities
WHERE code LIKE 'country-%'
"""


async def add_programmes(database_url: str) -> None:
    """Give each municipality of the country a programme, and each school records."""
    connection = await asyncpg.connect(database_url)
    try:
        # As a restored backup arrives: nobody is told of each of its rows.
        await connection.execute("SET session_replication_role = replica")
        for statement in (PROGRAMMES, INDICATORS, RANGES, *RECORDS, EVENTS):
            await connection.execute(statement)
        await connection.execute("SET session_replication_role = origin")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
