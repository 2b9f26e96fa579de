"""A filled form refuses what the same row would be refused for, and nothing else."""

from typing import Any

import httpx
import pytest

from services.api.datasets.definitions import DATASETS
from services.api.datasets.recording import Recording
from tests.api.imports.filled_forms import (
    CODES,
    Body,
    bad_rows,
    form_of,
    judged,
    written,
)
from tests.api.imports.test_forms import commit, upload
from tests.api.records.examples import (
    BY_TABLE,
    example_at,
    row_with_key,
    schools_of,
    write_example,
)
from tests.support.api import ClientAs

OK = 300
NOWHERE = 10**9
# The demonstration has a calendar for the year of the example.
FREE = {
    "school-calendar": {
        "academic_year": 2030,
        "starts_on": "2030-09-01",
        "ends_on": "2030-10-25",
    }
}


def recording_of(code: str) -> Recording:
    recording = DATASETS[code].recording
    assert recording is not None
    return recording


async def rows_elsewhere(
    client: httpx.AsyncClient, code: str, school: dict[str, Any]
) -> dict[str, list[int]]:
    """Return numbers that a row may not refer to, or not as its rules want it."""
    found: dict[str, list[int]] = {}
    for column, rows in recording_of(code).references.items():
        found[column] = [NOWHERE]
        if rows.__tablename__ in BY_TABLE:
            dataset = BY_TABLE[rows.__tablename__]
            row = await write_example(client, dataset.code, school)
            found[column].append(row["id"])
    return found


async def answered(client: httpx.AsyncClient, code: str, body: Body) -> httpx.Response:
    """Return what is answered to a row that is written by hand, and take it back."""
    answer = await client.post(f"/v1/{code}", json=body)
    if answer.status_code == 201:
        address = f"/v1/{code}/{answer.json()['id']}"
        assert (await client.delete(address)).status_code == 204
    elif answer.json().get("code") == "record_exists":
        row = await row_with_key(client, DATASETS[code], recording_of(code), body)
        answer = await client.put(f"/v1/{code}/{row['id']}", json=body)
    return answer


@pytest.mark.parametrize("code", CODES)
async def test_a_row_is_refused_in_a_form_where_it_is_refused_by_hand(
    client_as: ClientAs, code: str
) -> None:
    client = await client_as("uzhur")
    school, other = await schools_of(client, "solgonskaya", "ilinskaya")
    body = await example_at(client, recording_of(code), school) | FREE.get(code, {})
    elsewhere = await rows_elsewhere(client, code, other)
    rows = [body, *bad_rows(code, body, elsewhere)]
    differing = []
    refused = 0
    for row, fault in zip(rows, await judged(client, code, rows), strict=True):
        answer = await answered(client, code, row)
        assert answer.status_code < 500, answer.text
        refused += answer.status_code >= OK
        if (answer.status_code < OK) == bool(fault):
            changed = {n: v for n, v in row.items() if v != body.get(n)}
            differing.append((changed, answer.text, fault))
    assert differing == []
    assert refused


@pytest.mark.parametrize("code", CODES)
async def test_a_form_writes_what_the_same_row_by_hand_does(
    client_as: ClientAs, code: str
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    body = await example_at(client, recording_of(code), school) | FREE.get(code, {})
    answer = await client.post(f"/v1/{code}", json=body)
    if answer.status_code == 409:
        by_hand = await row_with_key(client, DATASETS[code], recording_of(code), body)
    else:
        assert answer.status_code == 201, answer.text
        by_hand = answer.json()
    names = [column.name for column in written(code)]
    form = form_of(code, [{name: by_hand[name] for name in names}])
    same = await upload(client, code, form, "form.csv")
    assert same["counts"]["unchanged"] == 1, same
    address = f"/v1/{code}/{by_hand['id']}"
    if (await client.delete(address)).status_code != 204:
        return  # others refer to what the demonstration has
    preview = await upload(client, code, form, "form.csv")
    assert (await commit(client, preview)).json()["new"] == 1
    row = await row_with_key(client, DATASETS[code], recording_of(code), by_hand)
    given = {"id", "created_at"}
    assert {n: v for n, v in row.items() if n not in given} == {
        name: value for name, value in by_hand.items() if name not in given
    } | {"version": 1}
    undone = await client.post(f"/v1/imports/{preview['id']}/undo")
    assert undone.status_code == 200, undone.text
