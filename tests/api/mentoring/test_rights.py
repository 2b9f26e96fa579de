"""What the mentor school reads of the mentee, on which days, and who else does not."""

from typing import Any

import httpx
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.work import begin, begin_as_system
from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, THIRD, URL, draft, go
from tests.api.mentoring.test_visibility import enter_as
from tests.support.api import ClientAs

# The lists by which each dataset is read; ``None`` is open to no mentor.
LISTS = {
    "/v1/results": "results",
    "/v1/staff-profiles": "staff",
    "/v1/objectivity-signs": "objectivity_signs",
    "/v1/list-memberships": "list_memberships",
    "/v1/resource-items": "resources",
    "/v1/deadlines": None,
}
SHARED = ["objectivity_signs", "results"]
FIRST, LAST = "2020-09-20", "2020-10-05"


async def seen(client: httpx.AsyncClient, school_id: int) -> dict[str, int]:
    """Return how many rows of a school each list shows to the client."""
    found = {}
    for path in LISTS:
        answer = await client.get(path, params={"limit": 500})
        assert answer.status_code == 200, answer.text
        rows = answer.json()["items"]
        found[path] = sum(row.get("school_id") == school_id for row in rows)
    return found


async def set_clock(admin: httpx.AsyncClient, local: str) -> None:
    answer = await admin.put("/v1/clock", json={"now": f"{local}+07:00"})
    assert answer.status_code == 200, answer.text


async def shared_draft(
    client: httpx.AsyncClient, places: Places, **changes: Any
) -> int:
    content = {"starts_on": FIRST, "ends_on": LAST, "shared_datasets": SHARED}
    drafted = await draft(client, places, **{**content, **changes})
    assert set(drafted["shared_datasets"]) == set(
        changes.get("shared_datasets", SHARED)
    )
    number: int = drafted["id"]
    return number


