"""The evidence sheet: nine components from the records, and what is missing."""

from typing import Any

import httpx

from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs

COMPONENTS = [
    "goals",
    "indicators",
    "methods",
    "monitoring",
    "analysis",
    "recommendations",
    "measures",
    "decisions",
    "effect",
]


async def sheet(client: httpx.AsyncClient, programme: int) -> dict[str, Any]:
    answer = await client.get(f"/v1/programmes/{programme}/evidence")
    assert answer.status_code == 200, answer.text
    components = answer.json()["components"]
    assert [each["component"] for each in components] == COMPONENTS
    return {each["component"]: each for each in components}


async def test_what_is_entered_is_evidence_and_what_is_not_is_a_gap(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    before = await sheet(office, number)
    assert before["decisions"]["positions"] == []
    assert before["decisions"]["gaps"] == [
        {"ru": "Решений нет.", "en": "There are no decisions."}
    ]
    unadvised = before["recommendations"]["gaps"][1]["ru"]
    assert unadvised.startswith("Школы перечня без рекомендаций:")
    assert "Рекомендаций нет." in before["recommendations"]["gaps"][0]["ru"]
    assert before["goals"]["gaps"] == []
    assert before["monitoring"]["gaps"][0]["en"] == "There are no results of 2020/2021."

    listed = (await office.get("/v1/list-memberships")).json()["items"]
    advice = await office.post(
        "/v1/recommendations",
        json={
            "school_id": listed[0]["school_id"],
            "title": "Математика",
            "text": "Провести диагностику",
            "grounds": "Рейтинг школ",
            "ranking_run_id": 1,
            "issued_on": "2020-09-15",
            "due_on": "2020-09-15",
        },
    )
    decision = await office.post(
        "/v1/decisions",
        json={
            "municipality_id": places.municipalities["uzhur"],
            "kind": "order",
            "title": "Об итогах мониторинга",
            "number": "112",
            "decided_on": "2020-09-10",
            "body": "Управление образования",
            "link": "https://example.org/orders/112",
        },
    )
    assert (advice.status_code, decision.status_code) == (201, 201)
    after = await sheet(office, number)
    [position] = after["decisions"]["positions"]
    assert position["title"]["ru"] == "№ 112 (2020-09-10): Об итогах мониторинга"
    assert position["link"] == "https://example.org/orders/112"
    assert after["decisions"]["gaps"] == []
    gaps = [gap["ru"] for gap in after["recommendations"]["gaps"]]
    assert gaps[0] == "Просрочены: 1."
    assert listed[0]["school_name"] in unadvised
    assert listed[0]["school_name"] not in gaps[1]


async def test_the_sheet_is_the_districts_own(
    client_as: ClientAs, places: Places
) -> None:
    address = f"/v1/programmes/{places.programmes['uzhur']}/evidence"
    school, abroad = await client_as("uzhur.ilinskaya"), await client_as("zhigalovo")
    assert (await school.get(address)).status_code == 403
    assert (await abroad.get(address)).status_code == 404
