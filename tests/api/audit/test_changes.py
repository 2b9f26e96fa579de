"""Every change leaves an entry: who, from where, old and new, and why."""

import json
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.access.accounts import NewAccount, open_account
from shared.domain.permissions import Role
from shared.persistence.work import begin_as_system
from tests.api.audit.reading import entries_after, last_number, listed, own_id
from tests.api.imports.district import commit, preview, row_of, schools
from tests.api.imports.workbooks import statistics
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, URL, draft, go, perform
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"


def result_of(school_id: int) -> dict[str, object]:
    return {
        "school_id": school_id,
        "procedure": "district_kim",
        "subject": "mathematics",
        "programme_grade": 5,
        "pupil_grade": 5,
        "academic_year": 2020,
        "n2": 3,
        "n3": 7,
        "n4": 10,
        "n5": 5,
    }


async def test_a_result_keeps_who_entered_it_and_why_it_was_corrected(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    client = await client_as(ILINKA)
    before = await last_number(engine)
    named = {"X-Request-ID": "from-a-form"}
    body = result_of(school.school_id)
    entered = (await client.post("/v1/results", json=body, headers=named)).json()
    counts = {"n2": 2, "n3": 8, "n4": 10, "n5": 5}
    why = {"reason": "Апелляция"}
    await client.put(f"/v1/results/{entered['id']}", json=counts, params=why)
    first, second = await entries_after(engine, before)
    assert (first.entity, first.entity_id) == ("assessment_result", entered["id"])
    assert (first.municipality_id, first.school_id) == (
        school.municipality_id,
        school.school_id,
    )
    assert first.actor_id == second.actor_id == await own_id(client)
    assert (first.request_id, first.address) == ("from-a-form", "127.0.0.1")
    assert first.at == datetime.fromisoformat(entered["created_at"])
    assert (first.action, second.action) == ("create", "update")
    assert first.changes["n"] == [None, 25]
    assert first.changes["subject"] == [None, "mathematics"]
    assert second.changes == {"n2": [3, 2], "n3": [7, 8]}
    assert (first.reason, second.reason) == (None, "Апелляция")
    assert second.request_id not in (None, "from-a-form")


async def test_a_change_that_is_refused_leaves_no_entry(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    client = await client_as(ILINKA)
    body = result_of(school.school_id)
    await client.post("/v1/results", json=body)
    before = await last_number(engine)
    assert (await client.post("/v1/results", json=body)).status_code == 409
    bad = body | {"n": 1, "wave": 2}
    assert (await client.post("/v1/results", json=bad)).status_code == 422
    assert await entries_after(engine, before) == []


async def test_an_import_leaves_an_entry_for_the_rows_that_it_changed_at_a_school(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    fifth, sixth = row_of(school), row_of(school, grade=6)
    first = await preview(client, statistics(fifth, sixth))
    await commit(client, first)
    before = await last_number(engine)
    changed = row_of(school, two=0, three=40)
    second = await preview(
        client, statistics(changed, sixth, row_of(school, year=2020))
    )
    answer = await commit(client, second)
    assert (answer.json()["changed"], answer.json()["unchanged"]) == (1, 1)
    previewed, new, update, committed = await entries_after(engine, before)
    assert (previewed.entity, previewed.action) == ("import", "create")
    assert previewed.changes["sha256"] == [None, second["sha256"]]
    assert "статистика" not in str(previewed.changes)
    assert (new.entity, new.action) == ("assessment_result", "create")
    (of_new,) = json.loads(new.row_changes or "").values()
    assert (of_new["n4"], of_new["n_absent"]) == (10, 0)
    assert of_new["academic_year"] != 2018
    assert (update.entity, update.action) == ("assessment_result", "update")
    (of_changed,) = json.loads(update.row_changes or "").values()
    assert of_changed == {"n2": [3, 0], "n3": [7, 10]}
    assert committed.changes["status"] == ["previewed", "committed"]
    actor = await own_id(client)
    for entry in (previewed, new, update, committed):
        assert (entry.import_id, entry.actor_id) == (second["id"], actor)
    assert new.school_id == update.school_id == school.school_id
    assert new.request_id == update.request_id == committed.request_id


async def test_one_row_of_an_import_is_read_as_if_it_had_an_entry_of_its_own(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    others = [row_of(school, grade=grade) for grade in (6, 7)]
    first = await preview(client, statistics(row_of(school), *others))
    await commit(client, first)
    second = await preview(client, statistics(row_of(school, two=0, three=40)))
    await commit(client, second)
    thing = {"entity": "assessment_result"}
    update, create = (await listed(client, **thing))[:2]
    assert (create["entity_id"], create["rows"], create["changes"]) == (None, 3, {})
    assert (update["entity_id"], update["rows"], update["changes"]) == (None, 1, {})
    lines = await client.get(f"/v1/imports/{second['id']}/lines")
    result_id = lines.json()["items"][0]["target_id"]
    update, create = await listed(client, **thing, entity_id=result_id)
    assert update["entity_id"] == create["entity_id"] == result_id
    assert update["changes"] == {"n2": [3, 0], "n3": [7, 10]}
    assert create["changes"]["n2"] == [None, 3]
    assert create["changes"].keys().isdisjoint({"school_id", "written_on"})
    assert (create["import_id"], update["import_id"]) == (first["id"], second["id"])
    history = (await client.get(f"/v1/results/{result_id}/history")).json()
    assert [(each["n2"], each["import_id"]) for each in history["items"]] == [
        (3, first["id"]),
        (0, second["id"]),
    ]
    await client.post(f"/v1/imports/{second['id']}/undo")
    await client.post(f"/v1/imports/{first['id']}/undo")
    removed, restored = (await listed(client, **thing, entity_id=result_id))[:2]
    assert (removed["action"], removed["changes"]["n2"]) == ("delete", [3, None])
    assert restored["changes"] == {"n2": [0, 3], "n3": [10, 7]}


async def test_an_outdated_import_leaves_no_entry(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    one, two = [await preview(client, statistics(row_of(school))) for _ in range(2)]
    assert (await commit(client, one)).status_code == 200
    before = await last_number(engine)
    assert (await commit(client, two)).status_code == 409
    assert await entries_after(engine, before) == []


async def test_an_agreement_keeps_its_steps_with_what_they_changed(
    client_as: ClientAs, engine: AsyncEngine, places: Places
) -> None:
    client = await client_as("uzhur")
    before = await last_number(engine)
    drafted = await draft(client, places)
    url = f"{URL}/{drafted['id']}"
    tag = (await client.get(url)).headers["ETag"]
    content = {"problem": "Чтение", "goals": ["Читать"]}
    changed = await client.patch(url, json=content, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    await go(client, drafted["id"], "propose")
    await perform(client, drafted["id"], "sign", side="mentor")
    await perform(client, drafted["id"], "terminate", reason="Закрытие школы")
    entries = await entries_after(engine, before)
    assert {(e.entity, e.entity_id) for e in entries} == {
        ("mentoring_agreement", drafted["id"])
    }
    create, edit, propose, sign, terminate = entries
    assert create.changes["mentor_school_id"] == [None, places.schools[MENTOR]]
    assert create.changes["mentee_school_id"] == [None, places.schools[MENTEE]]
    assert create.changes["plan"] == [
        None,
        [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
    ]
    assert edit.changes == {
        "problem": [drafted["problem"], "Чтение"],
        "goals": [drafted["goals"], ["Читать"]],
    }
    assert propose.changes == {
        "status": ["draft", "proposed"],
        "registry_number": [None, "1/2020"],
    }
    assert sign.changes["signature"] == [None, "mentor"]
    assert terminate.reason == "Закрытие школы"
    assert terminate.changes["status"][1] == "terminated"


async def test_a_school_that_signs_leaves_an_entry_too(
    client_as: ClientAs, engine: AsyncEngine, places: Places
) -> None:
    client = await client_as("uzhur")
    drafted = await draft(client, places)
    await go(client, drafted["id"], "propose")
    mentor = await client_as(MENTOR)
    before = await last_number(engine)
    assert (await perform(mentor, drafted["id"], "sign")).status_code == 200
    (entry,) = await entries_after(engine, before)
    assert (entry.action, entry.actor_id) == ("sign", await own_id(mentor))


async def test_moving_the_clock_is_kept_with_both_times(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    admin = await client_as("admin")
    before = await last_number(engine)
    await admin.put("/v1/clock", json={"now": "2020-10-01T09:00:00+07:00"})
    (entry,) = await entries_after(engine, before)
    assert (entry.entity, entry.municipality_id) == ("sandbox_clock", None)
    old, new = entry.changes["now"]
    assert old.startswith("2020-09-16")
    assert new.startswith("2020-10-01 02:00")


async def test_an_opened_account_is_kept_without_name_and_password(
    engine: AsyncEngine,
) -> None:
    before = await last_number(engine)
    wanted = NewAccount(
        login="someone.by.name",
        password="long enough to pass",  # noqa: S106 (of a throw-away database)
        role=Role.SCHOOL_EDITOR,
        municipality="uzhur",
        school="ilinskaya",
        email="someone@podyom.example",
    )
    async with begin_as_system(engine) as work:
        number = await open_account(work, wanted)
    (entry,) = await entries_after(engine, before)
    assert (entry.entity, entry.entity_id) == ("user", number)
    assert entry.changes["role"] == [None, "school_editor"]
    assert entry.actor_id is None
    kept = str(entry.changes)
    assert not any(word in kept for word in ("someone", "enough", "argon2"))


async def test_loading_leaves_the_counts_of_each_table(engine: AsyncEngine) -> None:
    loaded = {
        (entry.entity, entry.municipality_id): entry.changes["new"][1]
        for entry in await entries_after(engine, 0)
        if entry.action == "load" and "new" in entry.changes
    }
    async with begin_as_system(engine) as work:
        rows = await work.session.execute(
            text("SELECT municipality_id, count(*) FROM api.schools GROUP BY 1")
        )
        expected = {("schools", row.municipality_id): row.count for row in rows}
        subjects = await work.session.scalar(text("SELECT count(*) FROM api.subjects"))
        results = await work.session.scalar(
            text("SELECT count(*) FROM api.assessment_results")
        )
    assert expected.items() <= loaded.items()
    assert loaded["subjects", None] == subjects
    of_results = [
        new for (table, _), new in loaded.items() if table.endswith("_results")
    ]
    assert sum(of_results) == results


async def test_reading_a_message_is_no_change_of_the_record(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    before = await last_number(engine)
    for path in ("/v1/inbox", "/v1/results", "/v1/audit", "/v1/me"):
        assert (await client.get(path)).status_code == 200
    assert await entries_after(engine, before) == []
