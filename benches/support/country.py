"""A country of synthetic schools, generated in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

YEARS = (2019, 2020, 2021)
SCHOOLS_EACH = 60

MUNICIPALITIES = """
INSERT INTO api.municipalities (region_id, code, name, time_zone, synthetic,
  provenance, remarks)
SELECT (SELECT min(id) FROM api.regions), 'country-' || number, 'Район ' || number,
  'Asia/Krasnoyarsk', true, 'synthetic', '{}'
FROM generate_series(1, $1::int) AS number
"""
SCHOOLS = """
INSERT INTO api.schools (municipality_id, code, name, kind, mentor_capacity, synthetic,
  provenance)
SELECT m.id, 's' || number, 'Школа ' || number, 'secondary', 2, true, 'synthetic'
FROM api.municipalities m, generate_series(1, $1::int) AS number
WHERE m.code LIKE 'country-%'
"""
# Sizes, marks and their trend differ by school and paper, without a generator's state.
RESULTS = """
INSERT INTO api.assessment_results (municipality_id, school_id, procedure, subject,
  programme_grade, pupil_grade, academic_year, wave, n, n2, n3, n4, n5, n_absent,
  n_ungraded, counts_rebuilt, synthetic, version, created_at, updated_at)
SELECT municipality_id, id, 'vpr', subject, grade, grade, $1, 1, n2 + n3 + n4 + n5,
  n2, n3, n4, n5, 0, 0, false, true, 1, now(), now()
FROM (
  SELECT s.id, s.municipality_id, subject, grade,
    mod(abs(hashint8(s.id * 31 + grade * 7 + $1)), 4) + mod(s.id, 3) AS n2,
    mod(abs(hashint8(s.id * 17 + grade * 5 + $1)), 9) AS n3,
    mod(abs(hashint8(s.id * 13 + grade * 3 + length(subject) + $1)), 8) AS n4,
    mod(abs(hashint8(s.id * 11 + grade + length(subject) * 9)), 5) + 1 AS n5
  FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id,
    unnest(ARRAY['russian', 'mathematics', 'biology', 'history', 'geography'])
      AS subject,
    generate_series(4, 9) AS grade
  WHERE m.code LIKE 'country-%'
) AS papers
"""


@dataclass(frozen=True, slots=True)
class Country:
    """How large it is; `municipality_ids` are in ascending order."""

    municipality_ids: list[int]
    schools: int
    results: int


async def populate(
    database_url: str,
    municipalities: int,
    schools_each: int = SCHOOLS_EACH,
    years: Sequence[int] = YEARS,
) -> Country:
    """Add so many municipalities with their schools, results and social passports."""
    connection = await asyncpg.connect(database_url)
    try:
        # As a restored backup arrives: nobody is told of each of its rows.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(MUNICIPALITIES, municipalities)
        await connection.execute(SCHOOLS, schools_each)
        for year in years:
            await connection.execute(RESULTS, year)
            await connection.execute(await _passports(connection), year)
        await connection.execute("VACUUM ANALYZE")
        ids = await connection.fetch(
            "SELECT id FROM api.municipalities WHERE code LIKE 'country-%' ORDER BY id"
        )
        results = await connection.fetchval(
            "SELECT count(*) FROM api.assessment_results"
            " WHERE municipality_id = ANY($1)",
            [row["id"] for row in ids],
        )
    finally:
        await connection.close()
    return Country([row["id"] for row in ids], municipalities * schools_each, results)


async def _passports(connection: asyncpg.Connection) -> str:
    """Return the statement that gives every school all 17 shares of a year."""
    names = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'api'"
        " AND table_name = 'social_passports' AND column_name LIKE '%\\_percent'"
        " ORDER BY column_name"
    )
    shares = [row["column_name"] for row in names]
    return f"""
    INSERT INTO api.social_passports (municipality_id, school_id, academic_year,
      provenance, {", ".join(shares)})
    SELECT s.municipality_id, s.id, $1, 'synthetic', {_figures(shares)}
    FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id
    WHERE m.code LIKE 'country-%'
    """  # noqa: S608 (made of the table's own columns)


def _figures(shares: list[str]) -> str:
    """Return expressions of shares that a passport may have together."""
    figures = []
    for number, share in enumerate(shares):
        drawn = f"mod(abs(hashint8(s.id * {number + 3} + $1)), 300) / 10.0"
        if share == "poor_housing_percent":
            good = shares.index("good_housing_percent")
            drawn = f"100 - mod(abs(hashint8(s.id * {good + 3} + $1)), 300) / 10.0"
        figures.append(drawn)
    return ", ".join(figures)
