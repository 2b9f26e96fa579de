"""Files that are committed and taken back while others do the same, or write."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.reading import entries_after, last_number
from tests.api.imports.test_form_states import KEYS, body_of, previewed
from tests.api.imports.test_forms import commit
from tests.api.mentoring.conftest import Places
from tests.api.school_programmes.writing import SCHOOL, draft, fill
from tests.support.api import ClientAs

MEASURES = "school-programme-measures"
ENROLMENTS = "enrolments"
TIMES = 4


def row(places: Places, pupils: int) -> dict[str, Any]:
    own = {"school_id": places.schools[SCHOOL], "academic_year": 2019}
    return {**own, "pupils": pupils}


async def undo(client: httpx.AsyncClient, preview: dict[str, Any]) -> httpx.Response:
    return await client.post(f"/v1/imports/{preview['id']}/undo")


async def pupils(client: httpx.AsyncClient) -> list[int]:
    items = (await client.get(f"/v1/{ENROLMENTS}")).json()["items"]
    return [item["pupils"] for item in items]


async def test_of_commits_and_undos_of_one_file_at_once_each_happens_once_at_most(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    clients = [await client_as("uzhur") for _ in range(2)]
    preview = await previewed(clients[0], ENROLMENTS, row(places, 180))
    before = await last_number(engine)
    steps = [step(each, preview) for each in clients * TIMES for step in (commit, undo)]
    answers = await asyncio.gather(*steps)
    assert {answer.status_code for answer in answers} <= {200, 409}
    done = Counter(
        entry.action
        for entry in await entries_after(engine, before)
        if entry.entity == "import"
    )
    assert done["commit"] == 1
    assert sum(answer.is_success for answer in answers) == done.total() <= 2
    assert await pupils(clients[0]) == ([] if done["undo"] else [180])
    file = (await clients[0].get(f"/v1/imports/{preview['id']}")).json()
    assert file["status"] == ("undone" if done["undo"] else "committed")


async def test_of_an_undo_and_a_later_file_at_once_one_is_done(
    client_as: ClientAs, places: Places
) -> None:
    clients = [await client_as("uzhur") for _ in range(2)]
    first = await previewed(clients[0], ENROLMENTS, row(places, 180))
    assert (await commit(clients[0], first)).status_code == 200
    second = await previewed(clients[1], ENROLMENTS, row(places, 190))
    undone, committed = await asyncio.gather(
        undo(clients[0], first), commit(clients[1], second)
    )
    codes = {undone.json().get("code"), committed.json().get("code")}
    if committed.is_success:
        assert codes == {"import_undo_blocked", None}
        assert await pupils(clients[0]) == [190]
    else:
        assert codes == {"import_outdated", None}
        assert await pupils(clients[0]) == []


@pytest.mark.parametrize("is_first", [True, False])
async def test_nothing_is_written_into_a_programme_after_it_was_handed_in(
    client_as: ClientAs, places: Places, engine: AsyncEngine, *, is_first: bool
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    programme = await draft(school, places)
    measure = await fill(school, programme)
    new = body_of(MEASURES, measure) | KEYS[MEASURES]
    preview = await previewed(office, MEASURES, new)
    assert preview["counts"]["new"] == 1, preview["bad_rows"]
    before = await last_number(engine)
    path = f"/v1/school-programmes/{programme['id']}/submit"
    steps = [commit(office, preview), school.post(path, json={})]
    answers = await asyncio.gather(*(steps if is_first else steps[::-1]))
    assert {answer.status_code for answer in answers} <= {200, 409}
    told = [
        (entry.entity, entry.action)
        for entry in await entries_after(engine, before)
        if entry.entity in {"school_programme", "school_programme_measure"}
    ]
    assert told[-1] == ("school_programme", "submit")
    assert len(told) == sum(answer.is_success for answer in answers)
