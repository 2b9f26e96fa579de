"""Steps of an agreement's life, as callers of the api take them."""

from typing import Any

import httpx

from tests.api.mentoring.conftest import Places

URL = "/v1/mentoring-agreements"
MENTOR = "uzhur.uzhurskaya-1"
MENTEE = "uzhur.ilinskaya"
THIRD = "uzhur.uzhurskaya-2"
ON_LOW_LIST = "uzhur.krutoyarskaya"
ABROAD = "zhigalovo"
EVALUATION = {
    "goal_reached": "partly",
    "indicator": "Доля двоек по математике, %",
    "before": 31.0,
    "after": 18.5,
    "comment": "Продолжить с пятыми классами",
}
ANY_VERSION = {"If-Match": "*"}


def body(places: Places, **changes: Any) -> dict[str, Any]:
    """Return a draft that may go all its way, with some fields changed."""
    return {
        "programme_id": places.programmes["uzhur"],
        "mentor_school_id": places.schools[MENTOR],
        "mentee_school_id": places.schools[MENTEE],
        "problem": "Математика в 5–6 классах",
        "starts_on": "2020-09-16",
        "ends_on": "2021-05-31",
        "goals": ["Снизить долю двоек по математике до 15 %"],
        "plan": [
            {
                "title": "Взаимные уроки",
                "due_on": min("2020-11-20", changes.get("ends_on", "2021-05-31")),
            }
        ],
        **changes,
    }


async def draft(
    client: httpx.AsyncClient, places: Places, **changes: Any
) -> dict[str, Any]:
    """Draft an agreement and return it."""
    answer = await client.post(URL, json=body(places, **changes))
    assert answer.status_code == 201, answer.text
    drafted: dict[str, Any] = answer.json()
    return drafted


async def perform(
    client: httpx.AsyncClient,
    agreement_id: int,
    action: str,
    *,
    if_match: str = "*",
    **more: Any,
) -> httpx.Response:
    """Take the agreement one step further, by default from whatever version it has.

    A completion has a joint evaluation, unless another one is given, or None.
    """
    if action == "complete":
        more = {"evaluation": EVALUATION} | more
    return await client.post(
        f"{URL}/{agreement_id}/transitions",
        json={"action": action, **more},
        headers={"If-Match": if_match},
    )


async def go(
    client: httpx.AsyncClient, agreement_id: int, *actions: str
) -> dict[str, Any]:
    """Take several steps; ``sign`` gives both signatures."""
    after: dict[str, Any] = {}
    for action in actions:
        for more in _variants(action):
            answer = await perform(client, agreement_id, action, **more)
            assert answer.status_code == 200, answer.text
            after = answer.json()
    return after


def _variants(action: str) -> list[dict[str, str]]:
    match action:
        case "sign":
            return [{"side": "mentor"}, {"side": "mentee"}]
        case "terminate":
            return [{"reason": "Школа-наставник реорганизуется"}]
        case _:
            return [{}]


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
