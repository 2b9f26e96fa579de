"""A reorganisation that was a mistake is taken back, while nothing depends on it."""

from typing import Any

import httpx

from tests.api.reorganisations.test_routes import ORDER, new, schools
from tests.support.api import ClientAs

WHY = {"reason": "Указана не та школа"}


async def reorganised(client: httpx.AsyncClient, **order: Any) -> dict[str, Any]:
    answer = await client.post("/v1/reorganisations", json={**ORDER, **order})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def undo(client: httpx.AsyncClient, made: dict[str, Any]) -> httpx.Response:
    return await client.post(f"/v1/reorganisations/{made['id']}/undo", json=WHY)


async def owed(client: httpx.AsyncClient, school_id: int) -> list[tuple[int, str]]:
    query: dict[str, int | str] = {"school_id": school_id, "limit": 500, "sort": "id"}
    found = (await client.get("/v1/deadlines", params=query)).json()["items"]
    return [(each["id"], each["state"]) for each in found]


def told(answer: httpx.Response) -> set[str]:
    assert (answer.status_code, answer.json()["code"]) == (409, "reorganisation_in_use")
    return {f"{each['column']} {each['value']}" for each in answer.json()["faults"]}


async def test_what_was_closed_is_open_again_with_codes_and_deadlines(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    before = await schools(client)
    joins, stays = before["ilinskaya"]["id"], before["uzhurskaya-1"]["id"]
    code = {"school_id": joins, "kind": "gia_code", "value": "390017"}
    assert (await client.post("/v1/school-identifiers", json=code)).status_code == 201
    deadlines = await owed(client, joins)
    made = await reorganised(
        client, kind="merge", predecessor_ids=[joins], successor_ids=[stays]
    )
    assert await owed(client, joins) != deadlines
    taken = {**code, "school_id": stays, "valid_from": "2021-09-01"}
    later = await client.post("/v1/school-identifiers", json=taken)
    assert told(await undo(client, made)) == {"predecessor_ids code"}
    assert (await schools(client))["ilinskaya"]["closed_on"] == "2021-09-01"
    address = f"/v1/school-identifiers/{later.json()['id']}"
    await client.delete(address, headers={"If-Match": "*"})
    undone = await undo(client, made)
    assert undone.status_code == 200, undone.text
    assert undone.json()["predecessor_ids"] == [joins]
    assert (undone.json()["undo_reason"], undone.json()["undone_at"] is None) == (
        WHY["reason"],
        False,
    )
    assert (await schools(client))["ilinskaya"]["closed_on"] is None
    assert dict(await owed(client, joins)).items() >= dict(deadlines).items()
    query = {"school_id": joins, "kind": "gia_code"}
    (kept,) = (await client.get("/v1/school-identifiers", params=query)).json()["items"]
    assert kept["valid_to"] is None
    lineage = (await client.get(f"/v1/schools/{stays}/lineage")).json()
    assert lineage["predecessors"] == []
    assert (await undo(client, made)).json()["code"] == "reorganisation_undone"
    entries = await client.get("/v1/audit", params={"entity": "reorganisation"})
    assert entries.json()["items"][0]["reason"] == WHY["reason"]
    again = await reorganised(
        client, kind="merge", predecessor_ids=[joins], successor_ids=[stays]
    )
    assert again["id"] != made["id"]


async def test_what_depends_on_it_is_named_and_nothing_is_undone(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    before = await schools(client)
    order = {"takes_effect_on": "2020-09-01", "order_on": "2020-06-15"}
    splits = before["ilinskaya"]["id"]
    made = await reorganised(
        client,
        **order,
        kind="split",
        predecessor_ids=[splits],
        new_schools=[new("north"), new("south")],
    )
    north, _south = made["successor_ids"]
    enrolled = {"school_id": north, "academic_year": 2020, "pupils": 90}
    row = (await client.post("/v1/enrolments", json=enrolled)).json()
    later = await reorganised(
        client, kind="merge", predecessor_ids=[north], new_schools=[new("east")]
    )
    refused = told(await undo(client, made))
    assert refused == {f"reorganisation {later['id']}", "new_schools enrolments"}
    assert (await undo(client, later)).status_code == 200
    address = f"/v1/enrolments/{row['id']}"
    await client.delete(address, headers={"If-Match": "*"})
    assert (await undo(client, made)).status_code == 200
    after = await schools(client, "&as_of=2021-10-01")
    assert "ilinskaya" in after
    assert not {"north", "south", "east"} & after.keys()
    redone = await reorganised(
        client,
        **order,
        kind="split",
        predecessor_ids=[splits],
        new_schools=[new("north"), new("south")],
    )
    assert north not in redone["successor_ids"]
    other = await client_as("zhigalovo")
    assert (await undo(other, redone)).status_code == 404
