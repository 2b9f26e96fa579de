"""That an agreement ends: owed by both schools and the office while it is in force."""

from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.scheduling.catching_up import catch_up
from shared.persistence.work import begin_as_system
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ABROAD, MENTEE, MENTOR, draft, go, perform
from tests.support.api import ClientAs

KIND = "agreement_renewal"


async def renewals(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Return the renewals that the caller sees, the municipality's own last."""
    page = await client.get("/v1/deadlines", params={"limit": 500})
    found = [each for each in page.json()["items"] if each["kind"] == KIND]
    return sorted(found, key=lambda each: (each["school_id"] is None, each["id"]))


async def test_the_end_of_an_agreement_is_owed_once_while_it_is_in_force(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    # 29 May 2021 is a Saturday.
    number = (await draft(office, places, ends_on="2021-05-29"))["id"]
    await go(office, number, "propose")
    assert await renewals(office) == []
    await go(office, number, "sign", "activate")

    opened = await renewals(office)
    owners = [places.schools[MENTOR], places.schools[MENTEE], None]
    assert [each["school_id"] for each in opened] == owners
    assert {(each["state"], each["starts_on"], each["due_on"]) for each in opened} == {
        ("open", "2021-03-30", "2021-05-28")
    }
    assert opened[0]["titles"]["en"].startswith("Complete or renew the mentoring")
    assert owners[0] in {each["school_id"] for each in await renewals(mentor)}
    assert owners[1] not in {each["school_id"] for each in await renewals(mentor)}
    for _ in range(2):
        async with begin_as_system(engine) as work:
            await catch_up(work)
    assert await renewals(office) == opened
    by_hand = await office.post(
        f"/v1/deadlines/{opened[2]['id']}/submissions", data={"text": "Продлён"}
    )
    assert by_hand.json()["code"] == "deadline_follows_record"

    await go(office, number, "suspend")
    assert {each["state"] for each in await renewals(office)} == {"withdrawn"}
    await go(office, number, "resume")
    assert {each["state"] for each in await renewals(office)} == {"open"}
    await go(office, number, "complete")
    assert {(each["state"], each["done_on"]) for each in await renewals(office)} == {
        ("done", "2020-09-16")
    }

    again = (await draft(office, places, ends_on="2021-05-29"))["id"]
    await go(office, again, "propose", "sign")
    assert len(await renewals(office)) == len(opened) * 2
    await go(office, again, "terminate")
    states = [each["state"] for each in await renewals(office)]
    assert sorted(states) == ["done"] * 3 + ["withdrawn"] * 3


async def test_each_of_two_municipalities_owes_it_once(
    client_as: ClientAs, places: Places
) -> None:
    office, other = await client_as("uzhur"), await client_as(ABROAD)
    school = next(places.schools[key] for key in places.schools if ABROAD in key)
    admin = await client_as("admin")
    number = (await draft(admin, places, mentor_school_id=school))["id"]
    await go(admin, number, "propose")
    for client in (office, other):
        assert (await perform(client, number, "confirm")).is_success
    for client in (office, other):
        assert (await perform(client, number, "sign")).is_success
    for client, own in ((office, places.schools[MENTEE]), (other, school)):
        owners = {each["school_id"] for each in await renewals(client)}
        assert owners == {own, None}
        assert len(await renewals(client)) == len(owners)
