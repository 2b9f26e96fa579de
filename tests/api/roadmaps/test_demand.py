"""Measures without dates, opened by hand for those who owe them."""

from typing import Any

import httpx
import pytest

from tests.api.roadmaps.conftest import District


async def measures(client: httpx.AsyncClient, *, is_datable: bool) -> list[int]:
    page = await client.get("/v1/exports/measures", params={"format": "csv"})
    header, *lines = page.content.decode("utf-8-sig").splitlines()
    names = header.split(";")
    number, datable = names.index("id"), names.index("is_datable")
    wanted = str(is_datable).lower()
    return [
        int(line.split(";")[number])
        for line in lines
        if line.split(";")[number].isdecimal()
        and line.split(";")[datable].lower() == wanted
    ]


async def schools(client: httpx.AsyncClient) -> dict[str, int]:
    page = await client.get("/v1/schools", params={"limit": 500})
    return {each["code"]: each["id"] for each in page.json()["items"]}


async def test_a_measure_on_demand_is_opened_for_chosen_schools_before_a_day_off(
    district: District,
) -> None:
    places = await schools(district.office)
    measure, *_ = await measures(district.office, is_datable=False)
    body = {
        "measure_id": measure,
        "school_ids": [places["ilinskaya"]],
        "of_municipality": True,
        "due_on": "2020-11-22",
    }
    opened = await district.office.post(
        "/v1/deadlines", json=body, headers={"Accept-Language": "ru"}
    )
    assert opened.status_code == 201, opened.text
    answer = opened.json()
    assert (answer["occurrence"], len(answer["deadlines"])) == (1, 2)
    # 22 November 2020 is a Sunday.
    assert (answer["nominal_due_on"], answer["due_on"]) == ("2020-11-22", "2020-11-20")
    assert "20.11.2020" in answer["notice"]
    own = await district.school.get("/v1/deadlines", params={"due_from": "2020-11-20"})
    mine = [each for each in own.json()["items"] if each["measure_id"] == measure]
    assert [each["id"] for each in mine] == answer["deadlines"][1:]
    again = await district.office.post(
        "/v1/deadlines", json=body | {"due_on": "2020-12-01"}
    )
    assert (again.json()["occurrence"], again.json()["notice"]) == (2, None)


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"due_on": "2020-09-15"}, 422, "invalid_demand"),
        ({"due_on": "2030-01-10"}, 422, "invalid_demand"),
        ({"school_ids": []}, 422, "invalid_demand"),
        ({"school_ids": [10**9]}, 422, "invalid_demand"),
        ({"measure_id": 10**9}, 404, "not_found"),
        ({"measure_id": None}, 409, "measure_dated"),
    ],
)
async def test_what_cannot_be_owed_is_not_opened(
    district: District, fields: dict[str, Any], status: int, code: str
) -> None:
    places = await schools(district.office)
    is_datable = fields == {"measure_id": None}
    measure, *_ = await measures(district.office, is_datable=is_datable)
    body = {
        "measure_id": measure,
        "school_ids": [places["ilinskaya"]],
        "due_on": "2020-11-20",
    } | ({} if is_datable else fields)
    refused = await district.office.post("/v1/deadlines", json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_only_who_answers_for_the_programme_opens_deadlines(
    district: District,
) -> None:
    body = {"measure_id": 1, "school_ids": [1], "due_on": "2020-11-20"}
    refused = await district.school.post("/v1/deadlines", json=body)
    assert refused.status_code == 403
