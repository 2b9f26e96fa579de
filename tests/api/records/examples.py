"""Writing the examples of all datasets, with numbers of rows that there are."""

from typing import Any

import httpx

from services.api.datasets.dataset import Dataset
from services.api.datasets.definitions import DATASETS
from services.api.datasets.recording import Recording

# A row that is held against others may not stand beside those of the demonstration.
RECORDED = {
    code: dataset.recording
    for code, dataset in DATASETS.items()
    if dataset.recording is not None and not dataset.recording.siblings
}
BY_TABLE = {
    recording.table.name: DATASETS[code] for code, recording in RECORDED.items()
}


async def write_example(
    client: httpx.AsyncClient, code: str, school: dict[str, Any]
) -> dict[str, Any]:
    """Return the row of the dataset's example at the school, written if need be.

    What the example refers to is written before.
    """
    recording = RECORDED[code]
    body = await example_at(client, recording, school)
    answer = await client.post(f"/v1/{code}", json=body)
    if answer.status_code == 409:
        return await row_with_key(client, DATASETS[code], recording, body)
    assert answer.status_code == 201, (code, answer.text)
    row: dict[str, Any] = answer.json()
    return row


async def example_at(
    client: httpx.AsyncClient, recording: Recording, school: dict[str, Any]
) -> dict[str, Any]:
    """Return the example with numbers of this school and of rows that there are."""
    body = dict(recording.example)
    here = {"school_id": school["id"], "municipality_id": school["municipality_id"]}
    body |= {name: value for name, value in here.items() if name in body}
    if body.get("kind") == "gia_code":
        body["value"] = f"{school['id']:06}"  # no two schools have the same
    if "alias" in body and await _is_of_another(client, body):
        body["alias"] += f" {school['id']}"
    for column, rows in recording.references.items():
        if column in body:
            body[column] = await _referenced(client, rows.__tablename__, school)
    return body


async def _is_of_another(client: httpx.AsyncClient, body: dict[str, Any]) -> bool:
    """Tell whether another school has the alias, which no two schools share."""
    wanted = {"alias": body["alias"]}
    found = (await client.get("/v1/school-aliases", params=wanted)).json()["items"]
    return any(row["school_id"] != body["school_id"] for row in found)


async def _referenced(
    client: httpx.AsyncClient, table: str, school: dict[str, Any]
) -> int:
    """Return the number of a row of the school's municipality, written if need be."""
    if table in BY_TABLE:
        row = await write_example(client, BY_TABLE[table].code, school)
        return int(row["id"])
    listed = (await client.get(f"/v1/{table.replace('_', '-')}")).json()["items"]
    return next(
        int(each["id"])
        for each in listed
        if each["municipality_id"] == school["municipality_id"]
        and (table != "schools" or each["id"] != school["id"])
    )


async def row_with_key(
    client: httpx.AsyncClient,
    dataset: Dataset,
    recording: Recording,
    body: dict[str, Any],
) -> dict[str, Any]:
    """Return the row that has the key of the body."""
    answer = await client.get(f"/v1/{dataset.code}", params={"limit": 500})
    found: list[dict[str, Any]] = [
        row
        for row in answer.json()["items"]
        if all(row[name] == body.get(name) for name in recording.key)
    ]
    assert len(found) == 1, (dataset.code, body)
    return found[0]


async def schools_of(client: httpx.AsyncClient, *codes: str) -> list[dict[str, Any]]:
    """Return the schools with these codes, as the client sees them."""
    schools = (await client.get("/v1/schools", params={"limit": 500})).json()["items"]
    return [school for school in schools if school["code"] in codes]


async def write_result_within_limits(client: httpx.AsyncClient, school_id: int) -> None:
    """Write a result of the paper that the example of limits is about."""
    limits = RECORDED["objectivity-limits"].example
    paper = {name: limits[name] for name in ("procedure", "subject", "programme_grade")}
    marks = {"n2": 1, "n3": 4, "n4": 3, "n5": 2}
    place = {"school_id": school_id, "academic_year": limits["year"]}
    body = {**paper, **marks, **place, "pupil_grade": paper["programme_grade"]}
    answer = await client.post("/v1/results", json=body)
    assert answer.status_code == 201, answer.text
