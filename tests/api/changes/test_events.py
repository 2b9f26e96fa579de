"""Events as other systems read them: what people do, told in the feed, once each."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.changes.test_changes import end_of, read
from tests.api.imports.district import commit, preview, row_of, schools
from tests.api.imports.workbooks import statistics
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, MENTOR, draft, go
from tests.api.records.examples import write_example
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

ILINKA = "uzhur.ilinskaya"


async def events(client: httpx.AsyncClient, after: int) -> list[dict[str, Any]]:
    page = await read(client, after=after)
    return [each for each in page["items"] if each["action"] == "event"]


async def test_a_file_is_told_of_as_a_whole_and_by_schools_and_years(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    after = await end_of(office)
    ilinka = (await schools(engine))[ILINKA]
    rows = [row_of(ilinka, grade=grade) for grade in (4, 5, 6, 7)]
    previewed = await preview(office, statistics(*rows))
    assert (await commit(office, previewed)).status_code == 200
    changed, committed = await events(office, after)
    assert (changed["event"], changed["dataset"]) == ("result.changed", "results")
    assert (changed["school_id"], changed["academic_year"]) == (ilinka.school_id, 2018)
    assert changed["payload"] == {"written": 4, "deleted": 0}
    assert committed["event"] == "import.committed"
    assert committed["payload"] == {
        "import_id": previewed["id"],
        "file_format": "mark_statistics",
        "academic_years": [2018],
        "new": 4,
        "changed": 0,
        "unchanged": 0,
    }
    assert changed["request_id"] == committed["request_id"]

    undone = await office.post(f"/v1/imports/{previewed['id']}/undo")
    assert undone.status_code == 200, undone.text
    later = await events(office, committed["number"])
    assert [each["event"] for each in later] == ["result.changed", "import.undone"]
    assert [each["payload"].get("deleted") for each in later] == [4, None]
    assert later[1]["payload"]["removed"] == 4


async def test_events_are_narrowed_by_name_and_stand_between_rows(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    after = await end_of(office)
    school_id = places.schools[MENTEE]
    school = {"id": school_id, "municipality_id": 1}
    await write_example(office, "list-memberships", school)
    agreement = await draft(office, places)
    await go(office, agreement["id"], "propose")

    named = await read(office, after=after, event="agreement.transitioned")
    sides = [
        (each["school_id"], each["payload"]["side"], each["payload"]["to"])
        for each in named["items"]
    ]
    assert sides == [
        (places.schools[MENTOR], "mentor", "draft"),
        (school_id, "mentee", "draft"),
        (places.schools[MENTOR], "mentor", "proposed"),
        (school_id, "mentee", "proposed"),
    ]
    assert {each["row_id"] for each in named["items"]} == {agreement["id"]}
    assert {each["rows"] for each in named["items"]} == {None}
    narrowed = await read(office, after=after, event="deadline.missed")
    assert narrowed["items"] == []
    assert narrowed["next_after"] >= named["next_after"]
    whole = await read(office, after=after)
    actions = {each["action"] for each in whole["items"]}
    assert actions == {"upsert", "event"}


@pytest.mark.parametrize("query", [{"event": "result.lost"}, {"event": ""}])
async def test_an_event_that_does_not_exist_is_refused(
    client_as: ClientAs, query: dict[str, str]
) -> None:
    refused = await (await client_as("uzhur")).get("/v1/changes", params=query)
    assert refused.status_code == 422
