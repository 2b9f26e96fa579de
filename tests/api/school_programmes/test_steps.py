"""A school writes its programme, experts return and approve it, and it is done."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.reading import entries_after, last_number
from tests.api.mentoring.conftest import Places
from tests.api.school_programmes.writing import EXPERTISE, SCHOOL, draft, fill, post
from tests.support.api import ClientAs

OTHER = "uzhur.prirechenskaya"


async def step(
    client: httpx.AsyncClient, number: int, name: str, **body: object
) -> httpx.Response:
    return await client.post(f"/v1/school-programmes/{number}/{name}", json=body)


async def test_a_programme_goes_from_the_draft_to_what_came_of_it(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    programme = await draft(school, places)
    assert (programme["status"], programme["version"]) == ("draft", 1)
    measure = await fill(school, programme)
    number, before = programme["id"], await last_number(engine)
    path = f"school-programmes/{number}"
    submitted = await post(school, f"{path}/submit", {})
    assert (submitted["status"], submitted["submitted_on"]) == (
        "submitted",
        "2020-09-16",
    )
    assert submitted["possible_steps"] == ["review"]
    await post(office, f"{path}/review", {})
    returned = await post(office, f"{path}/return", EXPERTISE)
    assert returned["status"] == "returned"
    await post(school, f"{path}/submit", {"comment": "Значения уточнены"})
    await post(office, f"{path}/review", {})
    approved = await post(office, f"{path}/approve", EXPERTISE | {"level": "regional"})
    assert approved["approved_on"] == "2020-09-16"
    await post(school, f"{path}/start", {})
    done = {"done_on": "2020-09-15"}
    report = await post(
        school, f"school-programme-measures/{measure['id']}/complete", done
    )
    assert report["done_on"] == "2020-09-15"
    completed = await post(school, f"{path}/complete", {"result": "Выросла до 41 %"})
    assert (completed["status"], completed["result"]) == (
        "completed",
        "Выросла до 41 %",
    )
    assert completed["possible_steps"] == []
    found = (await school.get(f"/v1/{path}")).json()
    assert (found["status"], found["completed_on"]) == ("completed", "2020-09-16")
    reviews = (await school.get(f"/v1/{path}/reviews")).json()["items"]
    assert [(each["level"], each["verdict"]) for each in reviews] == [
        ("municipal", "return"),
        ("regional", "approve"),
    ]
    steps = [
        (entry.action, entry.changes["status"])
        for entry in await entries_after(engine, before)
        if entry.entity == "school_programme"
    ]
    assert steps == [
        ("submit", ["draft", "submitted"]),
        ("review", ["submitted", "under_review"]),
        ("return", ["under_review", "returned"]),
        ("submit", ["returned", "submitted"]),
        ("review", ["submitted", "under_review"]),
        ("approve", ["under_review", "approved"]),
        ("start", ["approved", "in_progress"]),
        ("complete", ["in_progress", "completed"]),
    ]


async def test_what_is_handed_in_is_not_changed_until_it_is_returned(
    client_as: ClientAs, places: Places
) -> None:
    school = await client_as(SCHOOL)
    programme = await draft(school, places)
    measure = await fill(school, programme)
    await post(school, f"school-programmes/{programme['id']}/submit", {})
    body = {
        "school_id": programme["school_id"],
        "school_programme_id": programme["id"],
        "title": "Ещё одно",
        "starts_on": "2020-10-01",
        "due_on": "2020-10-02",
    }
    address = f"/v1/school-programme-measures/{measure['id']}"
    whole = {
        name: programme[name]
        for name in ("school_id", "programme_id", "goal", "starts_on", "ends_on")
    }
    for answer in (
        await school.post("/v1/school-programme-measures", json=body),
        await school.put(address, json=body),
        await school.delete(address),
        await school.put(
            f"/v1/school-programmes/{programme['id']}", json=whole | {"title": "Иначе"}
        ),
        await school.delete(f"/v1/school-programmes/{programme['id']}"),
    ):
        assert answer.status_code == 409
        assert answer.json()["code"] == "school_programme_not_editable"
    assert (await school.get(address)).json()["title"] == measure["title"]


async def test_an_incomplete_programme_is_not_handed_in_and_all_gaps_are_named(
    client_as: ClientAs, places: Places
) -> None:
    school = await client_as(SCHOOL)
    programme = await draft(school, places, tasks=[], ends_on="2023-05-31")
    answer = await step(school, programme["id"], "submit")
    assert answer.status_code == 422
    assert answer.json()["code"] == "school_programme_incomplete"
    columns = [fault["column"] for fault in answer.json()["faults"]]
    assert columns == ["tasks", "indicators", "measures", "starts_on"]


async def test_a_step_out_of_turn_names_those_that_are_possible(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await step(office, number, "approve", **EXPERTISE)
    assert (answer.status_code, answer.json()["code"]) == (
        409,
        "school_programme_wrong_state",
    )
    assert "submit" in answer.json()["detail"]


async def test_only_the_school_and_its_district_take_steps(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number = (await draft(school, places))["id"]
    neighbour, abroad = await client_as(OTHER), await client_as("zhigalovo")
    for client in (neighbour, abroad):
        assert (await step(client, number, "submit")).status_code == 404
        found = await client.get(f"/v1/school-programmes/{number}")
        assert found.status_code == 404
    refused = await step(school, number, "review")
    assert refused.status_code == 403
    assert "school_programmes:decide" in refused.json()["detail"]
    theirs = await draft(office, places, school_id=places.schools[OTHER])
    mixed = await office.post(
        "/v1/school-programme-measures",
        json={
            "school_id": places.schools[SCHOOL],
            "school_programme_id": theirs["id"],
            "title": "Чужое",
            "starts_on": "2020-10-01",
            "due_on": "2020-10-02",
        },
    )
    assert mixed.status_code == 422
    assert mixed.json()["faults"][0]["column"] == "school_programme_id"


@pytest.mark.parametrize(
    ("field", "value"),
    [("expert_position", "Методист И. И. Иванова"), ("reviewed_on", "2020-09-17")],
)
async def test_expertise_names_no_person_and_no_day_to_come(
    client_as: ClientAs, places: Places, field: str, value: str
) -> None:
    office = await client_as("uzhur")
    programme = await draft(office, places)
    await fill(office, programme)
    for name in ("submit", "review"):
        await post(office, f"school-programmes/{programme['id']}/{name}", {})
    answer = await step(
        office, programme["id"], "approve", **(EXPERTISE | {field: value})
    )
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [field]
    found = await office.get(f"/v1/school-programmes/{programme['id']}")
    assert found.json()["status"] == "under_review"


async def test_a_stale_step_and_a_repeated_one_change_nothing(
    client_as: ClientAs, places: Places
) -> None:
    school = await client_as(SCHOOL)
    programme = await draft(school, places)
    await fill(school, programme)
    url = f"/v1/school-programmes/{programme['id']}/submit"
    stale = await school.post(url, json={}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    key = {"Idempotency-Key": "once"}
    first = await school.post(url, json={}, headers=key)
    again = await school.post(url, json={}, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
