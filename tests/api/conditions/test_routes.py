"""Conditions over HTTP, as offices and schools see them."""

from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.support.api import ClientAs

Json = dict[str, Any]
YEAR = 2020
# Shares beyond those of the index, by which schools are likened to each other.
OTHERS = {
    "large_families": 1,
    "incomplete_families": 2,
    "disabled_parent": 0.5,
    "commission_register": 0.25,
    "special_needs": 0.75,
}


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> Json:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


async def schools_of(client: httpx.AsyncClient) -> dict[str, int]:
    listed = await get(client, "/v1/schools?limit=100")
    return {school["code"]: school["id"] for school in listed["items"]}


async def fill(client: httpx.AsyncClient) -> dict[str, int]:
    """Give each school a passport and a result, harder and weaker one by one."""
    schools = await schools_of(client)
    for place, school_id in enumerate(schools.values()):
        passport = {
            "school_id": school_id,
            "academic_year": YEAR,
            "both_parents_higher_education_percent": 40 - 2 * place,
            "bussed_percent": 4 * place,
            "school_register_percent": place % 3,
            "low_income_percent": 5 * place,
            **{f"{name}_percent": 10 + place * step for name, step in OTHERS.items()},
        }
        result = {
            "school_id": school_id,
            "procedure": "district_kim",
            "subject": "mathematics",
            "programme_grade": 5,
            "pupil_grade": 5,
            "academic_year": YEAR,
            "n2": place,
            "n3": 5,
            "n4": 9,
            "n5": 3,
        }
        for address, body in (
            ("/v1/social-passports", passport),
            ("/v1/results", result),
        ):
            answer = await client.post(address, json=body)
            assert answer.status_code == 201, answer.text
    return schools


async def test_a_small_district_is_split_by_the_medians_and_explained(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await fill(client)
    await compute_all(database_url)

    conditions = await get(client, f"/v1/conditions?academic_year={YEAR}")

    model, method = conditions["model"], conditions["method"]
    assert model["basis"] == "quadrants"
    assert model["basis_reason"] == "too_few_schools"
    assert model["schools"] == model["schools_with_index"] == len(schools)
    assert (model["index_low"], model["index_high"]) != (None, None)
    assert method["code"] == "conditions-of-schools"
    assert method["provenance"]["signs"]["kind"] == "document"
    assert method["provenance"]["weights"]["kind"] == "unconfirmed"
    assert method["content"]["expected"]["minimum_schools"] == 20
    run = f"/v1/conditions/{conditions['run_id']}"
    first = await get(client, f"{run}/schools?limit=2")
    rest = await get(client, f"{run}/schools?limit=500&after={first['next_after']}")
    listed = first["items"] + rest["items"]
    assert {each["school_id"] for each in listed} == set(schools.values())
    assert {each["status"] for each in listed} == {"not_assessable"}
    hard = await get(client, f"{run}/schools?difficulty=difficult")
    assert len(hard["items"]) == len(schools) // 3

    for each in listed[:3]:
        school = await get(client, f"{run}/schools/{each['school_id']}")
        parts = [part["contribution"] for part in school["shares"]]
        known = [part for part in parts if part is not None]
        assert len(known) == 4
        assert sum(known) == pytest.approx(school["index"])
        assert school["basis"] == "quadrants"
    assert (await get(client, run))["run_id"] == conditions["run_id"]
    runs = await get(client, f"/v1/condition-runs?academic_year={YEAR}")
    assert runs["items"][0]["run_id"] == conditions["run_id"]


async def test_a_school_sees_itself_and_the_names_of_its_peers(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    schools = await fill(office)
    await compute_all(database_url)
    own = schools["ilinskaya"]
    school = await client_as("uzhur.ilinskaya")
    conditions = await get(school, f"/v1/conditions?academic_year={YEAR}")
    run = f"/v1/conditions/{conditions['run_id']}"

    listed = await get(school, f"{run}/schools")
    peers = await get(school, f"{run}/schools/{own}/peers")
    seen_by_office = await get(office, f"{run}/schools/{own}/peers")

    assert [each["school_id"] for each in listed["items"]] == [own]
    foreign = next(each for each in schools.values() if each != own)
    await get(school, f"{run}/schools/{foreign}", 404)
    await get(school, f"{run}/schools/{foreign}/peers", 404)
    distances = [each["distance"] for each in peers["peers"]]
    assert distances == sorted(distances)
    assert len(distances) == 5
    assert {each["index"] for each in peers["peers"]} == {None}
    assert None not in {each["index"] for each in seen_by_office["peers"]}
    assert all(each["school_name"] for each in peers["peers"])
    assert {each["shares_known"] for each in peers["peers"]} == {None}
    assert min(each["shares_known"] for each in seen_by_office["peers"]) > 0
    assert peers["method"]["provenance"]


async def test_the_published_ranges_stand_beside_ours(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    await fill(client)
    await compute_all(database_url)

    items = (await get(client, "/v1/condition-index-comparisons"))["items"]

    by_year = {item["academic_year"]: item for item in items}
    published = {
        year: (
            item["municipality"]["lowest"],
            item["municipality"]["highest"],
            item["region"]["lowest"],
            item["region"]["highest"],
        )
        for year, item in by_year.items()
        if item["municipality"] is not None
    }
    assert published == {
        2017: (0.28, 0.58, 0.16, 0.78),
        2018: (0.29, 0.45, 0.16, 0.65),
        2019: (0.33, 0.46, 0.26, 0.58),
    }
    assert by_year[2019]["region"]["provenance"] == "document"
    computed = by_year[YEAR]["computed"]
    conditions = await get(client, f"/v1/conditions?academic_year={YEAR}")
    assert computed["lowest"] == conditions["model"]["index_low"]
    assert computed["run_id"] == conditions["run_id"]


async def test_what_is_not_there_is_not_found(client_as: ClientAs) -> None:
    client = await client_as("uzhur")

    missing = await get(client, "/v1/conditions?academic_year=2035", 404)
    await get(client, "/v1/conditions/999999999", 404)
    await get(client, "/v1/conditions/999999999/schools", 404)

    assert missing["code"] == "not_computed_yet"
