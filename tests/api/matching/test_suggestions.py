"""Suggested mentors over HTTP: read, explained, accepted and declined."""

from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import refused
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

URL = "/v1/mentor-suggestions"
ACCEPTED, DECLINED = (
    "/v1/accepted-mentor-suggestions",
    "/v1/declined-mentor-suggestions",
)
YEAR = 2017  # the newest that the demonstration has results of


async def read(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(URL)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def search_for(client: httpx.AsyncClient, school_id: int) -> dict[str, Any]:
    answer = await client.get(f"/v1/schools/{school_id}/mentor-search")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def suggested(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in found["mentees"] if each["suggestion"]]


def acceptance(places: Places, suggestion_id: int, **changes: Any) -> dict[str, Any]:
    return {
        "suggestion_id": suggestion_id,
        "programme_id": places.programmes["uzhur"],
        "starts_on": "2020-09-16",
        "ends_on": "2021-05-31",
        **changes,
    }


async def test_a_suggestion_shows_its_parts_weights_and_figures(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)

    found = await read(await client_as("uzhur"))

    assert found["academic_year"] == YEAR
    assert found["is_current"]
    assert not found["is_stale"]
    weights = found["method"]["rules"]["weights"]
    assert found["method"]["provenance"]["weights"]["kind"] == "unconfirmed"
    pairs = [
        pair
        for each in found["mentees"]
        for pair in [each["suggestion"], *each["alternatives"]]
        if pair is not None
    ]
    assert pairs
    for pair in pairs:
        total = sum(weights[part] * pair["parts"][part] for part in weights)
        assert pair["benefit"] == pytest.approx(total / sum(weights.values()), abs=6e-5)
        first = pair["why"][0]
        assert first["ru"].startswith(pair["need"]["title"]["ru"])
        assert "у наставника" in first["ru"]
        assert "the mentor has" in first["en"]
        assert any("мест у наставника" in each["ru"] for each in pair["why"])
    chosen = [each["suggestion"] for each in suggested(found)]
    assert {pair["cost"] for pair in chosen} == {0.0}
    assert found["benefit"] == pytest.approx(sum(pair["benefit"] for pair in chosen))
    outcomes = {each["school"]["id"]: each["outcome"] for each in found["schools"]}
    for each in suggested(found):
        assert outcomes[each["school"]["id"]] == "suggested"
    lost = [number for number, each in outcomes.items() if each == "no_places_left"]
    assert {each["school"]["id"] for each in found["mentees"]} >= set(lost)


async def test_an_accepted_pair_becomes_a_draft_and_is_not_suggested_again(
    client_as: ClientAs, database_url: str, places: Places
) -> None:
    await compute_all(database_url)
    office = await client_as("uzhur")
    mentee = suggested(await read(office))[0]
    pair = mentee["suggestion"]

    answer = await office.post(ACCEPTED, json=acceptance(places, pair["id"]))

    assert answer.status_code == 201, answer.text
    decided = answer.json()
    agreement = (await office.get(answer.headers["location"])).json()
    assert agreement["status"] == "draft"
    assert agreement["problem"] == pair["need"]["title"]["ru"]
    assert agreement["mentor"]["id"] == pair["mentor"]["id"]
    assert agreement["mentee"]["id"] == mentee["school"]["id"]
    again = await office.post(ACCEPTED, json=acceptance(places, pair["id"]))
    assert refused(again) == (409, "duplicate_agreement")
    assert (await read(office))["is_stale"]
    await compute_all(database_url)
    search = await search_for(office, mentee["school"]["id"])
    assert search["outcome"] == "has_mentor"
    outdated = await office.post(ACCEPTED, json=acceptance(places, pair["id"]))
    assert refused(outdated) == (409, "mentor_suggestion_outdated")
    decisions = (await office.get("/v1/mentor-suggestion-decisions")).json()["items"]
    assert [(each["decision"], each["agreement_id"]) for each in decisions] == [
        ("accepted", decided["agreement_id"])
    ]


async def test_a_request_is_matched_by_accepting_and_open_again_with_the_agreements_end(
    client_as: ClientAs, database_url: str, places: Places
) -> None:
    await compute_all(database_url)
    office = await client_as("uzhur")
    mentee = next(
        each
        for each in suggested(await read(office))
        if each["suggestion"]["need"]["kind"] == "subject"
    )
    request = {
        "school_id": mentee["school"]["id"],
        "position": "Учителя предмета",
        "problem": "Результаты ниже района",
        "asked_on": "2018-05-10",
        "urgency": "high",
        "subject": mentee["suggestion"]["need"]["code"],
    }
    other = request | {"subject": None, "problem": "Иное", "position": "Завуч"}
    asked, apart = [
        (await office.post("/v1/mentor-requests", json=body)).json()["id"]
        for body in (request, other)
    ]
    await compute_all(database_url)
    found = {each["school"]["id"]: each for each in suggested(await read(office))}
    pair = found[request["school_id"]]["suggestion"]
    assert pair["need"]["code"] == request["subject"]

    answer = await office.post(ACCEPTED, json=acceptance(places, pair["id"]))

    assert answer.status_code == 201, answer.text
    assert await statuses(office, asked, apart) == ["matched", "open"]
    address = answer.headers["location"]
    ended = await office.post(
        f"{address}/transitions",
        json={"action": "terminate", "reason": "Передумали"},
        headers={"If-Match": "*"},
    )
    assert ended.status_code == 200, ended.text
    assert await statuses(office, asked, apart) == ["open", "open"]


async def statuses(client: httpx.AsyncClient, *requests: int) -> list[str]:
    listed = (await client.get("/v1/mentor-requests?limit=500")).json()["items"]
    found = {each["id"]: each["status"] for each in listed}
    return [found[number] for number in requests]


async def test_a_declined_pair_is_kept_with_its_reason_and_excluded_for_the_year(
    client_as: ClientAs, database_url: str, places: Places
) -> None:
    await compute_all(database_url)
    office = await client_as("uzhur")
    mentee = suggested(await read(office))[0]
    pair, school_id = mentee["suggestion"], mentee["school"]["id"]
    refusal = {"suggestion_id": pair["id"], "reason": "Школы уже дружат"}

    answer = await office.post(DECLINED, json=refusal)

    assert answer.status_code == 201, answer.text
    again = await office.post(DECLINED, json=refusal)
    assert refused(again) == (409, "mentor_suggestion_declined")
    late = await office.post(ACCEPTED, json=acceptance(places, pair["id"]))
    assert refused(late) == (409, "mentor_suggestion_declined")
    await compute_all(database_url)
    excluded = (await search_for(office, school_id))["excluded"]
    reasons = {each["mentor"]["id"]: each for each in excluded}
    assert reasons[pair["mentor"]["id"]]["code"] == "declined"
    assert reasons[pair["mentor"]["id"]]["mentor"]["name"] == pair["mentor"]["name"]
    mentors = {
        each["school"]["id"]: each["suggestion"]["mentor"]["id"]
        for each in suggested(await read(office))
    }
    assert mentors.get(school_id) != pair["mentor"]["id"]
    decisions = (await office.get("/v1/mentor-suggestion-decisions")).json()["items"]
    assert [(each["decision"], each["reason"]) for each in decisions] == [
        ("declined", "Школы уже дружат")
    ]
    entries = await office.get("/v1/audit", params={"entity": "mentor_suggestion"})
    assert [each["reason"] for each in entries.json()["items"]] == ["Школы уже дружат"]


async def test_a_school_sees_what_concerns_it_without_the_figures_of_the_other(
    client_as: ClientAs, database_url: str, places: Places
) -> None:
    await compute_all(database_url)
    office = await client_as("uzhur")
    mentee = suggested(await read(office))[0]
    pair = mentee["suggestion"]
    codes = {number: login for login, number in places.schools.items()}
    as_mentee = await client_as(codes[mentee["school"]["id"]])
    as_mentor = await client_as(codes[pair["mentor"]["id"]])
    stranger = await client_as("zhigalovo")

    (seen,) = (await read(as_mentee))["mentees"]
    of_mentor = (await read(as_mentor))["mentees"]

    assert seen["suggestion"]["mentor"] == pair["mentor"]
    assert seen["alternatives"] == []
    assert "у школы" in seen["suggestion"]["why"][0]["ru"]
    assert "у наставника" not in seen["suggestion"]["why"][0]["ru"]
    (shown,) = (
        each for each in of_mentor if each["school"]["id"] == mentee["school"]["id"]
    )
    assert "у наставника" in shown["suggestion"]["why"][0]["ru"]
    assert "у школы" not in shown["suggestion"]["why"][0]["ru"]
    own = [each["school"]["id"] for each in (await read(as_mentee))["schools"]]
    assert own == [mentee["school"]["id"]]
    for client, status in ((as_mentee, 403), (stranger, 404)):
        body = acceptance(places, pair["id"])
        assert (await client.post(ACCEPTED, json=body)).status_code == status
        refusal = {"suggestion_id": pair["id"], "reason": "Нет"}
        assert (await client.post(DECLINED, json=refusal)).status_code == status
        address = f"/v1/schools/{mentee['school']['id']}/mentor-search"
        assert (await client.get(address)).status_code == status
