"""Events are told once, however many rows, statements or processes they come of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest_asyncio
from sqlalchemy import text

from shared.persistence.domain_events import notice_missed
from shared.persistence.engine import Database, create_engine
from shared.persistence.feed import number_changes
from shared.persistence.work import begin_as_system
from tests.notifier.world import KRASNOYARSK, World, new_world
from tests.scoring.district import District, new_district

MANY = 100_000
COPY = (
    "INSERT INTO api.assessment_results (municipality_id, school_id, procedure,"
    " subject, programme_grade, pupil_grade, academic_year, wave, n, n_absent,"
    " n_ungraded, counts_rebuilt, synthetic, version, created_at, updated_at)"
    " SELECT s.municipality_id, s.id, 'vpr', 'mathematics', 5, 5, year, wave, 10, 0, 0,"
    " false, true, 1, now(), now() FROM api.schools s,"
    " generate_series(2018, 2019) year,"
    " generate_series(CAST(:first AS int), CAST(:last AS int)) wave"
)


@pytest_asyncio.fixture
async def district(empty_database_url: str) -> AsyncIterator[District]:
    """Yield a municipality without results."""
    async with new_district(empty_database_url) as district:
        yield district


async def events(database: Database, like: str) -> list[Any]:
    """Return the numbered events with such names, in their order."""
    async with begin_as_system(database) as work:
        await number_changes(work, MANY)
    async with begin_as_system(database) as work:
        found = await work.session.execute(
            text(
                "SELECT * FROM api.changes WHERE action = 'event' AND event LIKE :like"
                " ORDER BY number"
            ),
            {"like": like},
        )
        return list(found)


async def execute(database: Database, *statements: str, **given: Any) -> None:
    async with begin_as_system(database) as work:
        for statement in statements:
            named = {key: each for key, each in given.items() if f":{key}" in statement}
            await work.session.execute(text(statement), named)


async def test_a_transaction_tells_once_of_a_schools_year(district: District) -> None:
    for code in "abc":
        await district.add_school(code)
    before = len(await events(district.api, "result.changed"))
    await execute(
        district.api,
        COPY,
        "UPDATE api.assessment_results SET n = 11 WHERE wave <= 20",
        "DELETE FROM api.assessment_results WHERE wave > 990",
        first=1,
        last=1000,
    )
    told = (await events(district.api, "result.changed"))[before:]
    assert {(each.school_id, each.academic_year) for each in told} == {
        (school, year) for school in district.schools.values() for year in (2018, 2019)
    }
    assert len(told) == 6
    assert {*map(str, (each.payload for each in told))} == {
        str({"deleted": 10, "written": 1020})
    }
    assert {each.dataset for each in told} == {"results"}


async def test_what_changes_nothing_or_is_rolled_back_is_no_event(
    district: District,
) -> None:
    await district.add_school("a")
    await execute(district.api, COPY, first=1, last=2)
    before = len(await events(district.api, "%"))
    with suppress(ZeroDivisionError):
        async with begin_as_system(district.api) as work:
            await work.session.execute(text(COPY), {"first": 3, "last": 4})
            raise ZeroDivisionError
    await execute(district.api, "UPDATE api.assessment_results SET n = n")
    assert len(await events(district.api, "%")) == before


async def test_a_published_ranking_and_a_decided_status_are_told_of(
    district: District,
) -> None:
    school = await district.add_school("a")
    place = {"municipality": district.id, "school": school}
    await execute(
        district.api,
        "INSERT INTO api.ranking_publications (municipality_id, run_id, academic_year,"
        " rows_hash, status, objections_from, objections_until, drafted_at)"
        " SELECT id, 7, 2019, 'hash', 'draft', now(), now(), now()"
        " FROM api.municipalities WHERE id = :municipality",
        "UPDATE api.ranking_publications SET status = 'published',"
        " order_number = '1', order_on = '2020-09-01', published_at = now()",
        "INSERT INTO api.list_memberships (municipality_id, school_id, list_kind, year,"
        " act_body, provenance) SELECT municipality_id, id, 'low_results', 2019, 'x',"
        " 'local' FROM api.schools WHERE id = :school",
        "UPDATE api.list_memberships SET act_number = '7'",
        "UPDATE api.list_memberships SET valid_to = '2020-09-01',"
        " exclusion_body = 'x', exclusion_reason = 'x'",
        "DELETE FROM api.list_memberships",
        **place,
    )
    (published,) = await events(district.api, "ranking.%")
    assert (published.academic_year, published.payload["run_id"]) == (2019, 7)
    told = await events(district.api, "list_status.%")
    assert [each.payload["status"] for each in told] == [
        "listed",
        "excluded",
        "removed",
    ]
    assert {each.school_id for each in told} == {school}


@pytest_asyncio.fixture
async def world(empty_database_url: str) -> AsyncIterator[World]:
    """Yield a municipality in Krasnoyarsk's time zone."""
    async with new_world(empty_database_url) as world:
        yield world


@pytest_asyncio.fixture
async def database(world: World) -> AsyncIterator[Database]:
    """Yield connections to the world in the role of the api."""
    engine = create_engine(world.url, "api")
    yield engine
    await engine.dispose()


async def notice(database: Database) -> int:
    async with begin_as_system(database) as work:
        return await notice_missed(work, limit=MANY)


async def test_a_day_that_ends_with_a_deadline_owed_is_told_of_once(
    world: World, database: Database
) -> None:
    day = date(2020, 9, 18)
    school = await world.add_school()
    owed = await world.add_deadline(day, school)
    await world.add_deadline(day, school, state="submitted")
    # It is still the day in Krasnoyarsk, though no longer further east.
    await world.set_clock(datetime(2020, 9, 18, 23, 59, tzinfo=KRASNOYARSK))
    assert await notice(database) == 0
    # Midnight there is five in the afternoon by Greenwich.
    await world.set_clock(datetime(2020, 9, 19, tzinfo=KRASNOYARSK))
    found = await asyncio.gather(*(notice(database) for _ in range(4)))
    assert sum(found) == 1
    (missed,) = await events(database, "deadline.missed")
    assert (missed.row_id, missed.school_id) == (owed, school)
    assert missed.payload["due_on"] == "2020-09-18"
    assert await notice(database) == 0

    # Another day to meet it by is another one to miss.
    later = day + timedelta(days=7)
    await world.database.execute(
        "UPDATE api.deadlines SET due_on = $1 WHERE id = $2", later, owed
    )
    await world.set_clock(datetime(2020, 9, 26, 8, tzinfo=KRASNOYARSK))
    assert await notice(database) == 1
    days = [
        each.payload["due_on"] for each in await events(database, "deadline.missed")
    ]
    assert days == ["2020-09-18", "2020-09-25"]


async def test_a_deadline_is_opened_and_met_once_each(
    world: World, database: Database
) -> None:
    school = await world.add_school()
    owed = await world.add_deadline(date(2020, 9, 18), school)
    for state in ("submitted", "returned", "submitted"):
        await world.database.execute(
            "UPDATE api.deadlines SET state = $1 WHERE id = $2", state, owed
        )
    await world.database.execute(
        "UPDATE api.deadlines SET state = 'done', done_on = '2020-09-21' WHERE id = $1",
        owed,
    )
    opened, met = await events(database, "deadline.%")
    assert (opened.event, met.event) == ("deadline.opened", "deadline.met")
    assert met.payload["is_late"] is True
