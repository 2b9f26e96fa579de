"""Schools entered and corrected, with their codes, contacts and groups."""

from typing import Any

import httpx

from tests.support.api import ClientAs

SCHOOL = {
    "code": "novaya",
    "name": "МБОУ «Новая СОШ»",
    "kind": "secondary",
    "locality": "village",
    "mentor_capacity": 1,
}


async def school_of(client: httpx.AsyncClient, code: str) -> dict[str, Any]:
    items = (await client.get("/v1/schools?limit=200")).json()["items"]
    return next(item for item in items if item["code"] == code)


async def test_a_school_is_entered_and_corrected_by_its_version(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    place = (await school_of(client, "ilinskaya"))["municipality_id"]
    made = await client.post("/v1/schools", json={**SCHOOL, "municipality_id": place})
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    put = {name: made.json()[name] for name in ("name", "kind", "locality")}
    tag = (await client.get(address)).headers["ETag"]
    put |= {"mentor_capacity": 3}
    changed = await client.put(address, json=put, headers={"If-Match": tag})
    assert (changed.json()["mentor_capacity"], changed.json()["version"]) == (3, 2)
    stale = await client.put(address, json=put, headers={"If-Match": tag})
    assert stale.status_code == 412
    again = await client.post("/v1/schools", json={**SCHOOL, "municipality_id": place})
    assert (again.status_code, again.json()["code"]) == (409, "school_exists")
    entries = await client.get(f"/v1/audit?entity=school&entity_id={made.json()['id']}")
    assert [entry["action"] for entry in entries.json()["items"]] == [
        "update",
        "create",
    ]


async def test_a_branch_has_a_parent_of_its_own_municipality(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    parent = await school_of(client, "ilinskaya")
    place = parent["municipality_id"]
    foreign = (await (await client_as("zhigalovo")).get("/v1/schools")).json()["items"]
    branch = {**SCHOOL, "municipality_id": place, "kind": "branch"}
    wrong = {**branch, "parent_id": foreign[0]["id"]}
    refused = await client.post("/v1/schools", json=wrong)
    assert refused.json()["faults"][0]["column"] == "parent_id"
    alone = await client.post("/v1/schools", json=branch)
    assert (alone.status_code, alone.json()["code"]) == (422, "invalid_school")
    assert "головную школу" in alone.json()["detail"]
    whole = {**branch, "kind": "basic", "parent_id": parent["id"]}
    assert (await client.post("/v1/schools", json=whole)).status_code == 422
    made = await client.post("/v1/schools", json={**branch, "parent_id": parent["id"]})
    assert made.status_code == 201
    torn = {name: branch[name] for name in ("name", "kind", "locality")}
    cut = await client.put(made.headers["Location"], json=torn)
    assert cut.json()["faults"][0]["column"] == "parent_id"


async def test_a_school_with_branches_does_not_become_one(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    parent, other = [
        await school_of(client, code) for code in ("ilinskaya", "solgonskaya")
    ]
    place = {"municipality_id": parent["municipality_id"]}
    branch = {**SCHOOL, **place, "kind": "branch", "parent_id": parent["id"]}
    made = await client.post("/v1/schools", json=branch)
    assert made.status_code == 201
    below = {
        **{name: parent[name] for name in ("name", "locality")},
        "kind": "branch",
        "parent_id": other["id"],
    }
    refused = await client.put(f"/v1/schools/{parent['id']}", json=below)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_school")
    [fault] = refused.json()["faults"]
    assert (fault["column"], fault["value"]) == ("kind", "branch")
    assert "свои филиалы" in fault["reason_ru"]
    assert (await school_of(client, "ilinskaya"))["kind"] == parent["kind"]


async def test_on_no_day_two_schools_have_the_same_code(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    one, two = [
        (await school_of(client, code))["id"] for code in ("ilinskaya", "solgonskaya")
    ]
    code = {"school_id": one, "kind": "gia_code", "value": "390001"}
    first = await client.post(
        "/v1/school-identifiers", json={**code, "valid_to": "2020-08-31"}
    )
    assert first.status_code == 201
    overlapping = {**code, "school_id": two, "valid_from": "2020-08-31"}
    refused = await client.post("/v1/school-identifiers", json=overlapping)
    assert (refused.status_code, refused.json()["code"]) == (409, "record_exists")
    assert f"школы {one}, запись {first.json()['id']}" in refused.json()["detail"]
    later = {**code, "school_id": two, "valid_from": "2020-09-01"}
    assert (await client.post("/v1/school-identifiers", json=later)).status_code == 201
    found = await client.get(
        "/v1/school-identifiers?value=390001&school_id=" + str(two)
    )
    assert [row["valid_from"] for row in found.json()["items"]] == ["2020-09-01"]
    other = await client_as("zhigalovo")
    theirs = (await other.get("/v1/schools")).json()["items"][0]["id"]
    hidden = await other.post(
        "/v1/school-identifiers", json={**code, "school_id": theirs}
    )
    assert hidden.status_code == 409
    assert str(first.json()["id"]) not in hidden.json()["detail"]


async def test_a_code_has_the_form_of_its_kind(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    school = (await school_of(client, "ilinskaya"))["id"]
    body = {"school_id": school, "kind": "inn", "value": "12-34"}
    answer = await client.post("/v1/school-identifiers", json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["value"] == "12-34"


async def test_contacts_are_posts_that_can_be_reached(client_as: ClientAs) -> None:
    school = await client_as("uzhur.ilinskaya")
    own = (await school_of(school, "ilinskaya"))["id"]
    post = {"school_id": own, "role": "director", "rank": 1, "position": "Директор"}
    unreachable = await school.post("/v1/school-contacts", json=post)
    assert unreachable.json()["faults"][0]["column"] == "email"
    wrong = await school.post("/v1/school-contacts", json={**post, "email": "школа"})
    assert wrong.json()["faults"][0]["value"] == "школа"
    made = await school.post(
        "/v1/school-contacts", json={**post, "email": "school@example.org"}
    )
    assert made.status_code == 201
    office = {
        "municipality_id": made.json()["municipality_id"],
        "role": "coordinator",
        "rank": 1,
        "position": "Координатор",
        "phone": "+7 39156 2-10-00",
    }
    denied = await school.post("/v1/municipality-contacts", json=office)
    assert denied.status_code == 404
    coordinator = await client_as("uzhur")
    entered = await coordinator.post("/v1/municipality-contacts", json=office)
    assert entered.status_code == 201
    seen = await school.get("/v1/municipality-contacts")
    assert [each["phone"] for each in seen.json()["items"]] == [office["phone"]]


async def test_a_school_belongs_to_a_group_for_a_time(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    body = {
        "school_id": (await school_of(client, "ilinskaya"))["id"],
        "group_code": "small",
        "valid_from": "2020-09-01",
        "valid_to": "2020-08-31",
        "order_number": "112",
    }
    backwards = await client.post("/v1/school-groups", json=body)
    assert backwards.json()["faults"][0]["column"] == "valid_to"
    body["valid_to"] = "2021-08-31"
    assert (await client.post("/v1/school-groups", json=body)).status_code == 201
    found = await client.get("/v1/school-groups?group_code=small")
    assert [row["order_number"] for row in found.json()["items"]] == ["112"]
