"""Agreements between schools of two municipalities: who confirms, sees and is bound."""

import asyncio
from collections import Counter
from io import BytesIO
from typing import Any

import httpx
import pytest
from docx import Document
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    ABROAD,
    ANY_VERSION,
    MENTEE,
    THIRD,
    URL,
    draft,
    go,
    perform,
    refused,
)
from tests.support.api import ClientAs


def abroad(places: Places, number: int = 0) -> str:
    """Return the log-in of an editor of the other municipality's school."""
    return [key for key in places.schools if key.startswith(ABROAD)][number]


async def draft_across(
    client: httpx.AsyncClient, places: Places, **changes: Any
) -> dict[str, Any]:
    mentor = places.schools[abroad(places)]
    return await draft(client, places, **{"mentor_school_id": mentor, **changes})


async def test_both_municipalities_confirm_before_it_is_signed(
    client_as: ClientAs, places: Places
) -> None:
    admin, home, other = [await client_as(each) for each in ("admin", "uzhur", ABROAD)]
    mentor, mentee = await client_as(abroad(places)), await client_as(MENTEE)
    number = (await draft_across(admin, places))["id"]
    proposed = await perform(other, number, "propose")
    assert proposed.status_code == 200, proposed.text
    assert proposed.json()["registry_number"] == "1/2020"
    assert "confirm" in proposed.json()["possible_actions"]
    assert (
        "confirm"
        not in (await mentor.get(f"{URL}/{number}")).json()["possible_actions"]
    )
    unconfirmed = (409, "agreement_unconfirmed")
    assert refused(await perform(mentor, number, "sign")) == unconfirmed
    assert refused(await perform(mentor, number, "confirm"))[0] == 403
    assert (await perform(home, number, "confirm")).status_code == 200
    assert refused(await perform(home, number, "confirm")) == (409, "already_confirmed")
    answer = await perform(home, number, "confirm", side="mentor")
    assert refused(answer) == (403, "agreement_forbidden")
    assert refused(await perform(mentee, number, "sign")) == unconfirmed
    confirmed = (await perform(other, number, "confirm")).json()
    assert [each["side"] for each in confirmed["confirmations"]] == ["mentee", "mentor"]
    assert "confirm" not in confirmed["possible_actions"]
    for school in (mentor, mentee):
        assert (await perform(school, number, "sign")).status_code == 200
    assert (await go(other, number, "activate"))["status"] == "active"


