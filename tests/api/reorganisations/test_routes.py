"""A district's schools over the years: entered, merged, split, and looked back at."""

from typing import Any

import httpx

from tests.support.api import ClientAs

ORDER = {
    "takes_effect_on": "2021-09-01",
    "order_number": "214",
    "order_on": "2021-06-15",
    "reason": "Сеть школ",
}


async def schools(client: httpx.AsyncClient, query: str = "") -> dict[str, Any]:
    answer = await client.get(f"/v1/schools?limit=200{query}")
    return {school["code"]: school for school in answer.json()["items"]}


async def municipality_of(client: httpx.AsyncClient) -> int:
    items = (await client.get("/v1/municipalities")).json()["items"]
    return int(items[0]["id"])


def new(code: str) -> dict[str, Any]:
    return {"code": code, "name": f"МБОУ «{code}»", "kind": "basic"}


async def test_a_school_joins_another_and_keeps_its_results(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    before = await schools(client)
    joins, stays = before["ilinskaya"]["id"], before["uzhurskaya-1"]["id"]
    code = {"school_id": joins, "kind": "gia_code", "value": "390017"}
    assert (await client.post("/v1/school-identifiers", json=code)).status_code == 201
    results = await client.get(f"/v1/results?school_id={joins}&limit=500")
    made = await client.post(
        "/v1/reorganisations",
        json={
            **ORDER,
            "kind": "merge",
            "predecessor_ids": [joins],
            "successor_ids": [stays],
        },
    )
    assert made.status_code == 201, made.text
    assert made.json()["predecessor_ids"] == [joins]
    assert made.json()["successor_ids"] == [stays]
    assert (await client.get(made.headers["Location"])).json() == made.json()
    for school, times in ((joins, 1), (stays, 1), (before["solgonskaya"]["id"], 0)):
        listed = await client.get(f"/v1/reorganisations?school_id={school}")
        assert len(listed.json()["items"]) == times
    closed = (await client.get(f"/v1/schools/{joins}")).json()
    assert closed["closed_on"] == "2021-09-01"
    assert "ilinskaya" in await schools(client, "&as_of=2021-08-31")
    assert "ilinskaya" not in await schools(client, "&as_of=2021-09-01")
    assert await schools(client, "&identifier=390017")
    found = await schools(client, "&identifier=390017&as_of=2021-09-01")
    assert "ilinskaya" not in found
    again = {**code, "school_id": stays, "valid_from": "2021-09-01"}
    assert (await client.post("/v1/school-identifiers", json=again)).status_code == 201
    kept = await client.get(f"/v1/results?school_id={joins}&limit=500")
    assert kept.json()["items"] == results.json()["items"] != []
    whole = await client.get(f"/v1/results?lineage_of={stays}&limit=500")
    whose = {row["school_id"] for row in whole.json()["items"]}
    assert whose == {joins, stays}
    lineage = (await client.get(f"/v1/schools/{stays}/lineage")).json()
    assert [(each["school_id"], each["steps"]) for each in lineage["predecessors"]] == [
        (joins, 1)
    ]
    changes = await client.get(f"/v1/audit?entity=school&entity_id={joins}")
    entry = changes.json()["items"][0]
    assert (entry["action"], entry["reason"]) == ("close", "Сеть школ")
    assert entry["changes"]["order"] == [None, "214, 2021-06-15"]


async def test_a_school_splits_and_its_grandchildren_know_it(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    first = (await schools(client))["ilinskaya"]["id"]
    split = {
        **ORDER,
        "kind": "split",
        "predecessor_ids": [first],
        "new_schools": [new("north"), new("south")],
    }
    made = (await client.post("/v1/reorganisations", json=split)).json()
    north = made["successor_ids"][0]
    opened = (await client.get(f"/v1/schools/{north}")).json()
    assert (opened["opened_on"], opened["synthetic"]) == ("2021-09-01", False)
    later = {**ORDER, "takes_effect_on": "2022-09-01", "order_on": "2022-06-15"}
    merge = {
        **later,
        "kind": "merge",
        "predecessor_ids": made["successor_ids"],
        "new_schools": [new("centre")],
    }
    [centre] = (await client.post("/v1/reorganisations", json=merge)).json()[
        "successor_ids"
    ]
    lineage = (await client.get(f"/v1/schools/{centre}/lineage")).json()
    steps = {each["school_id"]: each["steps"] for each in lineage["predecessors"]}
    assert steps == {**dict.fromkeys(made["successor_ids"], 1), first: 2}
    onward = (await client.get(f"/v1/schools/{first}/lineage")).json()["successors"]
    assert {each["school_id"] for each in onward} == {*made["successor_ids"], centre}
    listed = (await client.get("/v1/reorganisations")).json()["items"]
    assert [each["kind"] for each in listed] == ["split", "merge"]


async def test_a_school_with_open_agreements_is_not_closed(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    found = await schools(client)
    mentee, mentor = found["ilinskaya"]["id"], found["uzhurskaya-1"]["id"]
    programme = (await client.get("/v1/programmes")).json()["items"][0]["id"]
    draft = await client.post(
        "/v1/mentoring-agreements",
        json={
            "programme_id": programme,
            "mentor_school_id": mentor,
            "mentee_school_id": mentee,
            "problem": "Математика",
            "goals": ["Рост"],
            "starts_on": "2020-10-01",
            "ends_on": "2021-05-31",
        },
    )
    assert draft.status_code == 201, draft.text
    body = {
        **ORDER,
        "kind": "merge",
        "predecessor_ids": [mentee],
        "successor_ids": [mentor],
    }
    refused = await client.post("/v1/reorganisations", json=body)
    assert refused.status_code == 409
    assert refused.json()["faults"][0]["value"] == f"agreement {draft.json()['id']}"
    assert (await client.get(f"/v1/schools/{mentee}")).json()["closed_on"] is None


async def test_foreign_schools_and_wrong_orders_change_nothing(
    client_as: ClientAs,
) -> None:
    office, other = await client_as("uzhur"), await client_as("zhigalovo")
    own = (await schools(office))["ilinskaya"]["id"]
    foreign = next(iter((await schools(other)).values()))["id"]
    body = {
        **ORDER,
        "kind": "merge",
        "predecessor_ids": [own],
        "successor_ids": [foreign],
    }
    assert (await office.post("/v1/reorganisations", json=body)).status_code == 404
    admin = await client_as("admin")
    across = await admin.post("/v1/reorganisations", json=body)
    assert across.status_code == 422
    taken = {
        **body,
        "successor_ids": [],
        "new_schools": [new("uzhurskaya-1")],
    }
    answer = await office.post("/v1/reorganisations", json=taken)
    assert answer.json()["faults"][0]["value"] == "uzhurskaya-1"
    school = await client_as("uzhur.ilinskaya")
    assert (await school.post("/v1/reorganisations", json=body)).status_code == 403
    assert (await office.get("/v1/reorganisations")).json()["items"] == []
