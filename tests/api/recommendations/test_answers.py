"""A recommendation to a school: issued, answered, returned, accepted, overdue."""

from typing import Any

import httpx
import pytest

from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs

SCHOOL, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"


async def issue(
    client: httpx.AsyncClient, places: Places, **fields: Any
) -> httpx.Response:
    body = {
        "school_id": places.schools[SCHOOL],
        "title": "Математика, 5 класс",
        "text": "Провести диагностику вычислительных навыков",
        "grounds": "Рейтинг школ за 2018/2019 учебный год",
        "ranking_run_id": 1,
        "issued_on": "2020-09-15",
        "due_on": "2020-09-25",
        "issued_by": "Методист",
    }
    return await client.post("/v1/recommendations", json=body | fields)


async def test_a_school_answers_until_its_answer_is_accepted(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    issued = (await issue(office, places)).json()
    address = f"/v1/recommendations/{issued['id']}"
    answer = {"answer": "Проведена", "done_on": "2020-09-16"}
    first = await school.post(f"{address}/answer", json=answer)
    assert (first.json()["status"], first.json()["answered_on"]) == (
        "answered",
        "2020-09-16",
    )
    twice = await school.post(f"{address}/answer", json=answer)
    assert (twice.status_code, twice.json()["code"]) == (
        409,
        "recommendation_wrong_state",
    )
    back = await office.post(f"{address}/return", json={"remark": "По классам"})
    assert back.json()["possible_steps"] == ["answer"]
    await school.post(f"{address}/answer", json=answer | {"answer": "По классам: …"})
    closed = await office.post(f"{address}/accept", json={})
    assert (closed.json()["status"], closed.json()["accepted_on"]) == (
        "accepted",
        "2020-09-16",
    )
    history = (await school.get(f"{address}/history")).json()["items"]
    assert [each["action"] for each in history] == [
        "create",
        "answer",
        "return",
        "answer",
        "accept",
    ]
    assert history[2]["changes"]["remark"] == [None, "По классам"]
    body = {
        name: issued[name]
        for name in (
            "school_id",
            "text",
            "grounds",
            "ranking_run_id",
            "issued_on",
            "due_on",
        )
    }
    changed = await office.put(address, json=body | {"title": "Другое"})
    assert (changed.status_code, changed.json()["code"]) == (
        409,
        "recommendation_answered",
    )


async def test_what_is_not_answered_in_time_is_overdue(
    client_as: ClientAs, places: Places
) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    late = (await issue(office, places)).json()
    answered = (await issue(office, places, title="Физика")).json()
    await issue(office, places, title="Химия", due_on="2021-01-20")
    assert late["is_overdue"] is False
    await office.post(
        f"/v1/recommendations/{answered['id']}/answer",
        json={"answer": "Сделано", "done_on": "2020-09-16"},
    )
    moved = await admin.put("/v1/clock", json={"now": "2020-09-26T01:00:00+07:00"})
    moved.raise_for_status()
    answer = await office.get("/v1/recommendations", params={"is_overdue": True})
    assert [row["id"] for row in answer.json()["items"]] == [late["id"]]
    school = await client_as(SCHOOL)
    own = (await school.get("/v1/recommendations")).json()["items"]
    assert [row["is_overdue"] for row in own] == [True, False, False]


async def test_others_neither_issue_nor_answer(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    assert (await issue(school, places)).status_code == 403
    number = (await issue(office, places)).json()["id"]
    body = {"answer": "Сделано", "done_on": "2020-09-16"}
    neighbour = await client_as(OTHER)
    url = f"/v1/recommendations/{number}/answer"
    assert (await neighbour.post(url, json=body)).status_code == 404
    future = await school.post(url, json=body | {"done_on": "2020-09-17"})
    assert future.status_code == 422
    assert future.json()["faults"][0]["column"] == "done_on"


async def test_it_follows_from_the_schools_own_sign_or_from_a_run(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    signs = (await office.get("/v1/objectivity-signs")).json()["items"]
    foreign = next(row for row in signs if row["school_id"] != places.schools[SCHOOL])
    refused = await issue(office, places, objectivity_sign_id=foreign["id"])
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["column"] == "objectivity_sign_id"
    own = await issue(
        office,
        places,
        school_id=foreign["school_id"],
        objectivity_sign_id=foreign["id"],
    )
    assert own.status_code == 201, own.text


@pytest.mark.parametrize(
    ("grounds", "column"),
    [
        ("ranking", "ranking_run_id"),
        ("По итогам рейтинга школ", "ranking_run_id"),
        ("Признаки необъективности ВПР", "objectivity_sign_id"),
        ("Целевой показатель 3", "target_indicator_id"),
    ],
)
async def test_grounds_that_have_a_row_refer_to_it(
    client_as: ClientAs, places: Places, grounds: str, column: str
) -> None:
    office = await client_as("uzhur")
    answer = await issue(office, places, grounds=grounds, ranking_run_id=None)
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [column]
    free = await issue(office, places, grounds="Беседа", ranking_run_id=None)
    assert free.status_code == 201, free.text
