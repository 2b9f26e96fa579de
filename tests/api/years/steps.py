"""Taking steps with years as the tests of them do."""

from typing import Any

import httpx

ORDER = {"order_number": "114-о", "order_on": "2020-09-15"}
BODIES: dict[str, dict[str, Any]] = {
    "submit": {},
    "accept": {},
    "return": {"comment": "Нет результатов 5 класса"},
    "lock": ORDER,
    "unlock": {**ORDER, "reason": "Апелляции рассмотрены"},
}


async def step(
    client: httpx.AsyncClient, school_id: int, name: str, *, year: int = 2019
) -> httpx.Response:
    """Take a step with a school's year."""
    url = f"/v1/schools/{school_id}/data-years/{year}/{name}"
    return await client.post(url, json=BODIES[name])


async def go(
    client: httpx.AsyncClient, school_id: int, *names: str, year: int = 2019
) -> dict[str, Any]:
    """Take steps that must succeed; return how far the year is after the last."""
    state: dict[str, Any] = {}
    for name in names:
        answer = await step(client, school_id, name, year=year)
        assert answer.status_code == 200, answer.text
        state = answer.json()
    return state


async def step_with_all(
    client: httpx.AsyncClient, municipality_id: int, name: str, *, year: int = 2019
) -> httpx.Response:
    """Take a step with the year of a municipality and its schools."""
    url = f"/v1/municipalities/{municipality_id}/data-years/{year}/{name}"
    return await client.post(url, json=BODIES[name])


async def states(client: httpx.AsyncClient, **wanted: Any) -> dict[int, str]:
    """Return the state of each school's year that the client sees."""
    query = {"academic_year": 2019, "limit": 500} | wanted
    answer = await client.get("/v1/data-years", params=query)
    assert answer.status_code == 200, answer.text
    return {row["school_id"]: row["state"] for row in answer.json()["items"]}
