"""The public sees a municipality once that has decided so, by an order."""

from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.support.api import ClientAs

ORDER = {"order_number": "45-о", "order_on": "2020-09-10", "reason": "Открытость"}


async def shown(client: httpx.AsyncClient) -> set[str]:
    items = (await client.get("/v1/public/municipalities")).json()["items"]
    return {each["code"] for each in items}


async def decide(
    client: httpx.AsyncClient, municipality_id: int, **decision: Any
) -> httpx.Response:
    address = f"/v1/municipalities/{municipality_id}/public-view"
    return await client.put(address, json=ORDER | decision)


async def test_a_municipality_is_public_from_its_decision_until_the_next(
    client: httpx.AsyncClient, client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    (own,) = (await office.get("/v1/municipalities")).json()["items"]
    assert (own["is_public"], await shown(client)) == (True, {"uzhur", "zhigalovo"})
    answer = await decide(office, own["id"], is_public=False)
    assert (answer.status_code, answer.json()["is_public"]) == (200, False)
    assert await shown(client) == {"zhigalovo"}
    address = f"/v1/public/municipalities/{own['id']}/results?academic_year=2018"
    hidden = await client.get(address)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
    async with begin_as_system(engine) as work:
        sums = "SELECT count(*) FROM tenancy.public_results(:number, 2018)"
        assert await work.session.scalar(text(sums), {"number": own["id"]}) == 0
    entries = await office.get("/v1/audit", params={"entity": "municipality"})
    entry = entries.json()["items"][0]
    assert (entry["action"], entry["reason"]) == ("withhold", "Открытость")
    assert entry["changes"]["order"] == [None, "45-о, 2020-09-10"]
    late = await decide(office, own["id"], is_public=True, order_on="2020-12-01")
    assert (late.status_code, await shown(client)) == (422, {"zhigalovo"})
    assert (await decide(office, own["id"], is_public=True)).status_code == 200
    assert (await client.get(address)).status_code == 200
    for login, status in (("zhigalovo", 404), ("uzhur.ilinskaya", 403)):
        other = await client_as(login)
        refused = await decide(other, own["id"], is_public=False)
        assert refused.status_code == status


async def test_a_new_municipality_waits_for_its_decision(
    client: httpx.AsyncClient, client_as: ClientAs
) -> None:
    admin = await client_as("admin")
    region = (await admin.get("/v1/regions")).json()["items"][0]["id"]
    body = {
        "region_id": region,
        "code": "kabansk",
        "name": "Кабанский район",
        "time_zone": "Asia/Irkutsk",
    }
    made = await admin.post("/v1/municipalities", json=body)
    assert (made.status_code, made.json()["is_public"]) == (201, False)
    assert "kabansk" not in await shown(client)
