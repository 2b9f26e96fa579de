"""The bank of mentors, of those in need, and deficits: who writes and who reads."""

from typing import Any

import httpx

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ABROAD, MENTEE, MENTOR, THIRD
from tests.support.api import ClientAs

OFFER = {
    "bank": "school",
    "position": "Учитель математики",
    "subject": "mathematics",
    "problem": "Математика в 5–6 классах",
    "capacity": 2,
    "valid_from": "2020-09-01",
    "valid_to": "2021-05-31",
    "status": "open",
}
REQUEST = {
    "position": "Учителя математики",
    "subject": "mathematics",
    "problem": "Математика в 5–6 классах",
    "urgency": "high",
    "asked_on": "2020-09-10",
}
DEFICIT = {
    "bearer": "team",
    "position": "Учителя математики",
    "subject": "mathematics",
    "kind": "methodical",
    "source": "lesson_visit",
    "observed_on": "2020-09-10",
}


async def listed(client: httpx.AsyncClient, path: str, **params: Any) -> list[int]:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def entered(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], school_id: int
) -> int:
    answer = await client.post(path, json={**body, "school_id": school_id})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def test_an_offer_is_read_by_its_school_or_by_the_whole_district(
    client_as: ClientAs, places: Places
) -> None:
    path, school = "/v1/mentor-offers", places.schools[MENTOR]
    mentor, third = await client_as(MENTOR), await client_as(THIRD)
    office, abroad = await client_as("uzhur"), await client_as(ABROAD)
    number = await entered(mentor, path, OFFER, school)
    assert await listed(office, path) == await listed(mentor, path) == [number]
    assert await listed(third, path) == []
    body = {**OFFER, "school_id": school, "bank": "district"}
    changed = await mentor.put(f"{path}/{number}", json=body, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text
    assert await listed(third, path, subject="mathematics") == [number]
    assert await listed(abroad, path) == []
    # What the district reads, its own school alone writes.
    answer = await third.put(f"{path}/{number}", json=body, headers={"If-Match": "*"})
    assert answer.status_code in {403, 404}, answer.text
    assert (await mentor.get(f"{path}/{number}")).json()["version"] == 2


async def test_requests_and_deficits_are_for_their_school_and_the_coordinator(
    client_as: ClientAs, places: Places
) -> None:
    school = places.schools[MENTEE]
    mentee, third = await client_as(MENTEE), await client_as(THIRD)
    office = await client_as("uzhur")
    for path, body in (("/v1/mentor-requests", REQUEST), ("/v1/deficits", DEFICIT)):
        number = await entered(mentee, path, body, school)
        assert await listed(mentee, path) == await listed(office, path) == [number]
        assert await listed(third, path) == []
        answer = await third.post(path, json={**body, "school_id": school})
        assert answer.status_code in {403, 404, 422}, answer.text
    path = "/v1/mentor-requests"
    number = (await listed(office, path, status="open"))[0]
    address = f"{path}/{number}"
    row: dict[str, str | int] = {**REQUEST, "school_id": school}
    # Where a request stands follows from what is done with it.
    free = {**row, "status": "closed"}
    edited = await office.put(address, json=free, headers={"If-Match": "*"})
    assert edited.status_code == 422, edited.text
    why = {"reason": "Учитель прошёл курсы"}
    denied = await third.post(f"{address}/close", json=why)
    assert denied.status_code == 404, denied.text
    closed = await mentee.post(f"{address}/close", json=why)
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    again = await office.post(f"{address}/close", json=why)
    assert again.json()["code"] == "mentor_request_not_open"
    less = {**row, "urgency": "low"}
    changed = await office.put(address, json=less, headers={"If-Match": "*"})
    assert changed.json()["code"] == "mentor_request_not_open"
    assert await listed(office, path, status="open", urgency="high") == []
    entries = await office.get("/v1/audit", params={"entity": "mentor_request"})
    assert entries.json()["items"][0]["changes"]["status"] == ["open", "closed"]


async def test_a_persons_initials_are_refused_as_a_position(
    client_as: ClientAs, places: Places
) -> None:
    mentor = await client_as(MENTOR)
    body = {**OFFER, "school_id": places.schools[MENTOR], "position": "Буквина А. Б."}
    answer = await mentor.post("/v1/mentor-offers", json=body)
    assert answer.status_code == 422, answer.text
