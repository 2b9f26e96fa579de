"""A school confirms once a year that its contacts are right, by a day that is set."""

from typing import Any

import httpx

from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

CONTACT = {
    "role": "director",
    "rank": 7,
    "position": "Директор",
    "email": "school@example.org",
}


async def owed(client: httpx.AsyncClient) -> list[tuple[Any, ...]]:
    """Return the confirmations that are owed: school, state, due and done."""
    page = await client.get("/v1/deadlines", params={"limit": 500})
    names = ("school_id", "state", "due_on", "done_on")
    return [
        tuple(each[name] for name in names)
        for each in page.json()["items"]
        if each["kind"] == "contact_confirmation"
    ]


async def missing(client: httpx.AsyncClient) -> set[int]:
    """Return the schools that have not confirmed."""
    page = await client.get(
        "/v1/contact-confirmations", params={"confirmed": False, "limit": 500}
    )
    assert page.status_code == 200, page.text
    return {each["school_id"] for each in page.json()["items"]}


async def test_a_school_confirms_once_and_meets_its_deadline(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as(MENTEE)
    number, place = places.schools[MENTEE], places.municipalities["uzhur"]
    day = f"/v1/municipalities/{place}/contact-confirmations/2020/due-date"
    # 4 October 2020 is a Sunday.
    for _ in range(2):
        answer = await office.put(day, json={"due_on": "2020-10-04"})
        assert answer.json()["due_on"] == "2020-10-02", answer.text
    everybody = await missing(office)
    assert {each[0] for each in await owed(office)} == everybody
    assert (number, "open", "2020-10-02", None) in await owed(school)

    url = f"/v1/schools/{number}/contact-confirmations"
    contact = await school.post(
        "/v1/school-contacts", json=CONTACT | {"school_id": number}
    )
    assert contact.status_code == 201, contact.text
    first = await school.put(f"{url}/2020")
    assert (first.status_code, first.json()["confirmed_on"]) == (200, "2020-09-16")
    again = await office.put(f"{url}/2020")
    assert again.json() == first.json()
    assert everybody - await missing(office) == {number}
    done = (number, "done", "2020-10-02", "2020-09-16")
    assert [each for each in await owed(office) if each[0] == number] == [done]
    row = await school.get(f"/v1/school-contacts/{contact.json()['id']}")
    assert row.json()["confirmed_on"] == "2020-09-16"
    audit = await office.get("/v1/audit", params={"entity": "contact_confirmation"})
    assert [each["action"] for each in audit.json()["items"]] == ["create"]

    assert (await office.put(day, json={"due_on": None})).status_code == 200
    states = {each[1] for each in await owed(office)}
    assert states == {"withdrawn", "done"}


async def test_what_cannot_be_confirmed_is_refused(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as(MENTEE)
    number, place = places.schools[MENTEE], places.municipalities["uzhur"]
    url = f"/v1/schools/{number}/contact-confirmations"
    past = await school.put(f"{url}/2019")
    assert past.json()["code"] == "contact_confirmation_not_this_year"
    listed = await office.get("/v1/school-contacts", params={"school_id": number})
    for each in listed.json()["items"]:
        gone = await office.delete(
            f"/v1/school-contacts/{each['id']}", headers={"If-Match": "*"}
        )
        assert gone.status_code == 204
    empty = await school.put(f"{url}/2020")
    assert empty.json()["code"] == "contact_confirmation_empty"
    for login in ("uzhur.krutoyarskaya", "zhigalovo"):
        assert (await (await client_as(login)).put(f"{url}/2020")).status_code == 404
    assert (await school.get("/v1/contact-confirmations")).status_code == 403
    day = f"/v1/municipalities/{place}/contact-confirmations/2020/due-date"
    assert (await school.put(day, json={"due_on": "2020-10-04"})).status_code == 403
    stranger = await client_as("zhigalovo")
    assert (await stranger.put(day, json={"due_on": None})).status_code == 404
    for wrong in ("2020-09-15", "2021-09-02"):
        refused = await office.put(day, json={"due_on": wrong})
        assert refused.json()["faults"][0]["column"] == "body.due_on"
    assert await owed(office) == []
