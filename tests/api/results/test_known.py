"""A school's results as they were known at a moment, as their histories have them."""

from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.imports.district import commit, preview, row_of, schools
from tests.api.imports.workbooks import statistics
from tests.api.results.test_history import ILINKA, history
from tests.api.results.test_results import body, create
from tests.support.api import ClientAs

Json = dict[str, Any]
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (
    f"2020-{month:02}-20T09:00:00+07:00" for month in (9, 10, 11, 12)
)


async def known(client: httpx.AsyncClient, school_id: int, **query: Any) -> list[Json]:
    """Return all known results, page after page of two."""
    items: list[Json] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get(
            f"/v1/schools/{school_id}/known-results",
            params={"limit": 2, "after": after, **query},
        )
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        after = answer.json()["next_after"]
    return items


async def move(client: httpx.AsyncClient, moment: str) -> None:
    answer = await client.put("/v1/clock", json={"now": moment})
    assert answer.status_code == 200, answer.text


async def test_a_list_is_read_as_it_was_known_with_what_was_removed_since(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    number = school.school_id
    editor, admin = await client_as(ILINKA), await client_as("admin")
    office = await client_as("uzhur")
    entered = await create(editor, body(number))
    await move(admin, SEPTEMBER)
    file = await preview(
        office,
        statistics(
            *(
                row_of(school, grade=grade, year=2020, subject="Математика")
                for grade in (6, 7)
            )
        ),
    )
    assert (await commit(office, file)).json()["new"] == 2
    await move(admin, OCTOBER)
    corrected = await editor.put(
        f"/v1/results/{entered['id']}", json={"n2": 0, "n3": 9, "n4": 9, "n5": 7}
    )
    assert corrected.status_code == 200, corrected.text
    await move(admin, NOVEMBER)
    undone = await office.post(f"/v1/imports/{file['id']}/undo")
    assert undone.status_code == 200, undone.text
    await move(admin, DECEMBER)
    wanted = {"academic_year": 2019, "subject": "mathematics"}
    of_2020 = {"academic_year": 2020, "subject": "mathematics"}

    at = {
        moment: await known(editor, number, as_of=moment, **of_2020)
        for moment in ("2020-09-01T00:00:00Z", "2020-10-01T00:00:00Z", DECEMBER)
    }
    before_undoing = await known(
        editor, number, as_of="2020-11-01T00:00:00Z", **of_2020
    )
    now = await known(editor, number, **of_2020)
    every_year = await known(editor, number, as_of="2020-10-01T00:00:00Z")

    assert at["2020-09-01T00:00:00Z"] == []
    october = at["2020-10-01T00:00:00Z"]
    assert [each["n2"] for each in october if each["result_id"] == entered["id"]] == [3]
    assert len(october) == len(before_undoing) == 3
    assert [
        each["n2"] for each in before_undoing if each["result_id"] == entered["id"]
    ] == [0]
    assert {each["import_id"] for each in october} == {None, file["id"]}
    assert [each["result_id"] for each in now] == [entered["id"]]
    assert at[DECEMBER] == now
    for each in every_year:
        told = await history(editor, each["result_id"], as_of="2020-10-01T00:00:00Z")
        assert [{**told[0], "result_id": each["result_id"]}] == [each]
    years = {each["academic_year"] for each in every_year}
    assert 2020 in years
    assert all(
        each["academic_year"] == 2019 for each in await known(editor, number, **wanted)
    )
    listed = await editor.get("/v1/results", params={"school_id": number, "limit": 500})
    assert {each["id"] for each in listed.json()["items"]} == {
        each["result_id"] for each in await known(editor, number)
    }
    for login in ("uzhur.prirechenskaya", "zhigalovo"):
        other = await client_as(login)
        answer = await other.get(f"/v1/schools/{number}/known-results")
        rows = answer.json().get("items", [])
        assert answer.status_code == 404 or rows == [], login
