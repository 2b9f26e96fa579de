"""The head of a school reads the results of those it comes from, and no others."""

from typing import Any

import httpx

from tests.api.reorganisations.test_closed_schools import merged
from tests.api.reorganisations.test_routes import ORDER, schools
from tests.support.api import ClientAs

HEAD, OTHER = "uzhur.uzhurskaya-1", "uzhur.uzhurskaya-2"


async def whose(client: httpx.AsyncClient, **query: Any) -> set[int]:
    answer = await client.get("/v1/results", params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return {each["school_id"] for each in answer.json()["items"]}


async def test_a_successors_head_has_both_views_and_writes_neither_past(
    client_as: ClientAs,
) -> None:
    office, head = await client_as("uzhur"), await client_as(HEAD)
    before = await schools(office)
    gone, own = before["ilinskaya"]["id"], before["uzhurskaya-1"]["id"]
    assert await whose(head, lineage_of=own) == {own}
    await merged(office)
    assert await whose(head, school_id=own) == {own}
    assert await whose(head, lineage_of=own) == {own, gone}
    assert await whose(head, school_id=gone) == {gone}
    (result, *_) = (await head.get("/v1/results", params={"school_id": gone})).json()[
        "items"
    ]
    address = f"/v1/results/{result['id']}"
    assert (await head.get(address)).status_code == 200
    removed = await head.delete(address, headers={"If-Match": "*"})
    assert removed.status_code in {404, 405}
    lineage = (await head.get(f"/v1/schools/{own}/lineage")).json()
    assert [each["school_id"] for each in lineage["predecessors"]] == [gone]
    other = await client_as(OTHER)
    assert await whose(other, lineage_of=own) == set()
    assert await whose(other, school_id=gone) == set()
    enrolled = {"school_id": gone, "academic_year": 2018, "pupils": 90}
    assert (await office.post("/v1/enrolments", json=enrolled)).status_code == 201
    assert (await head.get("/v1/enrolments")).json()["items"] == []


async def test_before_the_day_nothing_is_shown(client_as: ClientAs) -> None:
    office, head = await client_as("uzhur"), await client_as(HEAD)
    before = await schools(office)
    gone, own = before["ilinskaya"]["id"], before["uzhurskaya-1"]["id"]
    order = {"kind": "merge", "predecessor_ids": [gone], "successor_ids": [own]}
    made = await office.post("/v1/reorganisations", json={**ORDER, **order})
    assert made.status_code == 201, made.text
    assert await whose(head, lineage_of=own) == {own}
