"""Every reason for which an agreement is not taken a step further, by its code."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    MENTEE,
    MENTOR,
    ON_LOW_LIST,
    URL,
    draft,
    go,
    perform,
    refused,
)
from tests.support.api import ClientAs


async def set_capacity(engine: AsyncEngine, school_id: int, places: int) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(
            update(SchoolRow)
            .where(SchoolRow.id == school_id)
            .values(mentor_capacity=places)
        )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"goals": []}, "agreement_without_goal"),
        ({"plan": []}, "agreement_without_plan"),
        ({"starts_on": "2020-08-31"}, "agreement_outside_programme"),
        ({"ends_on": "2022-09-01"}, "agreement_outside_programme"),
    ],
)
async def test_an_incomplete_draft_is_not_proposed(
    client_as: ClientAs, places: Places, changes: Mapping[str, Any], code: str
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places, **changes))["id"]
    assert refused(await perform(office, number, "propose")) == (409, code)
    assert (await office.get(f"{URL}/{number}")).json()["version"] == 1


async def test_a_school_on_the_low_list_is_no_mentor(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    listed = places.schools[ON_LOW_LIST]
    number = (await draft(office, places, mentor_school_id=listed))["id"]
    answer = await perform(office, number, "propose")
    assert refused(answer) == (409, "mentor_on_low_list")


async def put_on_low_list(
    engine: AsyncEngine, places: Places, *, school_id: int, year: int
) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(
            insert(ListMembershipRow).values(
                municipality_id=places.municipalities["uzhur"],
                school_id=school_id,
                list_kind="low_results",
                year=year,
                act_body="Рособрнадзор",
                provenance="entered",
            )
        )


async def test_a_mentor_listed_meanwhile_is_refused_when_the_mentee_signs(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    """The list is hidden from the mentee's editor, but not from the guard."""
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    mentor = places.schools[MENTOR]
    await put_on_low_list(engine, places, school_id=mentor, year=2022)
    answer = await perform(mentee, number, "sign")
    assert refused(answer) == (409, "mentor_on_low_list")


async def test_a_list_of_other_years_than_the_programmes_does_not_count(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    for year in (2019, 2023):
        await put_on_low_list(
            engine, places, school_id=places.schools[MENTOR], year=year
        )
    await go(office, number, "propose")


async def test_a_mentor_without_a_free_place_is_refused(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    numbers = [
        (await draft(office, places, problem=problem))["id"]
        for problem in ("Чтение", "Письмо", "Счёт")
    ]
    await go(office, numbers[0], "propose")
    await go(office, numbers[1], "propose", "sign", "activate", "suspend")
    answer = await perform(office, numbers[2], "propose")
    assert refused(answer) == (409, "mentor_capacity_exhausted")
    await go(office, numbers[0], "terminate")
    await go(office, numbers[2], "propose")


async def test_an_agreement_is_activated_from_its_first_to_its_last_day(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    number = (await draft(admin, places, starts_on="2020-10-01", ends_on="2020-10-31"))[
        "id"
    ]
    await go(admin, number, "propose", "sign")
    answer = await perform(admin, number, "activate")
    assert refused(answer) == (409, "agreement_not_started")
    await admin.put("/v1/clock", json={"now": "2020-11-01T00:30:00+07:00"})
    answer = await perform(admin, number, "activate")
    assert refused(answer) == (409, "agreement_ended")


async def test_steps_out_of_order_are_refused(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    for action in ("sign", "activate", "suspend", "resume", "complete"):
        more = {"side": "mentor"} if action == "sign" else {}
        answer = await perform(office, number, action, **more)
        assert refused(answer) == (409, "agreement_wrong_state")


async def test_a_side_signs_once(client_as: ClientAs, places: Places) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    await perform(mentor, number, "sign")
    answer = await perform(office, number, "sign", side="mentor")
    assert refused(answer) == (409, "already_signed")


async def test_a_coordinator_says_for_which_side_it_signs(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    answer = await perform(office, number, "sign")
    assert refused(answer) == (422, "signature_side_required")


async def test_a_side_is_named_for_signing_only(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await perform(office, number, "propose", side="mentor")
    assert refused(answer) == (422, "invalid_input")


async def test_a_termination_needs_a_reason(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    assert refused(await perform(office, number, "terminate")) == (
        422,
        "reason_required",
    )


async def test_a_school_signs_for_itself_only_and_activates_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    for action, more in (("sign", {"side": "mentor"}), ("activate", {})):
        answer = await perform(mentee, number, action, **more)
        assert refused(answer) == (403, "agreement_forbidden")


@pytest.mark.parametrize("signer", [MENTOR, MENTEE])
async def test_a_mentor_that_lost_its_places_is_refused_whoever_signs(
    client_as: ClientAs, places: Places, engine: AsyncEngine, signer: str
) -> None:
    """The mentee's editor sees no other agreement of the mentor; the guard does."""
    office, school = await client_as("uzhur"), await client_as(signer)
    first = await draft(office, places)
    other = places.schools["uzhur.prirechenskaya"]
    second = await draft(office, places, mentee_school_id=other)
    for drafted in (first, second):
        await go(office, drafted["id"], "propose")
    await set_capacity(engine, places.schools[MENTOR], 1)
    answer = await perform(school, first["id"], "sign")
    assert refused(answer) == (409, "mentor_capacity_exhausted")


async def test_a_refusal_is_told_in_the_callers_language(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    russian = (await perform(office, number, "terminate")).json()
    office.headers["Accept-Language"] = "en"
    english = (await perform(office, number, "terminate")).json()
    assert russian["title"] == "Не указана причина"
    assert english["title"] == "A reason is required"
    assert russian["code"] == english["code"]
