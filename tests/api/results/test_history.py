"""What was known of a result when, read back from the record of changes."""

from datetime import datetime
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.reading import own_id
from tests.api.imports.district import commit, preview, row_of, schools
from tests.api.imports.workbooks import statistics
from tests.api.results.test_results import body, create
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"


async def history(
    client: httpx.AsyncClient, result_id: int, **query: Any
) -> list[dict[str, Any]]:
    answer = await client.get(f"/v1/results/{result_id}/history", params=query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_corrected_result_is_read_as_it_was_known_at_each_moment(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    editor, admin = await client_as(ILINKA), await client_as("admin")
    entered = await create(
        editor, body(school.school_id, n_absent=1, written_on="2020-09-10")
    )
    await admin.put("/v1/clock", json={"now": "2020-10-01T09:00:00+07:00"})
    corrected = await editor.put(
        f"/v1/results/{entered['id']}",
        json={"n2": 2, "n3": 8, "n4": 10, "n5": 5},
        params={"reason": "Апелляция"},
    )
    first, second = await history(editor, entered["id"])
    for version, result in ((first, entered), (second, corrected.json())):
        same = version.keys() & result.keys() - {"import_id"}
        assert {name: version[name] for name in same} == {
            name: result[name] for name in same
        }
    assert (first["known_from"], first["known_until"]) == (
        entered["created_at"],
        second["known_from"],
    )
    assert second["known_until"] is None
    assert (second["reason"], second["actor_id"]) == ("Апелляция", await own_id(editor))
    moments = {
        "2020-09-01T00:00:00Z": [],
        "2020-09-30T00:00:00Z": [first],
        second["known_from"]: [second],
        "2021-01-01T00:00:00Z": [second],
    }
    for moment, expected in moments.items():
        assert await history(editor, entered["id"], as_of=moment) == expected


async def test_a_result_that_was_loaded_and_then_imported_has_both_versions(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    office = await client_as("uzhur")
    wanted: dict[str, int | str] = {
        "school_id": school.school_id,
        "subject": "mathematics",
        "pupil_grade": 5,
    }
    listed = await office.get("/v1/results", params=wanted)
    loaded = next(r for r in listed.json()["items"] if r["procedure"] == "vpr")
    year = loaded["academic_year"]
    file = await preview(
        office, statistics(row_of(school, grade=5, year=year + 1, subject="Математика"))
    )
    assert (await commit(office, file)).json()["changed"] == 1
    first, second = await history(office, loaded["id"])
    assert (first["actor_id"], first["import_id"], first["action"]) == (None,) * 3
    assert datetime.fromisoformat(first["known_from"]) == datetime.fromisoformat(
        loaded["created_at"]
    )
    counts = ("n", "n2", "n3", "n4", "n5", "n_absent")
    assert [first[name] for name in counts] == [loaded[name] for name in counts]
    assert [second[name] for name in counts] == [25, 3, 7, 10, 5, 0]
    assert second["import_id"] == file["id"]


async def test_the_history_of_a_result_is_its_schools_own(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    by_code = await schools(engine)
    office = await client_as("uzhur")
    result = await create(office, body(by_code[ILINKA].school_id))
    other = await client_as("uzhur.prirechenskaya")
    for client in (other, await client_as("zhigalovo")):
        answer = await client.get(f"/v1/results/{result['id']}/history")
        assert (answer.status_code, answer.json()["code"]) == (404, "result_not_found")
