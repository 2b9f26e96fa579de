"""Requests at the same moment: each guard holds as if they came one by one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable

import httpx
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.agreements import AgreementEventRow, AgreementRow
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, URL, body, draft, go, perform
from tests.support.api import ClientAs

AT_ONCE = 20


async def codes(requests: Iterable[Awaitable[httpx.Response]]) -> Counter[str]:
    """Send all at once and count their answers by problem code or status."""
    answers = await asyncio.gather(*requests)
    return Counter(
        answer.json().get("code", str(answer.status_code)) for answer in answers
    )


async def test_the_last_free_place_of_a_mentor_is_taken_once(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    taken = await draft(office, places, problem="Раньше")
    await go(office, taken["id"], "propose")
    numbers = [
        (await draft(office, places, problem=f"Проблема {number}"))["id"]
        for number in range(AT_ONCE)
    ]
    answers = await codes(perform(office, number, "propose") for number in numbers)
    assert answers == {"200": 1, "mentor_capacity_exhausted": AT_ONCE - 1}
    async with begin_as_system(engine) as work:
        proposed = await work.session.scalar(
            select(func.count()).where(AgreementRow.status == "proposed")
        )
    assert proposed == 2


async def test_schools_that_do_not_see_each_other_share_the_last_place(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    taken = await draft(office, places, problem="Раньше")
    await go(office, taken["id"], "propose")
    schools = ["ilinskaya", "prirechenskaya", "maloimyshskaya", "solgonskaya"]
    proposals = []
    for code in schools:
        school = places.schools[f"uzhur.{code}"]
        drafted = await draft(office, places, mentee_school_id=school)
        editor = await client_as(f"uzhur.{code}")
        proposals.append((editor, drafted["id"]))
    answers = await codes(
        perform(editor, number, "propose") for editor, number in proposals
    )
    assert answers == {"200": 1, "mentor_capacity_exhausted": len(schools) - 1}


async def test_two_signatures_of_one_side_at_once_are_one(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    offices = [await client_as("uzhur"), await client_as("uzhur")]
    number = (await draft(offices[0], places))["id"]
    await go(offices[0], number, "propose")
    answers = await codes(
        perform(office, number, "sign", side="mentor") for office in offices
    )
    assert answers == {"200": 1, "already_signed": 1}
    after = (await offices[0].get(f"{URL}/{number}")).json()
    assert after["version"] == 3
    assert [signature["side"] for signature in after["signatures"]] == ["mentor"]
    async with begin_as_system(engine) as work:
        signed = await work.session.scalar(
            select(func.count()).where(AgreementEventRow.action == "sign")
        )
    assert signed == 1


async def test_both_sides_at_once_make_a_signed_agreement(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    schools = [await client_as(MENTOR), await client_as(MENTEE)]
    answers = await codes(perform(school, number, "sign") for school in schools)
    assert answers == {"200": 2}
    after = (await office.get(f"{URL}/{number}")).json()
    assert (after["status"], after["version"]) == ("signed", 4)


async def test_the_same_agreement_drafted_at_once_is_drafted_once(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    answers = await codes(office.post(URL, json=body(places)) for _ in range(AT_ONCE))
    assert answers == {"201": 1, "duplicate_agreement": AT_ONCE - 1}
    assert len((await office.get(URL)).json()["items"]) == 1
