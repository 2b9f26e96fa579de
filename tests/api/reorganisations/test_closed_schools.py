"""A closed school: which data it no longer takes, and how it stays closed."""

from typing import Any

import httpx

from tests.api.imports.test_forms import commit, upload, workbook
from tests.api.reorganisations.test_routes import ORDER, schools
from tests.support.api import ClientAs

RESULT = {
    "procedure": "kdr",
    "subject": "mathematics",
    "programme_grade": 7,
    "pupil_grade": 7,
    "wave": 1,
    "n2": 1,
    "n3": 2,
    "n4": 3,
    "n5": 4,
}


async def merged(
    client: httpx.AsyncClient, day: str = "2019-09-01"
) -> tuple[dict[str, Any], dict[str, Any]]:
    before = await schools(client)
    closed, stays = before["ilinskaya"], before["uzhurskaya-1"]
    order = {
        **ORDER,
        "takes_effect_on": day,
        "order_on": "2019-06-15",
        "kind": "merge",
        "predecessor_ids": [closed["id"]],
        "successor_ids": [stays["id"]],
    }
    assert (await client.post("/v1/reorganisations", json=order)).status_code == 201
    return closed, stays


async def test_records_and_results_of_later_years_are_refused(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    closed, stays = await merged(client)
    of = {"school_id": closed["id"]}
    for path, row in (
        ("enrolments", {"pupils": 100}),
        ("results", RESULT),
    ):
        late = await client.post(
            f"/v1/{path}", json={**of, **row, "academic_year": 2019}
        )
        assert late.status_code == 422, late.text
        [fault] = late.json()["faults"]
        assert fault["column"] == "academic_year"
        assert "2019-09-01" in fault["reason"]
        assert stays["name"] in fault["reason"]
        earlier = await client.post(
            f"/v1/{path}", json={**of, **row, "academic_year": 2018}
        )
        assert earlier.status_code == 201, earlier.text
    kept = (await client.get(f"/v1/enrolments?school_id={closed['id']}")).json()
    [row] = kept["items"]
    moved = await client.put(
        f"/v1/enrolments/{row['id']}",
        json={**of, "academic_year": 2020, "pupils": 100},
    )
    assert moved.status_code == 422


async def test_files_of_later_years_have_bad_rows(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    closed, stays = await merged(client)
    number = closed["id"]
    enrolled = workbook(
        ("school_id", "academic_year", "pupils"),
        (number, 2018, 90),
        (number, 2019, 90),
        (stays["id"], 2019, 90),
    )
    columns = (*RESULT, "school_id", "academic_year", "n")
    results = workbook(
        columns,
        (*RESULT.values(), number, 2018, 10),
        (*RESULT.values(), number, 2019, 10),
        (*RESULT.values(), stays["id"], 2019, 10),
    )
    for code, file in (("enrolments", enrolled), ("results", results)):
        preview = await upload(client, code, file)
        assert (preview["counts"]["new"], preview["counts"]["bad"]) == (2, 1)
        [fault] = preview["bad_rows"][0]["faults"]
        assert (fault["row"], fault["column"]) == (3, "academic_year")
        assert stays["name"] in fault["reason"]
        assert (await commit(client, preview, "partial")).json()["new"] == 2


async def test_facts_of_years_far_ahead_are_refused(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    own = (await schools(client))["ilinskaya"]["id"]
    row = {"school_id": own, "academic_year": 2099, "pupils": 100}
    answer = await client.post("/v1/enrolments", json=row)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["column"] == "academic_year"
    file = workbook(tuple(row), tuple(row.values()))
    preview = await upload(client, "enrolments", file)
    assert preview["counts"]["bad"] == 1


async def test_a_school_that_an_order_closed_is_not_opened_by_hand(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    closed, stays = await merged(client)
    body = {"name": "Другое", "kind": closed["kind"]}
    path = f"/v1/schools/{closed['id']}"
    for explained in ("", "?reason=Решение суда"):
        answer = await client.put(path + explained, json=body)
        assert answer.status_code == 409, answer.text
        assert answer.json()["code"] == "school_reorganised"
        assert "/v1/reorganisations" in answer.json()["detail"]
    same = await client.put(path, json={**body, "closed_on": "2019-09-01"})
    assert (same.status_code, same.json()["name"]) == (200, "Другое")
    path = f"/v1/schools/{stays['id']}"
    body = {"name": stays["name"], "kind": stays["kind"]}
    for days, status in (
        ({"opened_on": "2000-09-01"}, 409),
        ({"closed_on": "2019-08-31"}, 409),
        ({"closed_on": "2024-09-01"}, 200),
    ):
        assert (await client.put(path, json={**body, **days})).status_code == status


async def test_a_closed_school_is_opened_again_for_a_reason(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    school = (await schools(client))["ilinskaya"]
    path = f"/v1/schools/{school['id']}"
    body = {"name": school["name"], "kind": school["kind"]}
    closed = await client.put(path, json={**body, "closed_on": "2021-09-01"})
    assert closed.status_code == 200
    for later in (None, "2022-09-01"):
        refused = await client.put(path, json={**body, "closed_on": later})
        assert refused.status_code == 422
        assert refused.json()["faults"][0]["column"] == "reason"
    opened = await client.put(f"{path}?reason=Решение суда", json=body)
    assert (opened.status_code, opened.json()["closed_on"]) == (200, None)
    trail = await client.get(f"/v1/audit?entity=school&entity_id={school['id']}")
    entries = trail.json()["items"]
    assert "Решение суда" in {entry["reason"] for entry in entries}


async def test_an_alias_does_not_mean_another_school(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    found = await schools(client)
    own, other = found["ilinskaya"]["id"], found["solgonskaya"]
    free = {"school_id": other["id"], "alias": "Школа у реки"}
    assert (await client.post("/v1/school-aliases", json=free)).status_code == 201
    for alias in (other["name"].upper(), "школа «у реки»"):
        row = {"school_id": own, "alias": alias}
        answer = await client.post("/v1/school-aliases", json=row)
        assert answer.status_code == 422, answer.text
        [fault] = answer.json()["faults"]
        assert fault["column"] == "alias"
        assert other["name"] in fault["reason"]
        file = workbook(tuple(row), tuple(row.values()))
        preview = await upload(client, "school-aliases", file)
        assert preview["counts"]["bad"] == 1


async def test_works_that_a_school_closed_in_mid_year_cannot_have_written_are_refused(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    closed, stays = await merged(client, day="2020-01-13")
    body = {**RESULT, "school_id": closed["id"], "academic_year": 2019}
    late = await client.post("/v1/results", json={**body, "written_on": "2020-01-13"})
    assert late.status_code == 422
    [fault] = late.json()["faults"]
    assert (fault["column"], fault["value"]) == ("written_on", "2020-01-13")
    assert stays["name"] in fault["reason"]
    timely = await client.post("/v1/results", json={**body, "written_on": "2020-01-10"})
    assert timely.status_code == 201, timely.text
    columns = (*RESULT, "school_id", "academic_year", "n", "written_on")
    values = (*RESULT.values(), closed["id"], 2019, 10)
    file = workbook(columns, (*values, "2020-01-09"), (*values, "2020-01-14"))
    preview = await upload(client, "results", file)
    assert (preview["counts"]["new"], preview["counts"]["bad"]) == (1, 1)
    [fault] = preview["bad_rows"][0]["faults"]
    assert (fault["column"], fault["value"]) == ("written_on", "2020-01-14")
