"""Steps of the life of methods, taken through the API."""

from typing import Any

import httpx

from tests.api.methods.rows import content_of

URL = "/v1/methods"
PERIODS = "/v1/method-periods"
ANY = {"If-Match": "*"}


def order(**changes: Any) -> dict[str, Any]:
    """Return an order with its reason."""
    return {
        "order_body": "Управление образования",
        "order_number": "112",
        "order_on": "2020-09-01",
        "reason": "Решение методического совета",
    } | changes


def local(**changes: Any) -> dict[str, Any]:
    """Return the content of a ranking of a municipality's own."""
    content = content_of(**changes)
    content["provenance"] = {
        path: {"kind": "local", "source": "Приказ № 112"}
        for path in content["provenance"]
    }
    return content


async def drafted(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """Draft a method and return the answer."""
    answer = await client.post(URL, json=local(**changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def approved(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """Draft a method, approve it, and return the answer."""
    draft = await drafted(client, **changes)
    answer = await client.post(
        f"{URL}/{draft['id']}/approve", json=order(), headers=ANY
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def enforced(
    client: httpx.AsyncClient, method_id: int, **period: Any
) -> dict[str, Any]:
    """Put a method into force from 2018 on, unless told otherwise."""
    answer = await client.post(
        f"{URL}/{method_id}/periods", json=order() | {"valid_from": 2018} | period
    )
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def shipped(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return the ranking that ships with the system."""
    items = (await client.get(URL, params={"code": "quality-of-results"})).json()
    found: dict[str, Any] = items["items"][0]
    return found
