"""A school's social passport: what counts make of it, and what is refused."""

from typing import Any

import httpx

from tests.api.records.examples import schools_of
from tests.support.api import ClientAs

YEAR = 2020


async def enrol(client: httpx.AsyncClient, school_id: int, pupils: int) -> None:
    body = {"school_id": school_id, "academic_year": YEAR, "pupils": pupils}
    answer = await client.post("/v1/enrolments", json=body)
    assert answer.status_code == 201, answer.text


async def write(
    client: httpx.AsyncClient, school_id: int, **shares: float
) -> httpx.Response:
    body: dict[str, Any] = {"school_id": school_id, "academic_year": YEAR}
    return await client.post("/v1/social-passports", json=body | shares)


async def test_the_documents_shares_stand_in_one_row_a_school(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    rows = (await client.get("/v1/social-passports")).json()["items"]
    (school,) = await schools_of(client, "krutoyarskaya")
    (passport,) = [row for row in rows if row["school_id"] == school["id"]]
    known = {
        name: value
        for name, value in passport.items()
        if value is not None and name.startswith(("low", "bussed", "special", "poor"))
    }
    assert known == {
        "bussed_percent": 62,
        "bussed_count": 251,
        "bussed_localities": 7,
        "low_income_percent": 64,
        "low_income_count": 262,
        "special_needs_percent": 19,
        "special_needs_count": 78,
    }
    assert len(rows) == 8
    assert {(row["academic_year"], row["provenance"]) for row in rows} == {
        (2019, "document")
    }


async def test_a_count_becomes_a_share_of_the_enrolment(client_as: ClientAs) -> None:
    client = await client_as("uzhur.ilinskaya")
    (school,) = await schools_of(client, "ilinskaya")
    await enrol(client, school["id"], 184)
    made = await write(client, school["id"], bussed_count=27)
    assert made.status_code == 201, made.text
    assert made.json()["bussed_percent"] == 14.67


async def test_every_share_that_cannot_be_is_named(client_as: ClientAs) -> None:
    client = await client_as("uzhur.ilinskaya")
    (school,) = await schools_of(client, "ilinskaya")
    await enrol(client, school["id"], 184)
    refused = await write(
        client,
        school["id"],
        both_parents_higher_education_percent=60,
        one_parent_higher_education_percent=41,
        good_housing_percent=60,
        poor_housing_percent=30,
        large_families_count=185,
        bussed_count=27,
        bussed_percent=30,
    )
    assert refused.status_code == 422
    faults = {fault["column"]: fault["reason_en"] for fault in refused.json()["faults"]}
    assert faults.keys() == {
        "one_parent_higher_education_percent",
        "poor_housing_percent",
        "large_families_count",
        "bussed_percent",
    }
    assert faults["bussed_percent"] == (
        "27 of 184 pupils are 14.67 %. Correct the share or the number, or leave the "
        "share out: it will be computed."
    )
    beyond = await write(client, school["id"], bussed_percent=100.5)
    assert beyond.json()["faults"][0]["column"].endswith("bussed_percent")
    own = {"school_id": school["id"], "academic_year": YEAR}
    rows = (await client.get("/v1/social-passports", params=own)).json()["items"]
    assert rows == []
