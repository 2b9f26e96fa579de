"""Steps with a ranking that is published."""

from typing import Any

import httpx

URL = "/v1/ranking-publications"
WINDOW = {"objections_from": "2020-01-01", "objections_until": "2030-12-31"}

Json = dict[str, Any]


async def post(
    client: httpx.AsyncClient, path: str, body: Json, status: int = 200
) -> Json:
    answer = await client.post(f"{URL}{path}", json=body)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def drafted(client: httpx.AsyncClient, **window: str) -> Json:
    """Draft the current ranking of the newest year, with a wide window."""
    ranking = (await client.get("/v1/rankings")).json()
    body = {"run_id": ranking["run_id"], **WINDOW, **window}
    return await post(client, "", body, 201)


async def objected(
    client: httpx.AsyncClient, publication: int, school_id: int, status: int = 201
) -> Json:
    body = {"school_id": school_id, "figure": "value", "text": "Не та параллель"}
    return await post(client, f"/{publication}/objections", body, status)