async def test_it_is_seen_by_both_municipalities_and_by_nobody_else(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    drafted = await draft_across(admin, places)
    names = {drafted["mentor"]["municipality_name"], "Ужурский район"}
    assert len(names) == 2
    for login in ("uzhur", ABROAD, abroad(places), MENTEE):
        client = await client_as(login)
        listed = (await client.get(URL)).json()["items"]
        assert [each["id"] for each in listed] == [drafted["id"]]
        assert {
            listed[0][side]["municipality_name"] for side in ("mentor", "mentee")
        } == names
        printed = await client.get(f"{URL}/{drafted['id']}/document")
        text = "\n".join(p.text for p in Document(BytesIO(printed.content)).paragraphs)
        assert all(f"({name})" in text for name in names)
    for login in (THIRD, abroad(places, 1)):
        client = await client_as(login)
        assert (await client.get(URL)).json()["items"] == []
        assert (await client.get(f"{URL}/{drafted['id']}")).status_code == 404


async def test_a_coordinator_still_does_not_see_the_partners_school(
    client_as: ClientAs, places: Places
) -> None:
    admin, home = await client_as("admin"), await client_as("uzhur")
    number = (await draft_across(admin, places, shared_datasets=["results"]))["id"]
    await go(admin, number, "propose")
    for side in ("mentor", "mentee"):
        assert (await perform(admin, number, "confirm", side=side)).status_code == 200
    await go(admin, number, "sign", "activate")
    school = places.schools[abroad(places)]
    assert (await home.get(f"/v1/schools/{school}")).status_code == 404
    results = await home.get("/v1/results", params={"school_id": school})
    assert results.json()["items"] == []


async def test_a_mentor_elsewhere_reads_what_was_agreed_and_only_while_it_is_in_force(
    client_as: ClientAs, places: Places
) -> None:
    admin, mentor = await client_as("admin"), await client_as(abroad(places))
    school = places.schools[MENTEE]
    shared = ["results", "objectivity_signs"]
    number = (await draft_across(admin, places, shared_datasets=shared))["id"]
    await go(admin, number, "propose")
    for side in ("mentor", "mentee"):
        await perform(admin, number, "confirm", side=side)
    await go(admin, number, "sign")

    async def seen() -> list[bool]:
        answers = [
            await mentor.get(f"/v1/{path}", params={"limit": 500})
            for path in ("results", "objectivity-signs", "staff-profiles")
        ]
        return [f'"school_id":{school},' in answer.text for answer in answers]

    assert await seen() == [False, False, False]
    await go(admin, number, "activate")
    assert await seen() == [True, True, False]
    await go(admin, number, "suspend")
    assert await seen() == [False, False, False]


async def test_each_municipality_finds_the_steps_in_its_own_audit(
    client_as: ClientAs, places: Places
) -> None:
    admin, home, other = [await client_as(each) for each in ("admin", "uzhur", ABROAD)]
    number = (await draft_across(admin, places))["id"]
    await perform(other, number, "propose")
    await perform(home, number, "confirm")
    for coordinator in (home, other):
        answer = await coordinator.get(
            "/v1/audit", params={"entity": "mentoring_agreement"}
        )
        actions = [entry["action"] for entry in answer.json()["items"]]
        assert actions == ["confirm", "propose", "create"]


async def test_within_one_municipality_there_is_nothing_to_confirm(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    proposed = await go(office, number, "propose")
    assert "confirm" not in proposed["possible_actions"]
    answer = await perform(office, number, "confirm", side="mentor")
    assert refused(answer) == (409, "confirmation_needless")


async def test_coordinators_who_do_not_see_each_others_drafts_share_the_last_place(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    admin, home, other = [await client_as(each) for each in ("admin", "uzhur", ABROAD)]
    mentor = places.schools[abroad(places)]
    async with begin_as_system(engine) as work:
        await work.session.execute(
            update(SchoolRow).where(SchoolRow.id == mentor).values(mentor_capacity=1)
        )
    proposals = []
    for number in range(5):
        across = await draft_across(admin, places, problem=f"Проблема {number}")
        proposals.append((home, across["id"]))
        within = await draft(
            other,
            places,
            programme_id=places.programmes[ABROAD],
            mentor_school_id=mentor,
            mentee_school_id=places.schools[abroad(places, 1)],
            problem=f"Проблема {number}",
            starts_on="2020-10-01",
        )
        proposals.append((other, within["id"]))
    answers = await asyncio.gather(
        *(perform(client, number, "propose") for client, number in proposals)
    )
    codes = Counter(each.json().get("code", "done") for each in answers)
    assert codes == {"done": 1, "mentor_capacity_exhausted": len(proposals) - 1}


async def test_the_same_pair_and_problem_is_drafted_once_across_municipalities(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    await draft_across(admin, places)
    answer = await admin.post(
        URL,
        json={
            "programme_id": places.programmes[ABROAD],
            "mentor_school_id": places.schools[abroad(places)],
            "mentee_school_id": places.schools[MENTEE],
            "problem": "математика в 5–6 классах ",
            "starts_on": "2020-10-01",
            "ends_on": "2021-05-31",
        },
    )
    assert refused(answer) == (409, "duplicate_agreement")


async def test_the_database_refuses_a_place_that_is_not_there(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    for number in range(3):
        await draft(office, places, problem=f"Проблема {number}")
    with pytest.raises(DBAPIError, match="no free place"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                update(AgreementRow).values(
                    status="proposed",
                    registry_year=2020,
                    registry_number=AgreementRow.id,
                )
            )


async def test_the_other_coordinator_may_amend_a_draft(
    client_as: ClientAs, places: Places
) -> None:
    admin, other = await client_as("admin"), await client_as(ABROAD)
    number = (await draft_across(admin, places))["id"]
    answer = await other.patch(
        f"{URL}/{number}", json={"goals": ["Другая цель"]}, headers=ANY_VERSION
    )
    assert answer.json()["goals"] == ["Другая цель"]
