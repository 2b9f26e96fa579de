"""Decisions, what they are about, the budget, and the school calendar."""

from typing import Any

import httpx
import pytest

from tests.api.exports.reading import csv_rows, xlsx
from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs


async def decide(
    client: httpx.AsyncClient, places: Places, **fields: Any
) -> httpx.Response:
    body = {
        "municipality_id": places.municipalities["uzhur"],
        "programme_id": places.programmes["uzhur"],
        "kind": "order",
        "title": "Об итогах мониторинга",
        "number": "112",
        "decided_on": "2020-09-10",
        "body": "Управление образования",
        "link": "https://example.org/orders/112",
    }
    return await client.post("/v1/decisions", json=body | fields)


async def spend(
    client: httpx.AsyncClient, places: Places, **fields: Any
) -> httpx.Response:
    body = {
        "municipality_id": places.municipalities["uzhur"],
        "programme_id": places.programmes["uzhur"],
        "year": 2021,
        "purpose": "Курсы повышения квалификации",
        "source": "municipal",
        "planned": "0.10",
    }
    return await client.post("/v1/budget-items", json=body | fields)


async def test_a_decision_is_about_schools_measures_or_recommendations(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    decision = (await decide(office, places)).json()
    measures = await office.get(
        f"/v1/programmes/{places.programmes['uzhur']}/measures", params={"limit": 1}
    )
    owner = {
        "municipality_id": decision["municipality_id"],
        "decision_id": decision["id"],
    }
    school = {"about_school_id": places.schools["uzhur.ilinskaya"]}
    for subject in (school, {"measure_id": measures.json()["items"][0]["id"]}):
        answer = await office.post("/v1/decision-subjects", json=owner | subject)
        assert answer.status_code == 201, answer.text
    again = await office.post("/v1/decision-subjects", json=owner | school)
    assert again.status_code == 409
    nothing = await office.post("/v1/decision-subjects", json=owner)
    foreign = places.schools["zhigalovo.synthetic-basic-2"]
    abroad = await office.post(
        "/v1/decision-subjects", json=owner | {"about_school_id": foreign}
    )
    for refused in (nothing, abroad):
        assert refused.status_code == 422
        assert refused.json()["faults"][0]["column"] == "about_school_id"
    listed = await office.get(
        "/v1/decision-subjects", params={"decision_id": decision["id"]}
    )
    assert len(listed.json()["items"]) == 2
    used = await office.delete(f"/v1/decisions/{decision['id']}")
    assert (used.status_code, used.json()["code"]) == (409, "record_in_use")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link", "javascript:alert(1)"),
        ("body", "Начальник управления А.Б. Петрова"),
        ("decided_on", "2020-09-17"),
    ],
)
async def test_a_decision_with_a_name_a_false_link_or_a_day_to_come_is_refused(
    client_as: ClientAs, places: Places, field: str, value: str
) -> None:
    answer = await decide(await client_as("uzhur"), places, **{field: value})
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [field]


async def test_amounts_are_exact_and_add_up_by_year_and_source(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    items: list[dict[str, Any]] = [
        {"spent": "0.30"},
        {"purpose": "Командировки", "planned": "0.20"},
        {"source": "regional", "planned": "999999999999.99", "spent": "0.01"},
        {"year": 2022, "planned": "10"},
    ]
    for item in items:
        answer = await spend(office, places, **item)
        assert answer.status_code == 201, answer.text
    number = places.programmes["uzhur"]
    totals = (await office.get(f"/v1/programmes/{number}/budget-totals")).json()
    assert (totals["items"], totals["planned"], totals["spent"]) == (
        4,
        "1000000000010.29",
        "0.31",
    )
    first, second = totals["years"]
    assert (first["year"], first["items_not_spent"]) == (2021, 1)
    municipal, regional = first["sources"]
    assert (municipal["planned"], municipal["spent"], municipal["remaining"]) == (
        "0.30",
        "0.30",
        "0.00",
    )
    assert regional["remaining"] == "999999999999.98"
    assert (second["planned"], second["spent"]) == ("10.00", "0.00")
    lines = await csv_rows(office, "budget-items")
    assert [line["planned"] for line in lines] == [
        "0,10",
        "0,20",
        "999999999999,99",
        "10,00",
    ]
    assert (await xlsx(office, "budget-items")).rows[0]["spent"] == 0.3
    halves = await spend(office, places, purpose="Прочее", planned="0.005")
    assert halves.status_code == 422


async def test_a_budget_is_of_a_year_of_its_programme(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    answers = {
        year: await spend(office, places, year=year)
        for year in (2019, 2020, 2022, 2023, 2035)
    }
    assert [each.status_code for each in answers.values()] == [422, 201, 201, 422, 422]
    [fault] = answers[2035].json()["faults"]
    assert (fault["column"], fault["value"]) == ("year", "2035")
    assert "2020–2022" in fault["reason_ru"]
    moved = await office.put(
        answers[2020].headers["Location"],
        json={
            name: answers[2020].json()[name]
            for name in (
                "municipality_id",
                "programme_id",
                "purpose",
                "source",
                "planned",
            )
        }
        | {"year": 2035},
    )
    assert moved.status_code == 422


async def test_a_school_reads_decisions_and_the_budget_and_writes_neither(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    await decide(office, places)
    await spend(office, places)
    for dataset in ("decisions", "budget-items"):
        assert len((await school.get(f"/v1/{dataset}")).json()["items"]) == 1
        abroad = await client_as("zhigalovo")
        assert (await abroad.get(f"/v1/{dataset}")).json()["items"] == []
    assert (await decide(school, places, number="113")).status_code == 403


async def test_quarters_lie_in_their_year_and_apart(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")

    async def quarter(number: int, starts_on: str, ends_on: str) -> httpx.Response:
        body = {
            "municipality_id": places.municipalities["uzhur"],
            "academic_year": 2024,
            "kind": "quarter",
            "number": number,
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        return await office.post("/v1/school-calendar", json=body)

    first = await quarter(1, "2024-09-02", "2024-10-25")
    assert first.status_code == 201, first.text
    overlapping = await quarter(2, "2024-10-25", "2024-12-28")
    outside = await quarter(2, "2024-11-05", "2025-09-01")
    assert [each.status_code for each in (overlapping, outside)] == [422, 422]
    assert str(first.json()["id"]) in overlapping.json()["faults"][0]["reason"]
    assert outside.json()["faults"][0]["column"] == "ends_on"
    body = {
        name: first.json()[name]
        for name in ("municipality_id", "academic_year", "kind", "number", "starts_on")
    }
    longer = await office.put(
        first.headers["Location"], json=body | {"ends_on": "2024-10-27"}
    )
    assert longer.json()["ends_on"] == "2024-10-27"


async def test_figures_of_the_district_are_written_and_corrected(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    body = {
        "municipality_id": places.municipalities["uzhur"],
        "code": "mentors_total",
        "title": "Педагогов-наставников",
        "value": 41,
        "unit": "people",
        "year": 2020,
    }
    made = await office.post("/v1/municipal-figures", json=body)
    assert made.status_code == 201, made.text
    changed = await office.put(made.headers["Location"], json=body | {"value": 44})
    assert (changed.json()["value"], changed.json()["version"]) == (44, 2)
    school = await client_as("uzhur.ilinskaya")
    assert (await school.post("/v1/municipal-figures", json=body)).status_code == 403
