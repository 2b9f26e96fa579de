"""Who can read a school's data, by which right, and who does not use it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.api_tokens import ApiTokenRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, MENTOR, draft, go
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

Json = dict[str, Any]
SCHOOL = "uzhur.ilinskaya"
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)


async def review(client: httpx.AsyncClient, school_id: int, **params: int) -> Json:
    answer = await client.get(f"/v1/schools/{school_id}/access-review", params=params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def lend(client: httpx.AsyncClient, address: str, school_id: int) -> Json:
    body = {
        "name": "Портал",
        "scopes": ["results:read"],
        "school_id": school_id,
        "expires_at": (system_now() + timedelta(days=30)).isoformat(),
    }
    answer = await client.post(address, json=body)
    assert answer.status_code == 201, answer.text
    lent: Json = answer.json()
    return lent


def of(found: Json, kind: str) -> list[Json]:
    return [each for each in found["access"] if each["kind"] == kind]


async def test_a_review_names_everybody_who_reaches_the_school_and_how(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    abroad = await client_as("zhigalovo")
    number = places.schools[MENTEE]
    token = await lend(office, "/v1/api-tokens", number)
    client = await lend(office, "/v1/clients", number)
    elsewhere = await lend(office, "/v1/api-tokens", places.schools[MENTOR])
    agreed = await draft(office, places, shared_datasets=["results"])
    before = await review(office, number)
    await go(office, agreed["id"], "propose", "sign", "activate")

    found = await review(office, number)

    levels = {(each["level"], each["role"]) for each in of(found, "account")}
    assert {
        ("installation", "administrator"),
        ("municipality", "municipal_coordinator"),
        ("school", "school_editor"),
    } <= levels
    editors = [each for each in of(found, "account") if each["level"] == "school"]
    assert all("results:read" in each["permissions"] for each in editors)
    assert editors[0]["last_used_at"] is not None
    assert [each["id"] for each in of(found, "api_token")] == [token["id"]]
    assert token["id"] != elsewhere["id"]
    assert [each["id"] for each in of(found, "client")] == [client["id"]]
    assert of(found, "client")[0]["permissions"] == ["results:read"]
    assert of(before, "agreement") == []
    (agreement,) = of(found, "agreement")
    assert (agreement["id"], agreement["shared_datasets"]) == (
        agreed["id"],
        ["results"],
    )
    revoked = await office.delete(f"/v1/api-tokens/{token['id']}")
    assert revoked.status_code == 204
    assert of(await review(office, number), "api_token") == []
    assert (await school.get(f"/v1/schools/{number}/access-review")).status_code == 403
    foreign = await abroad.get(f"/v1/schools/{number}/access-review")
    assert foreign.status_code == 404
    kept = await office.get("/v1/audit", params={"entity": "school_access"})
    assert {each["action"] for each in kept.json()["items"]} == {"review"}


async def test_what_nobody_uses_is_named_until_it_is_used(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, number = await client_as("uzhur"), places.schools[MENTEE]
    token = await lend(office, "/v1/api-tokens", number)
    async with begin_as_system(engine) as work:
        for table in (ApiTokenRow, UserRow):
            await work.session.execute(update(table).values(created_at=LONG_AGO))

    found = await review(office, number, unused_days=30)
    accounts = await office.get(
        "/v1/accounts", params={"unused_days": 30, "limit": 500}
    )
    tokens = await office.get("/v1/api-tokens", params={"unused_days": 30})
    await client_as(SCHOOL)
    later = await office.get("/v1/accounts", params={"unused_days": 30, "limit": 500})

    unused = {
        (each["kind"], each["id"]) for each in found["access"] if each["is_unused"]
    }
    assert ("api_token", token["id"]) in unused
    assert found["n_unused"] == len(unused)
    assert [each["id"] for each in tokens.json()["items"]] == [token["id"]]
    logins = {each["login"] for each in accounts.json()["items"]}
    assert SCHOOL in logins
    assert "uzhur" not in logins  # it is signed in
    assert SCHOOL not in {each["login"] for each in later.json()["items"]}
