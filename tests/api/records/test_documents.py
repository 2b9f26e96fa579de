"""Uzhur's real facts through the API, each with where it is from."""

from typing import Any

import httpx
import pytest

from tests.support.api import ClientAs


async def rows(client: httpx.AsyncClient, dataset: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/v1/{dataset}", params={"limit": 500})
    answer.raise_for_status()
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def school_id(client: httpx.AsyncClient, code: str) -> int:
    schools = (await client.get("/v1/schools")).json()["items"]
    return next(int(school["id"]) for school in schools if school["code"] == code)


async def test_staff_vacancies_and_signs_are_there(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    berezovologskaya = await school_id(client, "berezovologskaya")
    [staff] = [
        row
        for row in await rows(client, "staff-profiles")
        if row["school_id"] == berezovologskaya
    ]
    assert staff["external_part_timers"] == 8
    assert len(staff["external_part_timers_subjects"]) == 10
    assert (staff["load_mean_hours"], staff["load_max_hours"]) == (15.7, 28)
    assert staff["teachers_without_training"] == 1
    vacancies = [
        row["subject"]
        for row in await rows(client, "vacancies")
        if row["school_id"] == berezovologskaya and row["year"] == 2018
    ]
    assert sorted(vacancies) == ["Иностранный язык", "Математика"]
    signs = [row for row in await rows(client, "objectivity-signs") if row["has_sign"]]
    assert [(sign["year"], sign["school_id"]) for sign in signs] == [
        (2019, await school_id(client, "ozerouchumskaya"))
    ]


async def test_eight_schools_are_on_the_list_of_2020(client_as: ClientAs) -> None:
    listed = await rows(await client_as("uzhur"), "list-memberships")
    assert len(listed) == 8
    assert {(row["list_kind"], row["year"]) for row in listed} == {
        ("low_results", 2020)
    }


async def test_the_published_ranges_of_the_index_are_there(
    client_as: ClientAs,
) -> None:
    ranges = await rows(await client_as("uzhur"), "condition-index-ranges")
    found = {(r["year"], r["area"]): (r["lowest"], r["highest"]) for r in ranges}
    assert found == {
        (2017, "municipality"): (0.28, 0.58),
        (2018, "municipality"): (0.29, 0.45),
        (2019, "municipality"): (0.33, 0.46),
        (2017, "region"): (0.16, 0.78),
        (2018, "region"): (0.16, 0.65),
        (2019, "region"): (0.26, 0.58),
    }


@pytest.mark.parametrize(
    "dataset",
    [
        "staff-profiles",
        "vacancies",
        "objectivity-signs",
        "list-memberships",
    ],
)
async def test_a_school_reads_its_own_facts_only(
    client_as: ClientAs, dataset: str
) -> None:
    school = await client_as("uzhur.ilinskaya")
    own = await school_id(school, "ilinskaya")
    seen = {row["school_id"] for row in await rows(school, dataset)}
    assert seen == {own}
    assert await rows(await client_as("zhigalovo"), dataset) == []
