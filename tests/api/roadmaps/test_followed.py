"""Deadlines that follow records: opened, moved, met and withdrawn with them."""

from collections import Counter
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api import closures
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, MENTOR, draft, go
from tests.api.roadmaps.conftest import District
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

SCHOOL_PROGRAMME = {
    "title": "Рост качества математики",
    "goal": "Снизить долю двоек",
    "tasks": ["Диагностика"],
    "starts_on": "2020-10-03",
    "ends_on": "2021-05-31",
}


@pytest_asyncio.fixture
async def school_id(places: Places) -> int:
    """Return the number of the school that the district's client is of."""
    return places.schools[MENTEE]


async def owed(
    client: httpx.AsyncClient, kind: str, school_id: int
) -> list[tuple[Any, ...]]:
    page = await client.get(
        "/v1/deadlines", params={"school_id": school_id, "limit": 500}
    )
    return [
        (each["state"], each["due_on"], each["done_on"])
        for each in page.json()["items"]
        if each["kind"] == kind
    ]


async def sent(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_recommendation_is_answered_by_its_day(
    district: District, school_id: int
) -> None:
    office = district.office
    advice = {
        "school_id": school_id,
        "title": "Математика, 5 класс",
        "text": "Провести диагностику",
        "grounds": "Посещение уроков",
        "issued_on": "2020-09-15",
        "due_on": "2020-11-22",
    }
    row = await sent(await office.post("/v1/recommendations", json=advice))
    kind = "recommendation"
    page = await sent(await office.get("/v1/deadlines", params={"limit": 500}))
    (asked,) = (each for each in page["items"] if each["kind"] == kind)
    assert asked["titles"] == {
        "ru": asked["title"],
        "en": "Answer the recommendation: Математика, 5 класс",
    }
    # 22 November 2020 is a Sunday.
    assert await owed(office, kind, school_id) == [("open", "2020-11-20", None)]
    moved = advice | {"due_on": "2020-12-01"}
    address = f"/v1/recommendations/{row['id']}"
    await sent(await office.put(address, json=moved, headers={"If-Match": "*"}))
    assert await owed(office, kind, school_id) == [("open", "2020-12-01", None)]
    answer = {"answer": "Проведена", "done_on": "2020-09-16"}
    await sent(await district.school.post(f"{address}/answer", json=answer))
    assert await owed(office, kind, school_id) == [("submitted", "2020-12-01", None)]
    await sent(await office.post(f"{address}/return", json={"remark": "Где итоги?"}))
    assert await owed(office, kind, school_id) == [("returned", "2020-12-01", None)]
    await sent(await district.school.post(f"{address}/answer", json=answer))
    await sent(await office.post(f"{address}/accept", json={}))
    done = [("done", "2020-12-01", "2020-09-16")]
    assert await owed(office, kind, school_id) == done

    other = await sent(
        await office.post("/v1/recommendations", json=advice | {"title": "Другое"})
    )
    removed = await office.delete(
        f"/v1/recommendations/{other['id']}", headers={"If-Match": "*"}
    )
    assert removed.status_code == 204
    withdrawn = ("withdrawn", "2020-11-20", None)
    assert await owed(office, kind, school_id) == [withdrawn, *done]


async def test_a_report_on_what_has_a_record_of_its_own_says_where_to_go(
    district: District, places: Places, school_id: int
) -> None:
    body = SCHOOL_PROGRAMME | {
        "school_id": school_id,
        "programme_id": places.programmes["uzhur"],
    }
    await sent(await district.school.post("/v1/school-programmes", json=body))
    kind = "school_programme"
    # It begins on a Saturday.
    found = await owed(district.school, kind, school_id)
    assert found == [("open", "2020-10-02", None)]
    page = await district.school.get("/v1/deadlines", params={"limit": 500})
    (deadline,) = (each for each in page.json()["items"] if each["kind"] == kind)
    refused = await district.school.post(
        f"/v1/deadlines/{deadline['id']}/submissions",
        data={"text": "Готово"},
        files={"file": ("a.txt", b"a")},
    )
    assert refused.json()["code"] == "deadline_follows_record"


async def test_all_schools_submit_a_year_by_the_day_that_is_set(
    district: District, places: Places, school_id: int
) -> None:
    office, year = district.office, "data-years/2019"
    address = f"/v1/municipalities/{places.municipalities['uzhur']}/{year}/due-date"
    day = await sent(await office.put(address, json={"due_on": "2020-10-04"}))
    assert (day["nominal_due_on"], day["due_on"]) == ("2020-10-04", "2020-10-02")
    assert await owed(office, "data_year", school_id) == [("open", "2020-10-02", None)]
    await sent(
        await district.school.post(f"/v1/schools/{school_id}/{year}/submit", json={})
    )
    waiting = [("submitted", "2020-10-02", None)]
    assert await owed(office, "data_year", school_id) == waiting
    await sent(await office.post(f"/v1/schools/{school_id}/{year}/accept", json={}))
    assert await owed(office, "data_year", school_id) == [
        ("done", "2020-10-02", "2020-09-16")
    ]
    await sent(await office.put(address, json={"due_on": None}))
    other = places.schools[MENTOR]
    assert await owed(office, "data_year", other) == [("withdrawn", "2020-10-02", None)]
    past = await office.put(address, json={"due_on": "2020-09-15"})
    assert past.status_code == 422


async def test_the_plan_of_an_agreement_is_owed_by_both_schools_while_it_is_in_force(
    district: District, places: Places
) -> None:
    office = district.office
    agreement = await draft(office, places)
    await go(office, agreement["id"], "propose")
    sides = [places.schools[MENTOR], places.schools[MENTEE]]
    assert [await owed(office, "agreement_plan", each) for each in sides] == [[], []]
    # The last signature is a school's own, which sees nothing of the other's deadlines.
    first = {"action": "sign", "side": "mentor"}
    address = f"/v1/mentoring-agreements/{agreement['id']}/transitions"
    anyhow = {"If-Match": "*"}
    await sent(await office.post(address, json=first, headers=anyhow))
    second = {"action": "sign", "side": "mentee"}
    await sent(await district.school.post(address, json=second, headers=anyhow))
    opened = [("open", "2020-11-20", None)]
    assert [await owed(office, "agreement_plan", each) for each in sides] == [
        opened
    ] * 2
    assert await owed(district.school, "agreement_plan", sides[0]) == []

    page = await district.school.get("/v1/deadlines", params={"limit": 500})
    own = [x for x in page.json()["items"] if x["kind"] == "agreement_plan"]
    await sent(
        await district.school.post(
            f"/v1/deadlines/{own[0]['id']}/submissions",
            data={"text": "Уроки проведены"},
            files={"file": ("a.txt", b"a")},
        )
    )
    await go(office, agreement["id"], "activate", "suspend")
    assert [await owed(office, "agreement_plan", each) for each in sides] == [
        [("withdrawn", "2020-11-20", None)],
        [("submitted", "2020-11-20", None)],
    ]
    await go(office, agreement["id"], "resume")
    assert await owed(office, "agreement_plan", sides[0]) == opened


async def test_a_school_that_closes_owes_nothing_from_that_day_on(
    district: District, places: Places, school_id: int
) -> None:
    office = district.office
    before = await owed(office, "measure", school_id)
    assert {state for state, due, _ in before if due > "2021-07-01"} == {"open"}
    school = await sent(await office.get(f"/v1/schools/{school_id}"))
    body = {"name": school["name"], "kind": school["kind"], "closed_on": "2021-07-01"}
    await sent(
        await office.put(
            f"/v1/schools/{school_id}", json=body, headers={"If-Match": "*"}
        )
    )
    after = await owed(office, "measure", school_id)
    assert len(after) == len(before)
    for (was, _, _), (state, due, _) in zip(before, after, strict=True):
        expected = "withdrawn" if due >= "2021-07-01" and was == "open" else was
        assert state == expected
    neighbour = await owed(office, "measure", places.schools[MENTOR])
    assert "withdrawn" not in {state for state, _, _ in neighbour}


async def test_what_a_school_left_overdue_is_withdrawn_on_the_day_of_its_closing(
    district: District, client_as: ClientAs, engine: AsyncEngine, school_id: int
) -> None:
    office = district.office
    school = await sent(await office.get(f"/v1/schools/{school_id}"))
    body = {"name": school["name"], "kind": school["kind"], "closed_on": "2021-07-01"}
    await sent(
        await office.put(
            f"/v1/schools/{school_id}", json=body, headers={"If-Match": "*"}
        )
    )
    states = Counter(each[0] for each in await owed(office, "measure", school_id))
    assert states["open"] > 0
    admin = await client_as("admin")
    for now, left in (
        ("2021-06-30T23:00:00+07:00", states["open"]),
        ("2021-07-01T01:00:00+07:00", 0),  # it is June still in Greenwich
    ):
        await sent(await admin.put("/v1/clock", json={"now": now}))
        await closures.withdraw(engine)
        found = Counter(each[0] for each in await owed(office, "measure", school_id))
        assert found["open"] == left
        assert found["open"] + found["withdrawn"] == states.total() - states["past"]
    assert await closures.withdraw(engine) == 0


async def test_a_changed_calendar_moves_what_records_and_plans_ask_for_and_says_so(
    district: District, places: Places, school_id: int
) -> None:
    office = district.office
    agreement = await draft(office, places)
    await go(office, agreement["id"], "propose")
    address = f"/v1/mentoring-agreements/{agreement['id']}/transitions"
    for side in ("mentor", "mentee"):
        await sent(
            await office.post(
                address,
                json={"action": "sign", "side": side},
                headers={"If-Match": "*"},
            )
        )
    advice = {
        "school_id": school_id,
        "title": "Математика, 5 класс",
        "text": "Провести диагностику",
        "grounds": "Посещение уроков",
        "issued_on": "2020-09-15",
        "due_on": "2020-11-20",
    }
    row = await sent(await office.post("/v1/recommendations", json=advice))
    url = f"/v1/municipalities/{places.municipalities['uzhur']}/calendar/2020"
    calendar = await sent(await office.get(url))
    day = {
        "day": "2020-11-20",
        "is_working": False,
        "document_number": "214-р",
        "reason": "День района",
    }
    wanted = {name: calendar[name] for name in ("quarters", "half_years")}
    change = await sent(
        await office.put(url, json=wanted | {"days": [day]}, headers={"If-Match": "*"})
    )
    moved = change["moved_records"]
    assert {(each["due_before"], each["due_on"]) for each in moved} == {
        ("2020-11-20", "2020-11-19")
    }
    sides = sorted([places.schools[MENTOR], places.schools[MENTEE]])
    assert sorted((each["kind"], each["school_id"]) for each in moved) == [
        *(("agreement_plan", side) for side in sides),
        ("recommendation", school_id),
    ]
    assert row["id"] in {each["source_id"] for each in moved}
    for kind in ("agreement_plan", "recommendation"):
        assert await owed(office, kind, school_id) == [("open", "2020-11-19", None)]
    history = (await office.get("/v1/audit", params={"entity": "deadline"})).json()
    audited = {entry["entity_id"] for entry in history["items"]}
    assert {each["deadline_id"] for each in moved} <= audited
    back = await sent(
        await office.put(url, json=wanted | {"days": []}, headers={"If-Match": "*"})
    )
    assert len(back["moved_records"]) == 3
