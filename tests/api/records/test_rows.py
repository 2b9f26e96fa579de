"""Rows of a dataset: written, corrected, removed, and what is kept of it."""

from typing import Any

import httpx

from tests.support.api import ClientAs


async def school_id(client: httpx.AsyncClient, code: str) -> int:
    schools = (await client.get("/v1/schools")).json()["items"]
    return next(int(school["id"]) for school in schools if school["code"] == code)


async def vacancy(client: httpx.AsyncClient, **fields: Any) -> httpx.Response:
    body = {
        "school_id": await school_id(client, "ilinskaya"),
        "year": 2020,
        "subject": "Астрономия",
    }
    return await client.post("/v1/vacancies", json=body | fields)


async def test_a_row_is_written_read_corrected_and_removed(client_as: ClientAs) -> None:
    client = await client_as("uzhur.ilinskaya")
    made = await vacancy(client)
    assert made.status_code == 201, made.text
    row = made.json()
    assert (row["subject"], row["provenance"], row["version"]) == (
        "Астрономия",
        "local",
        1,
    )
    address = made.headers["Location"]
    read = await client.get(address)
    assert read.json() == row
    body = {"school_id": row["school_id"], "year": 2020, "subject": "Черчение"}
    tag = read.headers["ETag"]
    changed = await client.put(address, json=body, headers={"If-Match": tag})
    assert (changed.json()["subject"], changed.json()["version"]) == ("Черчение", 2)
    stale = await client.put(address, json=body, headers={"If-Match": tag})
    assert stale.status_code == 412
    removed = await client.delete(address, params={"reason": "Учитель принят"})
    assert removed.status_code == 204
    assert (await client.get(address)).status_code == 404
    history = (await client.get(f"{address}/history")).json()["items"]
    assert [(item["action"], item["actor_role"]) for item in history] == [
        ("create", "school_editor"),
        ("update", "school_editor"),
        ("remove", "school_editor"),
    ]
    assert history[1]["changes"] == {"subject": ["Астрономия", "Черчение"]}
    assert history[2]["reason"] == "Учитель принят"


async def test_the_same_values_again_make_no_version_and_no_trace(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    made = await vacancy(client)
    body = {
        "school_id": made.json()["school_id"],
        "year": 2020,
        "subject": "Астрономия",
    }
    again = await client.put(made.headers["Location"], json=body)
    assert again.json()["version"] == 1
    history = await client.get(f"{made.headers['Location']}/history")
    assert len(history.json()["items"]) == 1


async def test_a_second_row_with_the_same_key_is_refused_and_named(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    first = (await vacancy(client)).json()
    second = await vacancy(client)
    assert second.status_code == 409
    assert second.json()["code"] == "record_exists"
    assert f"/v1/vacancies/{first['id']}" in second.json()["detail"]
    other = (await vacancy(client, subject="Черчение")).json()
    body = {"school_id": first["school_id"], "year": 2020, "subject": "Астрономия"}
    taken = await client.put(f"/v1/vacancies/{other['id']}", json=body)
    assert taken.status_code == 409
    assert f"/v1/vacancies/{first['id']}" in taken.json()["detail"]
    kept = await client.get(f"/v1/vacancies/{other['id']}")
    assert kept.json()["subject"] == "Черчение"


async def test_a_school_writes_its_own_rows_only(client_as: ClientAs) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    foreign = await school_id(office, "solgonskaya")
    refused = await vacancy(school, school_id=foreign)
    unknown = await vacancy(school, school_id=10**9)
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert refused.json()["faults"][0]["column"] == "school_id"
    theirs = (await vacancy(office, school_id=foreign)).json()["id"]
    for answer in (
        await school.get(f"/v1/vacancies/{theirs}"),
        await school.put(
            f"/v1/vacancies/{theirs}",
            json={"school_id": foreign, "year": 2020, "subject": "Черчение"},
        ),
        await school.delete(f"/v1/vacancies/{theirs}"),
    ):
        assert answer.status_code == 404
    history = await school.get(f"/v1/vacancies/{theirs}/history")
    assert history.json()["items"] == []
    reader = await client_as("zhigalovo")
    assert (await reader.get(f"/v1/vacancies/{theirs}")).status_code == 404


async def test_a_row_stays_with_its_school(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    made = (await vacancy(client)).json()
    other = await school_id(client, "solgonskaya")
    answer = await client.put(
        f"/v1/vacancies/{made['id']}",
        json={"school_id": other, "year": 2020, "subject": "Астрономия"},
    )
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["column"] == "school_id"


async def test_rules_name_every_field_that_breaks_one(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.post(
        "/v1/staff-profiles",
        json={
            "school_id": await school_id(client, "ilinskaya"),
            "as_of": "2035-01-01",
            "load_min_hours": 30,
            "load_mean_hours": 20,
        },
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_record"
    faults = {fault["column"]: fault["value"] for fault in answer.json()["faults"]}
    assert faults == {"as_of": "2035-01-01", "load_mean_hours": "20.0"}


async def test_a_list_is_narrowed_by_what_it_declares_and_nothing_else(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    await vacancy(client)
    await vacancy(client, year=2021)
    wanted = "subject=Астрономия&academic_year=2021"
    found = (await client.get(f"/v1/vacancies?{wanted}")).json()["items"]
    assert [(row["subject"], row["year"]) for row in found] == [("Астрономия", 2021)]
    typo = await client.get("/v1/vacancies", params={"subjekt": "Астрономия"})
    assert typo.status_code == 422
    assert typo.json()["faults"][0]["column"] == "query.subjekt"


async def test_a_list_is_narrowed_by_flags_and_numbers_of_the_address(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    found = (await client.get("/v1/objectivity-signs?has_sign=true")).json()["items"]
    assert {row["has_sign"] for row in found} == {True}
    nobody = await client.get("/v1/budget-items?programme_id=1&year=2021")
    assert nobody.json()["items"] == []


async def test_a_closed_year_is_corrected_only_with_a_reason(
    client_as: ClientAs,
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    row = (await vacancy(school)).json()
    submitted = await school.post(
        f"/v1/schools/{row['school_id']}/data-years/2020/submit", json={}
    )
    assert submitted.status_code in {200, 201}, submitted.text
    address = f"/v1/vacancies/{row['id']}"
    refused = await school.delete(address, params={"reason": "Ошибка"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "year_submitted"
    assert (await office.delete(address)).status_code == 409
    corrected = await office.delete(address, params={"reason": "Ошибка школы"})
    assert corrected.status_code == 204


async def test_a_list_is_sorted_and_goes_on_where_values_are_equal(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    for code, subject in (("ilinskaya", "Б"), ("solgonskaya", "А"), ("ilinskaya", "А")):
        school = await school_id(client, code)
        await vacancy(client, school_id=school, subject=subject, year=2021)
    seen: list[tuple[str, int]] = []
    address = "/v1/vacancies?academic_year=2021&sort=-subject&limit=1"
    while address:
        answer = await client.get(address)
        seen += [(row["subject"], row["id"]) for row in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert seen == sorted(seen, reverse=True)
    assert [subject for subject, _ in seen] == ["Б", "А", "А"]
    refused = await client.get("/v1/vacancies?sort=provenance")
    assert refused.json()["faults"][0]["column"] == "query.sort"
