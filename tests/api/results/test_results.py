"""Entering, correcting and listing results over HTTP."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import EventKind
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.support.api import ClientAs


async def school_id(engine: AsyncEngine, municipality: str, code: str) -> int:
    async with begin_as_system(engine) as work:
        return (
            await work.session.scalars(
                select(SchoolRow.id)
                .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
                .where(MunicipalityRow.code == municipality, SchoolRow.code == code)
            )
        ).one()


@pytest.fixture
async def ilinskaya(engine: AsyncEngine) -> int:
    return await school_id(engine, "uzhur", "ilinskaya")


@pytest.fixture
async def other_school(engine: AsyncEngine) -> int:
    return await school_id(engine, "uzhur", "uzhurskaya-1")


@pytest.fixture
async def other_district(engine: AsyncEngine) -> int:
    async with begin_as_system(engine) as work:
        return (
            await work.session.scalars(
                select(SchoolRow.id)
                .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
                .where(MunicipalityRow.code == "zhigalovo")
                .order_by(SchoolRow.id)
                .limit(1)
            )
        ).one()


def body(school: int, **changes: Any) -> dict[str, Any]:
    """Return a sound result that the demonstration does not hold."""
    return {
        "school_id": school,
        "procedure": "district_kim",
        "subject": "mathematics",
        "programme_grade": 5,
        "pupil_grade": 5,
        "academic_year": 2020,
        "n2": 3,
        "n3": 7,
        "n4": 10,
        "n5": 5,
    } | changes


async def snapshot(engine: AsyncEngine) -> tuple[set[tuple[int, int]], int]:
    """Return id and version of every result, and the number of the last event."""
    async with begin_as_system(engine) as work:
        results = await work.session.execute(
            select(AssessmentResultRow.id, AssessmentResultRow.version)
        )
        events = await work.session.scalars(select(OutboxRow.number))
        return {(row.id, row.version) for row in results}, max(events)


async def events_after(engine: AsyncEngine, number: int) -> list[OutboxRow]:
    async with begin_as_system(engine) as work:
        rows = await work.session.scalars(
            select(OutboxRow).where(OutboxRow.number > number)
        )
        return list(rows)


async def create(client: httpx.AsyncClient, content: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/results", json=content)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def faults(answer: httpx.Response) -> list[tuple[str | None, str | None]]:
    assert answer.headers["content-type"] == "application/problem+json"
    return [(fault["column"], fault["value"]) for fault in answer.json()["faults"]]


async def test_a_school_enters_its_result_and_finds_it_by_its_location(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    _, last_event = await snapshot(engine)
    client = await client_as("uzhur.ilinskaya")
    answer = await client.post("/v1/results", json=body(ilinskaya))
    assert answer.status_code == 201
    created = answer.json()
    assert (created["n"], created["version"]) == (25, 1)
    assert created["synthetic"] is True
    assert created["counts_rebuilt"] is False
    assert created["import_id"] is None
    assert (await client.get(answer.headers["Location"])).json() == created
    (event,) = await events_after(engine, last_event)
    assert event.kind == EventKind.RESULTS_CHANGED
    assert event.municipality_id == created["municipality_id"]
    assert (event.school_id, event.academic_year) == (ilinskaya, 2020)
    assert event.payload["result_id"] == created["id"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"n": 26}, ("n", "26")),
        ({"n2": -1}, ("n2", "-1")),
        ({"n_absent": -2}, ("n_absent", "-2")),
        ({"n_below_minimum": 26}, ("n_below_minimum", "26")),
        ({"n5": 10**30}, ("n", None)),
        ({"subject": "alchemy"}, ("subject", "alchemy")),
        ({"procedure": "exam"}, ("procedure", "exam")),
        ({"pupil_grade": 12}, ("pupil_grade", "12")),
        ({"programme_grade": 3}, ("programme_grade", "3")),
        ({"procedure": "oge"}, ("pupil_grade", "5")),
        ({"written_on": "2019-05-01"}, ("written_on", "2019-05-01")),
        ({"school_id": 10**30}, ("body.school_id", None)),
        ({"wave": 0}, ("body.wave", "0")),
        ({"academic_year": 20}, ("body.academic_year", "20")),
        ({"colour": "red"}, ("body.colour", "red")),
    ],
)
async def test_a_result_that_breaks_a_rule_is_refused_by_its_field(
    client_as: ClientAs,
    engine: AsyncEngine,
    ilinskaya: int,
    changes: dict[str, Any],
    expected: tuple[str, str | None],
) -> None:
    before = await snapshot(engine)
    client = await client_as("uzhur")
    answer = await client.post("/v1/results", json=body(ilinskaya, **changes))
    assert answer.status_code == 422
    column, value = expected
    found = dict(faults(answer))
    assert column in found
    assert value in (None, found[column])
    for fault in answer.json()["faults"]:
        assert fault["reason_ru"] and fault["reason_en"]  # noqa: PT018 (one claim)
    assert await snapshot(engine) == before


async def test_a_school_that_is_unknown_or_anothers_is_not_found(
    client_as: ClientAs,
    engine: AsyncEngine,
    other_school: int,
    other_district: int,
) -> None:
    before = await snapshot(engine)
    school, district = await client_as("uzhur.ilinskaya"), await client_as("uzhur")
    answers = [
        await school.post("/v1/results", json=body(other_school)),
        await school.post("/v1/results", json=body(other_district)),
        await district.post("/v1/results", json=body(other_district)),
        await district.post("/v1/results", json=body(10**9)),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert all(faults(answer)[0][0] == "school_id" for answer in answers)
    assert await snapshot(engine) == before


async def test_a_partner_school_by_agreement_is_seen_but_its_results_are_not(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int, other_school: int
) -> None:
    district, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    programmes = (await district.get("/v1/programmes")).json()["items"]
    agreement = await district.post(
        "/v1/mentoring-agreements",
        json={
            "programme_id": programmes[0]["id"],
            "mentor_school_id": other_school,
            "mentee_school_id": ilinskaya,
            "problem": "Математика",
            "starts_on": "2020-09-16",
            "ends_on": "2021-05-31",
        },
    )
    assert agreement.status_code == 201, agreement.text
    assert (await school.get(f"/v1/schools/{other_school}")).status_code == 200
    before = await snapshot(engine)
    answer = await school.post("/v1/results", json=body(other_school))
    assert answer.status_code == 404
    listed = await school.get("/v1/results", params={"school_id": other_school})
    assert listed.json()["items"] == []
    assert await snapshot(engine) == before


async def test_the_same_result_twice_is_a_conflict_that_says_where_to_correct_it(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    client = await client_as("uzhur")
    created = await create(client, body(ilinskaya))
    before = await snapshot(engine)
    answer = await client.post("/v1/results", json=body(ilinskaya, n5=6))
    assert answer.status_code == 409
    assert answer.json()["code"] == "result_exists"
    assert f"PUT /v1/results/{created['id']}" in answer.json()["detail"]
    assert await snapshot(engine) == before
    await create(client, body(ilinskaya, wave=2))
    await create(client, body(ilinskaya, written_on="2020-09-10"))


async def test_of_parallel_posts_of_one_result_one_is_kept(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    client = await client_as("uzhur")
    before, _ = await snapshot(engine)
    answers = await asyncio.gather(
        *(client.post("/v1/results", json=body(ilinskaya)) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    after, _ = await snapshot(engine)
    assert len(after) == len(before) + 1


async def test_a_correction_is_the_next_version_and_is_told_with_its_reason(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    client = await client_as("uzhur.ilinskaya")
    created = await create(client, body(ilinskaya))
    _, last_event = await snapshot(engine)
    answer = await client.put(
        f"/v1/results/{created['id']}",
        json={"n2": 2, "n3": 8, "n4": 10, "n5": 5},
        params={"reason": "Апелляция"},
    )
    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["n2"], changed["n3"], changed["version"]) == (2, 8, 2)
    kept = ("id", "school_id", "subject", "academic_year", "created_at", "synthetic")
    assert [changed[name] for name in kept] == [created[name] for name in kept]
    (event,) = await events_after(engine, last_event)
    assert event.academic_year == 2020
    assert event.payload["reason"] == "Апелляция"


async def test_a_correction_that_breaks_a_rule_changes_nothing(
    client_as: ClientAs, engine: AsyncEngine, ilinskaya: int
) -> None:
    client = await client_as("uzhur")
    created = await create(client, body(ilinskaya))
    before = await snapshot(engine)
    address = f"/v1/results/{created['id']}"
    counts = {"n2": 2, "n3": 8, "n4": 10, "n5": 5}
    answers = [
        await client.put(address, json=counts | {"n": 24}),
        await client.put(address, json=counts | {"n2": -2}),
        await client.put(address, json=counts, params={"reason": "\0\0\0"}),
        await client.put(address, json=counts, params={"reason": "   "}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert faults(answers[0]) == [("n", "24")]
    assert await snapshot(engine) == before


async def test_results_of_other_schools_and_districts_are_not_there_for_a_school(
    client_as: ClientAs, engine: AsyncEngine, other_school: int, other_district: int
) -> None:
    admin = await client_as("admin")
    hidden = [
        await create(admin, body(other_school)),
        await create(admin, body(other_district)),
    ]
    before = await snapshot(engine)
    school = await client_as("uzhur.ilinskaya")
    counts = {"n2": 1, "n3": 1, "n4": 1, "n5": 1}
    for result in hidden:
        address = f"/v1/results/{result['id']}"
        assert (await school.get(address)).status_code == 404
        assert (await school.put(address, json=counts)).status_code == 404
        listed = await school.get(
            "/v1/results", params={"school_id": result["school_id"]}
        )
        assert listed.json()["items"] == []
    district = await client_as("uzhur")
    foreign = f"/v1/results/{hidden[1]['id']}"
    assert (await district.get(foreign)).status_code == 404
    assert (await district.put(foreign, json=counts)).status_code == 404
    assert await snapshot(engine) == before


async def test_a_list_is_narrowed_by_every_filter(
    client_as: ClientAs, ilinskaya: int
) -> None:
    client = await client_as("admin")
    created = await create(client, body(ilinskaya))
    filters: dict[str, Any] = {
        name: created[name]
        for name in (
            "school_id",
            "municipality_id",
            "academic_year",
            "procedure",
            "subject",
        )
    }
    found = await client.get("/v1/results", params=filters)
    assert found.json() == {"items": [created], "next_after": None}
    everything = (await client.get("/v1/results", params={"limit": 500})).json()
    for name, value in filters.items():
        listed = (
            await client.get("/v1/results", params={name: value, "limit": 500})
        ).json()["items"]
        assert listed
        assert {item[name] for item in listed} == {value}
        assert len(listed) < len(everything["items"])


async def test_pages_of_a_list_follow_each_other_without_gap(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.ilinskaya")
    whole = (await client.get("/v1/results", params={"limit": 500})).json()["items"]
    paged: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = (
            await client.get("/v1/results", params={"after": after, "limit": 3})
        ).json()
        paged.extend(page["items"])
        after = page["next_after"]
    assert len(whole) > 3
    assert paged == whole


@pytest.mark.parametrize(
    "query",
    ["after=-1", f"after={10**30}", "limit=0", "school_id=0", "subject=%00"],
)
async def test_a_filter_that_makes_no_sense_is_refused(
    client_as: ClientAs, query: str
) -> None:
    client = await client_as("uzhur")
    answer = await client.get(f"/v1/results?{query}")
    assert answer.status_code == 422


async def test_the_lists_of_subjects_and_procedures_say_what_a_result_may_name(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.ilinskaya")
    subjects = (await client.get("/v1/subjects")).json()["items"]
    russian = next(each for each in subjects if each["code"] == "russian")
    assert russian["name_ru"] == "Русский язык"
    assert "Рус. язык" in russian["aliases"]
    procedures = (await client.get("/v1/procedures")).json()["items"]
    by_code = {each["code"]: each for each in procedures}
    assert by_code["oge"]["grades"] == [9]
    assert (by_code["ege"]["marked"], by_code["vpr"]["marked"]) == (False, True)


async def test_results_are_for_signed_in_accounts_only(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/v1/results", "/v1/results/1", "/v1/subjects", "/v1/procedures"):
        assert (await client.get(path)).status_code == 401
