"""Writing school programmes as the tests of them do."""

from typing import Any

import httpx

from tests.api.mentoring.conftest import Places

SCHOOL = "uzhur.ilinskaya"
EXPERTISE = {
    "level": "municipal",
    "expert_position": "Методист управления образования",
    "reviewed_on": "2020-09-16",
    "remarks": ["Уточните исходные значения"],
}


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Post what must be accepted."""
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def draft(
    client: httpx.AsyncClient, places: Places, **fields: Any
) -> dict[str, Any]:
    """Write a school's programme without any content."""
    body = {
        "school_id": places.schools[SCHOOL],
        "programme_id": places.programmes["uzhur"],
        "title": "Программа перехода в эффективный режим",
        "goal": "Повысить качество обучения математике",
        "tasks": ["Восполнить дефициты учителей"],
        "starts_on": "2020-09-10",
        "ends_on": "2022-05-31",
    }
    return await post(client, "school-programmes", body | fields)


async def fill(client: httpx.AsyncClient, programme: dict[str, Any]) -> dict[str, Any]:
    """Give a programme an indicator and a measure; return the measure."""
    owner = {
        "school_id": programme["school_id"],
        "school_programme_id": programme["id"],
    }
    await post(
        client,
        "school-programme-indicators",
        owner
        | {
            "title": "Доля «4» и «5» по математике",
            "unit": "%",
            "baseline": 31.5,
            "target": 40,
            "target_on": "2022-05-31",
        },
    )
    return await post(
        client,
        "school-programme-measures",
        owner
        | {
            "title": "Педсовет по итогам диагностики",
            "starts_on": "2020-09-14",
            "due_on": "2020-10-30",
        },
    )
