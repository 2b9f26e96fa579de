"""Agreements out of the bank: offers that answer requests."""

import asyncio
from typing import Any

import httpx

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ABROAD, MENTEE, MENTOR, go, perform, refused
from tests.api.mentoring.test_bank import OFFER, REQUEST, entered
from tests.support.api import ClientAs

URL = "/v1/mentor-matches"
REQUESTS, OFFERS = "/v1/mentor-requests", "/v1/mentor-offers"
OTHER = "uzhur.prirechenskaya"
DISTRICT = {**OFFER, "bank": "district"}


def wanted(
    places: Places, offer_id: int, request_id: int, **changes: Any
) -> dict[str, Any]:
    return {
        "offer_id": offer_id,
        "request_id": request_id,
        "programme_id": places.programmes["uzhur"],
        "starts_on": "2020-09-16",
        "ends_on": "2021-05-31",
        **changes,
    }


async def status_of(client: httpx.AsyncClient, request_id: int) -> str:
    answer = await client.get(f"{REQUESTS}/{request_id}")
    status: str = answer.json()["status"]
    return status


async def test_a_request_follows_the_agreement_that_answers_it(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    offer = await entered(office, OFFERS, DISTRICT, places.schools[MENTOR])
    request = await entered(office, REQUESTS, REQUEST, places.schools[MENTEE])
    body = wanted(places, offer, request)
    for end, after in (("terminate", "open"), ("complete", "closed")):
        answer = await office.post(URL, json=body)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert (found["problem"], found["subject"]) == (
            REQUEST["problem"],
            "mathematics",
        )
        address = answer.headers["location"]
        agreement = (await office.get(address)).json()
        assert (agreement["problem"], agreement["status"]) == (
            REQUEST["problem"],
            "draft",
        )
        assert agreement["mentor"]["id"] == places.schools[MENTOR]
        assert agreement["mentee"]["id"] == places.schools[MENTEE]
        assert await status_of(office, request) == "matched"
        again = await office.post(URL, json=body)
        assert refused(again) == (409, "mentor_request_not_open")
        kept = await office.delete(f"{REQUESTS}/{request}", headers={"If-Match": "*"})
        assert refused(kept) == (409, "mentor_request_not_open")
        if end == "complete":
            content = {
                "goals": ["Снизить долю двоек"],
                "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
            }
            await office.patch(address, json=content, headers={"If-Match": "*"})
            steps = ("propose", "sign", "activate", "complete")
            await go(office, agreement["id"], *steps)
        else:
            await go(office, agreement["id"], "terminate")
        assert await status_of(office, request) == after
    last = await office.post(URL, json=body)
    assert refused(last) == (409, "mentor_request_not_open")
    entries = await office.get("/v1/audit", params={"entity": "mentor_request"})
    reasons = {each["reason"] for each in entries.json()["items"]}
    assert "Школа-наставник реорганизуется" in reasons


async def test_offers_are_held_to_their_bank_validity_subject_and_places(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    mentor = places.schools[MENTOR]
    request = await entered(office, REQUESTS, REQUEST, places.schools[MENTEE])
    own = await entered(office, REQUESTS, REQUEST, mentor)
    good = await entered(office, OFFERS, DISTRICT, mentor)
    refusals = (
        ({**DISTRICT, "bank": "school", "problem": "1"}, "mentor_offer_unavailable"),
        ({**DISTRICT, "status": "closed", "problem": "2"}, "mentor_offer_unavailable"),
        (
            {**DISTRICT, "valid_to": "2021-05-30", "problem": "3"},
            "mentor_offer_unavailable",
        ),
        (
            {**DISTRICT, "valid_from": "2020-09-17", "problem": "4"},
            "mentor_offer_unavailable",
        ),
        ({**DISTRICT, "subject": "physics", "problem": "5"}, "mentor_match_unfit"),
    )
    for content, code in refusals:
        offer = await entered(office, OFFERS, content, mentor)
        answer = await office.post(URL, json=wanted(places, offer, request))
        assert refused(answer) == (409, code), content
    itself = await office.post(URL, json=wanted(places, good, own))
    assert refused(itself) == (422, "agreement_same_school")
    reversed_period = wanted(
        places, good, request, starts_on="2021-01-02", ends_on="2021-01-01"
    )
    answer = await office.post(URL, json=reversed_period)
    assert refused(answer) == (422, "agreement_period_reversed")
    assert await status_of(office, request) == "open"


async def test_nobody_matches_what_is_not_theirs(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as(MENTEE)
    offer = await entered(office, OFFERS, DISTRICT, places.schools[MENTOR])
    request = await entered(school, REQUESTS, REQUEST, places.schools[MENTEE])
    body = wanted(places, offer, request)
    assert refused(await school.post(URL, json=body)) == (403, "forbidden")
    stranger = await client_as(ABROAD)
    assert refused(await stranger.post(URL, json=body)) == (404, "not_found")
    for changes in ({"offer_id": 10**9}, {"request_id": 10**9}):
        answer = await office.post(URL, json=body | changes)
        assert refused(answer) == (404, "not_found")
    why = {"reason": "Не нужен"}
    answer = await stranger.post(f"{REQUESTS}/{request}/close", json=why)
    assert refused(answer) == (404, "not_found")
    assert await status_of(office, request) == "open"


async def test_the_last_place_of_an_offer_is_taken_once(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    content = {**DISTRICT, "capacity": 1}
    offer = await entered(office, OFFERS, content, places.schools[MENTOR])
    requests = [
        await entered(office, REQUESTS, REQUEST, places.schools[each])
        for each in (MENTEE, OTHER)
    ]
    answers = await asyncio.gather(
        *(office.post(URL, json=wanted(places, offer, each)) for each in requests)
    )
    codes = sorted(each.json().get("code", "matched") for each in answers)
    assert codes == ["matched", "mentor_offer_full"]
    assert sorted([await status_of(office, each) for each in requests]) == [
        "matched",
        "open",
    ]
    (agreement,) = (await office.get("/v1/mentoring-agreements")).json()["items"]
    ended = await perform(office, agreement["id"], "terminate", reason="Передумали")
    assert ended.status_code == 200, ended.text
    late = next(
        each
        for each, answer in zip(requests, answers, strict=True)
        if answer.status_code != 201
    )
    freed = await office.post(URL, json=wanted(places, offer, late))
    assert freed.status_code == 201, freed.text


async def test_one_request_matched_twice_at_once_is_matched_once(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    mentors = (MENTOR, "uzhur.uzhurskaya-2")
    offers = [
        await entered(office, OFFERS, DISTRICT, places.schools[each])
        for each in mentors
    ]
    request = await entered(office, REQUESTS, REQUEST, places.schools[MENTEE])
    answers = await asyncio.gather(
        *(office.post(URL, json=wanted(places, each, request)) for each in offers)
    )
    codes = sorted(each.json().get("code", "matched") for each in answers)
    assert codes == ["matched", "mentor_request_not_open"]