async def test_a_mentor_reads_what_was_agreed_from_the_first_day_to_the_last(
    client_as: ClientAs, places: Places
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    mentor, third = await client_as(MENTOR), await client_as(THIRD)
    school = places.schools[MENTEE]
    everything = await seen(office, school)
    agreed = {
        path: number if LISTS[path] in SHARED else 0
        for path, number in everything.items()
    }
    nothing = dict.fromkeys(LISTS, 0)
    assert everything["/v1/results"]
    assert everything["/v1/objectivity-signs"]
    assert everything["/v1/staff-profiles"]
    number = await shared_draft(admin, places)
    await go(admin, number, "propose", "sign")
    await set_clock(admin, "2020-09-19T23:59:30")
    assert await seen(mentor, school) == nothing
    await set_clock(admin, "2020-09-20T00:00:00")
    assert await seen(mentor, school) == nothing
    await go(admin, number, "activate")
    assert await seen(mentor, school) == agreed
    assert await seen(third, school) == nothing
    await set_clock(admin, "2020-10-05T23:59:00")
    assert await seen(mentor, school) == agreed
    await set_clock(admin, "2020-10-06T00:00:00")
    assert (await mentor.get(f"{URL}/{number}")).json()["status"] == "active"
    assert await seen(mentor, school) == nothing


async def test_a_suspended_or_ended_agreement_opens_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    school = places.schools[MENTEE]
    number = await shared_draft(office, places, starts_on="2020-09-16")
    await go(office, number, "propose", "sign", "activate")
    rows = (await seen(mentor, school))["/v1/results"]
    assert rows
    for action, expected in (("suspend", 0), ("resume", rows), ("terminate", 0)):
        await go(office, number, action)
        assert (await seen(mentor, school))["/v1/results"] == expected, action


async def test_what_is_read_is_neither_written_nor_returned(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    mentor, mentee = await client_as(MENTOR), await client_as(MENTEE)
    number = await shared_draft(office, places, starts_on="2020-09-16")
    await go(office, number, "propose", "sign", "activate")
    school = places.schools[MENTEE]
    rows = (await mentor.get("/v1/results", params={"school_id": school})).json()
    result = rows["items"][0]
    counts = {name: result[name] for name in ("n2", "n3", "n4", "n5")}
    answer = await mentor.put(f"/v1/results/{result['id']}", json=counts)
    assert answer.status_code == 404, answer.text
    key = ("procedure", "subject", "programme_grade", "pupil_grade", "academic_year")
    body = {"school_id": school, **{name: result[name] for name in key}, **counts}
    answer = await mentor.post("/v1/results", json={**body, "written_on": None})
    assert answer.status_code in {404, 422}, answer.text
    assert set((await seen(mentee, places.schools[MENTOR])).values()) == {0}


async def test_indicators_and_places_are_open_where_it_was_agreed(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    await compute_all(database_url)
    school = places.schools[MENTEE]

    async def shown() -> tuple[bool, bool]:
        values = await mentor.get("/v1/indicators", params={"limit": 500})
        ranking = await mentor.get("/v1/rankings")
        assert {values.status_code, ranking.status_code} == {200}, values.text
        return (
            school in {value["school_id"] for value in values.json()["values"]},
            f'"school_id":{school},' in ranking.text,
        )

    first = await shared_draft(office, places, starts_on="2020-09-16")
    await go(office, first, "propose", "sign", "activate")
    assert await shown() == (False, False)
    second = await shared_draft(
        office,
        places,
        starts_on="2020-09-16",
        problem="Чтение",
        shared_datasets=["indicators"],
    )
    await go(office, second, "propose", "sign", "activate")
    assert await shown() == (True, True)


async def test_the_period_is_kept_by_the_database_itself(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    number = await shared_draft(office, places, starts_on="2020-09-16")
    await go(office, number, "propose", "sign", "activate")
    async with begin_as_system(engine) as work:
        await work.session.execute(
            update(AgreementRow)
            .where(AgreementRow.id == number)
            .values(starts_on=AgreementRow.starts_on + 1)
        )
    assert set((await seen(mentor, places.schools[MENTEE])).values()) == {0}


TABLES = {
    "results": ["api.assessment_results"],
    "enrolment": ["api.enrolments"],
    "social_passport": ["api.social_passports"],
    "staff": ["api.staff_profiles", "api.staff_trainings", "api.vacancies"],
    "objectivity_signs": ["api.objectivity_signs"],
    "list_memberships": ["api.list_memberships"],
    "resources": ["api.resource_items"],
}


async def test_each_dataset_opens_its_own_tables(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    number = await shared_draft(office, places, starts_on="2020-09-16")
    await go(office, number, "propose", "sign", "activate")
    everything = [table for tables in TABLES.values() for table in tables]
    rows = {table: await count(engine, places, table) for table in everything}
    assert sum(map(bool, rows.values())) > 3
    for dataset, tables in TABLES.items():
        async with begin_as_system(engine) as work:
            await work.session.execute(
                update(AgreementRow).values(shared_datasets=[dataset])
            )
        seen_now = {
            table: await count(engine, places, table, login=MENTOR)
            for table in everything
        }
        assert seen_now == {
            table: number if table in tables else 0 for table, number in rows.items()
        }


async def count(
    engine: AsyncEngine, places: Places, table: str, *, login: str | None = None
) -> int:
    """Count the mentee's rows as the account sees them, or as the system does."""
    async with begin(engine) as work:
        if login is None:
            await work.enter_as_system("all")
        else:
            await enter_as(work, engine, login)
        number: int = await work.session.scalar(
            text(f"SELECT count(*) FROM {table} WHERE school_id = :school"),  # noqa: S608 (names of our own tables)
            {"school": places.schools[MENTEE]},
        )
        return number


async def test_only_known_datasets_are_shared_and_each_once(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    repeated = ["results", "staff", "results"]
    drafted = await draft(office, places, shared_datasets=repeated)
    assert drafted["shared_datasets"] == ["results", "staff"]
    for unknown in (["contacts"], ["results"] * 9):
        answer = await office.patch(
            f"{URL}/{drafted['id']}",
            json={"shared_datasets": unknown},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 422, answer.text
