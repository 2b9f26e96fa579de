"""Shares that were written one by one become a school's passport, and back."""

import asyncio

import asyncpg
from alembic import command

from tests.migrations.test_migrations import config_for
from tests.support.databases import execute

BEFORE, AFTER = "20261122_social_passports-1", "20261122_social_passports"
PLACE = """
    WITH region AS (
      INSERT INTO api.regions (code, name) VALUES ('r', 'Край') RETURNING id
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
    INSERT INTO api.social_shares (municipality_id, school_id, year, indicator,
      percent, numerator, localities, provenance)
    SELECT municipality_id, id, year, indicator, percent, numerator, localities,
      'document'
    FROM school, (VALUES (2019, 2, 38, 42, 2), (2019, 4, 71, 79, NULL),
      (2020, 16, 11, NULL, NULL))
      AS share (year, indicator, percent, numerator, localities)
"""
SHARES = """
    SELECT year, indicator, percent, numerator, localities FROM api.social_shares
    ORDER BY year, indicator
"""
PASSPORTS = """
    SELECT academic_year, bussed_percent, bussed_count, bussed_localities,
      low_income_percent, low_income_count, special_needs_percent, provenance
    FROM api.social_passports ORDER BY academic_year
"""


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def test_no_share_is_lost_either_way(empty_database_url: str) -> None:
    config = config_for(empty_database_url)
    await asyncio.to_thread(command.downgrade, config, BEFORE)
    await execute(empty_database_url, PLACE)
    before = await rows(empty_database_url, SHARES)
    await asyncio.to_thread(command.upgrade, config, AFTER)
    assert await rows(empty_database_url, PASSPORTS) == [
        (2019, 38, 42, 2, 71, 79, None, "document"),
        (2020, None, None, None, None, None, 11, "document"),
    ]
    await asyncio.to_thread(command.downgrade, config, BEFORE)
    assert await rows(empty_database_url, SHARES) == before
