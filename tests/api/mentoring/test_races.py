"""Requests at the same moment: each guard holds as if they came one by one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.agreements import AgreementEventRow, AgreementRow
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    MENTEE,
    MENTOR,
    THIRD,
    URL,
    body,
    draft,
    go,
    perform,
)
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


async def test_numbers_of_the_register_have_neither_gap_nor_double(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    """Two mentors' proposals at once, of which some are refused for want of a place."""
    office = await client_as("uzhur")
    numbers = [
        (
            await draft(
                office,
                places,
                mentor_school_id=places.schools[mentor],
                problem=f"Проблема {number}",
            )
        )["id"]
        for mentor in (MENTOR, THIRD)
        for number in range(AT_ONCE // 2)
    ]
    answers = await codes(perform(office, number, "propose") for number in numbers)
    assert answers == {"200": 4, "mentor_capacity_exhausted": AT_ONCE - 4}
    listed = (await office.get(URL, params={"status": "proposed"})).json()["items"]
    given = {each["registry_number"] for each in listed}
    assert given == {f"{number}/2020" for number in range(1, 5)}
    with pytest.raises(DBAPIError, match="uq_mentoring_agreements_registry_number"):
        async with begin_as_system(engine) as work:
            await work.session.execute(
                update(AgreementRow)
                .where(AgreementRow.registry_number.is_not(None))
                .values(registry_number=9)
            )


async def test_fifty_posts_with_one_key_draft_one_agreement(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    answers = await asyncio.gather(
        *(
            office.post(URL, json=body(places), headers={"Idempotency-Key": "the-same"})
            for _ in range(50)
        )
    )
    known = {answer.status_code: answer for answer in answers}
    assert known.keys() <= {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {
        "idempotency_in_progress"
    }
    again = await office.post(
        URL, json=body(places), headers={"Idempotency-Key": "the-same"}
    )
    assert again.json() == known[201].json()
    async with begin_as_system(engine) as work:
        drafted = await work.session.scalar(
            select(func.count()).select_from(AgreementEventRow)
        )
    assert drafted == 1


async def test_a_year_begins_its_own_numbers(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    numbers = []
    for mentor in (MENTOR, THIRD):
        drafted = await draft(admin, places, mentor_school_id=places.schools[mentor])
        after = await go(admin, drafted["id"], "propose")
        numbers.append(after["registry_number"])
        # Already the new year in Krasnoyarsk, not yet in London.
        await admin.put("/v1/clock", json={"now": "2020-12-31T20:00:00Z"})
    assert numbers == ["1/2020", "1/2021"]
