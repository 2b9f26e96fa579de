"""Taking back a committed file: all that it wrote, or nothing."""

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import Placed
from shared.contracts.events import EventKind
from tests.api.imports.district import (
    commit,
    counts,
    events_after,
    preview,
    row_of,
    schools,
    snapshot,
)
from tests.api.imports.workbooks import statistics
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"


async def committed(client: httpx.AsyncClient, *rows: list[object]) -> int:
    """Import rows and return the number of the import."""
    previewed = await preview(client, statistics(*rows))
    answer = await commit(client, previewed)
    assert answer.status_code == 200, answer.text
    number: int = previewed["id"]
    return number


async def undo(
    client: httpx.AsyncClient, import_id: int, reason: str | None = None
) -> httpx.Response:
    params = {} if reason is None else {"reason": reason}
    return await client.post(f"/v1/imports/{import_id}/undo", params=params)


async def figures(
    client: httpx.AsyncClient, school: Placed
) -> dict[int, tuple[int, int | None, int]]:
    """Return number of twos, import and version of the year's results by grade."""
    wanted = {"school_id": school.school_id, "academic_year": 2018}
    answer = await client.get("/v1/results", params=wanted)
    return {
        each["programme_grade"]: (each["n2"], each["import_id"], each["version"])
        for each in answer.json()["items"]
    }


async def test_undoing_puts_old_values_back_and_removes_what_was_new(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    first = await committed(client, row_of(ilinka))
    second = await committed(
        client, row_of(ilinka, two=8, three=32), row_of(ilinka, grade=5)
    )
    assert await figures(client, ilinka) == {4: (2, second, 2), 5: (3, second, 1)}
    before = await snapshot(engine)
    answer = await undo(client, second, "не тот файл")
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["status"], done["removed"], done["restored"]) == ("undone", 1, 1)
    assert done["academic_years"] == [2018]
    assert await figures(client, ilinka) == {4: (3, first, 3)}
    events = await events_after(engine, before.last_event)
    assert [(each.kind, each.academic_year) for each in events] == [
        (EventKind.RESULTS_CHANGED, 2018)
    ]
    read = (await client.get(f"/v1/imports/{second}")).json()
    assert (read["status"], read["undo_reason"]) == ("undone", "не тот файл")


async def test_undoing_is_audited_row_by_row_with_import_and_reason(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    await committed(client, row_of(ilinka))
    second = await committed(
        client, row_of(ilinka, two=8, three=32), row_of(ilinka, grade=5)
    )
    assert (await undo(client, second, "не тот файл")).status_code == 200
    lines = (await client.get(f"/v1/imports/{second}/lines")).json()["items"]
    told: dict[str, dict[str, object]] = {}
    for line in lines:
        wanted = {"entity": "assessment_result", "entity_id": line["target_id"]}
        entries = (await client.get("/v1/audit", params=wanted)).json()["items"]
        told |= {
            entry["action"]: entry["changes"]
            for entry in entries
            if entry["reason"] == "не тот файл" and entry["import_id"] == second
        }
    assert told["update"] == {"n2": [2, 3], "n3": [8, 7]}
    assert (told["delete"]["n2"], told["delete"]["programme_grade"]) == (
        [3, None],
        [5, None],
    )


async def test_a_file_whose_rows_were_changed_since_is_not_undone(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    first = await committed(client, row_of(ilinka), row_of(ilinka, grade=5))
    second = await committed(client, row_of(ilinka, two=8, three=32))
    before = await snapshot(engine)
    refused = await undo(client, first)
    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "import_undo_blocked"
    assert str(second) in told["detail"]
    assert [(fault["sheet"], fault["row"]) for fault in told["faults"]] == [("ВПР", 2)]
    assert await snapshot(engine) == before


async def test_imports_are_undone_one_after_the_other_the_last_one_first(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    first = await committed(client, row_of(ilinka))
    second = await committed(client, row_of(ilinka, two=8, three=32))
    assert (await undo(client, second)).status_code == 200
    assert (await undo(client, first)).status_code == 200
    assert await figures(client, ilinka) == {}
    again = await undo(client, first)
    assert (again.status_code, again.json()["code"]) == (409, "import_not_committed")


async def test_a_correction_by_hand_blocks_undoing(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    first = await committed(client, row_of(ilinka))
    wanted = {"school_id": ilinka.school_id, "academic_year": 2018}
    (result,) = (await client.get("/v1/results", params=wanted)).json()["items"]
    marks = {"n2": 1, "n3": 1, "n4": 1, "n5": 1}
    put = await client.put(f"/v1/results/{result['id']}", json=marks)
    assert put.status_code == 200
    refused = await undo(client, first)
    assert refused.status_code == 409
    assert await figures(client, ilinka) == {4: (1, None, 2)}


async def test_what_was_undone_can_be_imported_again(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    first = await committed(client, row_of(ilinka))
    assert (await undo(client, first)).status_code == 200
    again = await preview(client, statistics(row_of(ilinka)))
    assert again["already_committed_as"] is None
    assert counts(again) == {"new": 1}
    assert (await commit(client, again)).status_code == 200


async def test_what_was_only_previewed_cannot_be_undone(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    previewed = await preview(client, statistics(row_of(ilinka)))
    refused = await undo(client, previewed["id"])
    assert (refused.status_code, refused.json()["code"]) == (
        409,
        "import_not_committed",
    )
    stranger = await client_as("zhigalovo")
    assert (await undo(stranger, previewed["id"])).status_code == 404
