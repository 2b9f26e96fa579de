"""Reading the audit: by what it tells of, newest first, within one's own tenant."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.reading import listed, own_id
from tests.api.audit.test_changes import ILINKA, result_of
from tests.api.imports.district import schools
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, THIRD, draft
from tests.support.api import ClientAs


async def test_entries_are_found_by_thing_school_and_actor(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    editor, office = await client_as(ILINKA), await client_as("uzhur")
    body = result_of(school.school_id)
    mine = (await editor.post("/v1/results", json=body)).json()["id"]
    other = (await office.post("/v1/results", json=body | {"wave": 2})).json()["id"]
    thing = {"entity": "assessment_result"}
    (found,) = await listed(office, **thing, entity_id=mine)
    assert found["actor_id"] == await own_id(editor)
    assert found["actor_role"] == "school_editor"
    assert found["changes"]["n5"] == [None, 5]
    assert found["synthetic"] is True
    of_school = await listed(office, **thing, school_id=school.school_id)
    assert [entry["entity_id"] for entry in of_school] == [other, mine]
    by_editor = await listed(office, **thing, actor_id=await own_id(editor))
    assert [entry["entity_id"] for entry in by_editor] == [mine]


async def test_entries_are_found_by_the_time_of_the_system(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    for day in ("2020-10-01", "2020-11-01"):
        await admin.put("/v1/clock", json={"now": f"{day}T09:00:00+07:00"})
    clock = {"entity": "sandbox_clock"}
    both = await listed(admin, **clock)
    assert len(both) == 2
    boundary = both[0]["at"]
    assert await listed(admin, **clock, **{"from": boundary}) == both[:1]
    assert await listed(admin, **clock, to=boundary) == both[1:]


async def test_pages_hold_every_entry_once_newest_first(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    everything = [entry["number"] for entry in await listed(admin, limit=500)]
    assert everything == sorted(everything, reverse=True)
    paged: list[int] = []
    after: int | None = 0
    while after is not None:
        answer = await admin.get("/v1/audit", params={"limit": 7, "after": after})
        page = answer.json()
        paged += [entry["number"] for entry in page["items"]]
        after = page["next_after"]
    assert paged == everything


async def test_an_agreement_is_found_by_either_of_its_schools(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    drafted = await draft(office, places)
    for school, found in ((MENTOR, True), (MENTEE, True), (THIRD, False)):
        entries = await listed(office, school_id=places.schools[school])
        ids = [e["entity_id"] for e in entries if e["entity"] == "mentoring_agreement"]
        assert ids == ([drafted["id"]] if found else [])


async def test_a_coordinator_reads_the_own_municipality_only(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    admin, office = await client_as("admin"), await client_as("zhigalovo")
    await admin.post("/v1/results", json=result_of(school.school_id))
    await admin.put("/v1/clock", json={"now": "2020-10-01T09:00:00+07:00"})
    own = (await office.get("/v1/me")).json()["municipality_id"]
    entries = await listed(office, limit=500)
    assert entries
    assert {entry["municipality_id"] for entry in entries} == {own}
    assert await listed(office, school_id=school.school_id) == []


async def test_a_school_does_not_read_the_audit(client_as: ClientAs) -> None:
    answer = await (await client_as(ILINKA)).get("/v1/audit")
    assert answer.status_code == 403
    assert "audit:read" in answer.json()["detail"]


@pytest.mark.parametrize(
    "query", ["from=2020-10-01T09:00:00", "to=x", "entity=A%20B", "actor_id=0"]
)
async def test_a_filter_that_cannot_be_meant_is_refused(
    client_as: ClientAs, query: str
) -> None:
    answer = await (await client_as("uzhur")).get(f"/v1/audit?{query}")
    assert answer.status_code == 422
