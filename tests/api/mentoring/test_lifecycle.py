"""An agreement from its draft to its end, and the history it leaves."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import EventKind
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    ANY_VERSION,
    MENTEE,
    MENTOR,
    URL,
    body,
    draft,
    go,
    perform,
)
from tests.support.api import ClientAs


async def changes_told(engine: AsyncEngine) -> list[dict[str, Any]]:
    async with begin_as_system(engine) as work:
        payloads = await work.session.scalars(
            select(OutboxRow.payload)
            .where(OutboxRow.kind == EventKind.AGREEMENT_CHANGED)
            .order_by(OutboxRow.number)
        )
        return list(payloads)


async def test_a_draft_is_answered_with_its_address(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    answer = await office.post(URL, json=body(places))
    drafted = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{URL}/{drafted['id']}"
    again = await office.get(answer.headers["location"])
    assert again.json() == drafted
    assert drafted["status"] == "draft"
    assert drafted["version"] == 1
    assert drafted["synthetic"] is True
    assert drafted["mentor"] == {
        "id": places.schools[MENTOR],
        "code": "uzhurskaya-1",
        "name": "МБОУ «Ужурская СОШ №1»",
        "municipality_id": places.municipalities["uzhur"],
        "municipality_name": "Ужурский район",
    }
    assert drafted["plan"] == [{"title": "Взаимные уроки", "due_on": "2020-11-20"}]
    assert drafted["possible_actions"] == ["propose", "terminate"]


async def test_office_and_two_schools_bring_an_agreement_to_its_end(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    mentor, mentee = await client_as(MENTOR), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    before = len(await changes_told(engine))
    steps = [
        (mentee, "propose", "proposed", {}),
        (mentor, "sign", "proposed", {}),
        (mentee, "sign", "signed", {}),
        (office, "activate", "active", {}),
        (office, "suspend", "suspended", {"reason": "Карантин"}),
        (office, "resume", "active", {}),
        (office, "complete", "completed", {}),
    ]
    for version, (client, action, status, more) in enumerate(steps, start=2):
        answer = await perform(client, number, action, **more)
        assert answer.status_code == 200, answer.text
        after = answer.json()
        assert (after["status"], after["version"]) == (status, version)
    assert after["ended_on"] == "2020-09-16"
    assert after["possible_actions"] == []
    assert [signature["side"] for signature in after["signatures"]] == [
        "mentor",
        "mentee",
    ]
    told = (await changes_told(engine))[before:]
    assert told == [
        {"id": number, "action": action, "status": status}
        for _, action, status, _ in steps
    ]


async def test_every_step_is_in_the_history_with_author_and_time(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    await perform(mentee, number, "propose")
    await perform(office, number, "sign", side="mentor")
    await go(office, number, "terminate")
    # The school sees its own steps and the office's.
    agreement = (await mentee.get(f"{URL}/{number}")).json()
    events = agreement["events"]
    shown = [
        (e["action"], e["side"], e["from_status"], e["to_status"], e["by"]["role"])
        for e in events
    ]
    assert shown == [
        ("create", None, None, "draft", "municipal_coordinator"),
        ("propose", None, "draft", "proposed", "school_editor"),
        ("sign", "mentor", "proposed", "proposed", "municipal_coordinator"),
        ("terminate", None, "proposed", "terminated", "municipal_coordinator"),
    ]
    assert events[-1]["reason"] == "Школа-наставник реорганизуется"
    times = [datetime.fromisoformat(event["at"]) for event in events]
    assert times == sorted(times)
    assert times[0] >= datetime.fromisoformat("2020-09-16T09:00:00+07:00")
    assert agreement["signatures"][0]["by"] == events[2]["by"]


async def test_the_end_is_dated_by_the_calendar_of_the_municipality(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    number = (await draft(admin, places))["id"]
    await go(admin, number, "propose", "sign", "activate")
    # 20:00 UTC of 30 September is 3 o'clock of 1 October in Krasnoyarsk.
    await admin.put("/v1/clock", json={"now": "2020-09-30T20:00:00Z"})
    after = await go(admin, number, "complete")
    assert after["ended_on"] == "2020-10-01"


async def test_the_content_of_a_draft_can_be_changed(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    drafted = await draft(office, places, goals=[], plan=[])
    changes = {
        "problem": "Русский язык",
        "ends_on": "2021-12-30",
        "goals": ["Первая цель", "Вторая цель"],
        "plan": [
            {"title": "Консультации", "due_on": "2020-12-01"},
            {"title": "Взаимные уроки", "due_on": "2020-11-01"},
        ],
    }
    answer = await office.patch(
        f"{URL}/{drafted['id']}", json=changes, headers=ANY_VERSION
    )
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert {name: edited[name] for name in changes} == changes
    assert edited["starts_on"] == "2020-09-16"
    assert edited["version"] == 2
    assert edited["events"][-1]["action"] == "edit"


async def test_a_change_to_the_same_content_leaves_no_trace(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    drafted = await draft(office, places)
    for same in ({}, {"goals": drafted["goals"], "plan": drafted["plan"]}):
        answer = await office.patch(
            f"{URL}/{drafted['id']}", json=same, headers=ANY_VERSION
        )
        assert answer.json() == drafted


async def test_a_closed_agreement_makes_room_for_the_next_of_the_same_pair(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    first = await draft(office, places)
    await go(office, first["id"], "terminate")
    second = await draft(office, places)
    assert second["id"] > first["id"]


async def test_an_editor_is_offered_what_a_school_may_do(
    client_as: ClientAs, places: Places
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    number = (await draft(office, places))["id"]

    async def offered() -> list[str]:
        actions: list[str] = (await mentor.get(f"{URL}/{number}")).json()[
            "possible_actions"
        ]
        return actions

    assert await offered() == ["propose"]
    await go(office, number, "propose")
    assert await offered() == ["sign"]
    await perform(mentor, number, "sign")
    assert await offered() == []
