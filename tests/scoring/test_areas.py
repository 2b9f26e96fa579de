"""Unlike municipalities computed together have what each has alone, in every topic."""

import json
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from services.scoring.jobs import Sweep
from services.scoring.usecases import Outcome, recalculate_municipality
from services.scoring.wide_usecases import recalculate_area
from shared.contracts.events import Topic
from shared.persistence.engine import create_engine
from tests.scoring.country import (
    CODE,
    Contents,
    add_country,
    contents,
    forget,
    runs_of,
)


def rows(found: Contents, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, whatever run they are of."""
    return [
        json.loads(row)
        for of_run in found.values()
        for name, row in of_run
        if name == table
    ]


async def test_every_topic_is_the_same_to_the_byte_together_and_alone(
    database_url: str, engine: AsyncEngine
) -> None:
    ids = await add_country(database_url, engine, municipalities=4, schools_each=7)
    scoring = create_engine(database_url, "scoring")
    connection = await asyncpg.connect(database_url)
    for each in ids:
        assert await recalculate_municipality(scoring, each) is Outcome.UP_TO_DATE
    alone = await contents(connection)
    await forget(connection)

    runs = await recalculate_area(scoring, ids)

    together = await contents(connection)
    assert together.keys() == alone.keys()
    for key, expected in alone.items():
        assert together[key] == expected, key
    assert runs == len(alone)
    assert await recalculate_area(scoring, ids) == 0
    for each in ids:
        assert await recalculate_municipality(scoring, each) is Outcome.UP_TO_DATE
    assert sum(map(len, (await runs_of(connection)).values())) == runs
    await connection.close()
    await scoring.dispose()
    said_of_programmes(together, ids)
    said_of_matching(together, ids)


def said_of_programmes(found: Contents, ids: list[int]) -> None:
    """Check that the municipalities were as unlike as they should be."""
    runs = [each for each in rows(found, "runs") if each["topic"] == Topic.PROGRAMME]
    assert {each["municipality_id"] for each in runs} == set(ids)
    assert {each["as_of"] for each in runs} == {"2021-08-31", "2021-09-01"}
    assert len({str(each["methods"]) for each in runs}) > 2
    values = rows(found, "programme_values")
    assert {each["municipality_id"] for each in values} == set(ids[:3])
    assert {each["status"] for each in values} > {"met", "no_data"}
    assert any(each["projection"] for each in values)
    assert any(each["growth"] for each in values)
    assert any(each["numerator"] for each in values if each["unprojected"] is None)
    own = [
        each
        for each in values
        if each["thresholds"] and "value" in each["thresholds"][0]
    ]
    codes = {each["thresholds"][0]["code"] for each in own}
    assert f"indicators.{CODE}" in codes


def said_of_matching(found: Contents, ids: list[int]) -> None:
    pairs = rows(found, "mentor_suggestions")
    assert {each["municipality_id"] for each in pairs} == set(ids)
    assert {each["is_chosen"] for each in pairs} == {True, False}
    excluded = [
        pair["reason"]
        for each in rows(found, "mentor_searches")
        for pair in each["excluded"]
    ]
    assert len(set(excluded)) > 2, set(excluded)


async def test_a_sweep_computes_all_together_and_nothing_one_by_one(
    database_url: str, engine: AsyncEngine
) -> None:
    await add_country(database_url, engine, municipalities=20, schools_each=3)
    scoring = create_engine(database_url, "scoring")
    connection = await asyncpg.connect(database_url)
    sweep = Sweep(scoring)

    await sweep.round()
    before = await runs_of(connection)
    await connection.execute(
        "INSERT INTO api.outbox (kind, municipality_id, payload, created_at)"
        " SELECT 'schools.changed', id, '{}', now() FROM api.municipalities"
    )
    await sweep.round()

    runs = await runs_of(connection)
    parts = await connection.fetch(
        "SELECT topic, year, count(*) AS runs, count(DISTINCT input_snapshot) AS times"
        " FROM scoring.runs JOIN api.municipalities m ON m.id = municipality_id"
        " WHERE m.code LIKE 'country-%' AND m.code <> 'country-1'"
        " GROUP BY topic, year"
    )
    await connection.close()
    await scoring.dispose()
    assert runs.keys() == {*Topic}
    assert {topic: len(each) for topic, each in runs.items()} == {
        topic: 2 * len(each) for topic, each in before.items()
    }
    # One snapshot, one transaction: all municipalities of a part at once.
    assert {each["times"] for each in parts} == {2}
    assert {each["runs"] for each in parts if each["topic"] == Topic.MATCHING} == {
        2 * 19
    }
    assert sweep.owed == {}
