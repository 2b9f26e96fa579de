"""What cannot be drafted or edited, by the code of its refusal."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    ABROAD,
    ANY_VERSION,
    MENTEE,
    MENTOR,
    URL,
    body,
    draft,
    go,
    refused,
)
from tests.support.api import ClientAs


def abroad(places: Places) -> int:
    """Return a school of the other municipality."""
    return next(
        number for key, number in places.schools.items() if key.startswith(ABROAD)
    )


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"ends_on": "2020-09-15"}, 422, "agreement_period_reversed"),
        ({"programme_id": 999}, 404, "not_found"),
        ({"mentor_school_id": 999}, 404, "not_found"),
        ({"mentee_school_id": 2**63 - 1}, 404, "not_found"),
        ({"mentee_school_id": 2**63}, 422, "invalid_input"),
        ({"problem": " "}, 422, "invalid_input"),
        ({"problem": "a\u0000b"}, 422, "invalid_input"),
        ({"goals": [""]}, 422, "invalid_input"),
        ({"plan": [{"title": "Без срока"}]}, 422, "invalid_input"),
        (
            {"plan": [{"title": "Итоги", "due_on": "2021-06-01"}]},
            422,
            "plan_outside_agreement",
        ),
        ({"status": "active"}, 422, "invalid_input"),
    ],
)
async def test_a_wrong_draft_is_refused(
    client_as: ClientAs,
    places: Places,
    changes: Mapping[str, Any],
    status: int,
    code: str,
) -> None:
    office = await client_as("uzhur")
    answer = await office.post(URL, json=body(places, **changes))
    assert refused(answer) == (status, code)
    assert (await office.get(URL)).json()["items"] == []


async def test_dates_of_a_draft_are_not_cut_back_behind_its_plan(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await office.patch(
        f"{URL}/{number}", json={"ends_on": "2020-11-19"}, headers=ANY_VERSION
    )
    assert refused(answer) == (422, "plan_outside_agreement")
    assert answer.json()["faults"][0]["column"] == "body.plan.0.due_on"


async def test_a_school_does_not_mentor_itself(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    same = body(places, mentee_school_id=places.schools[MENTOR])
    assert refused(await office.post(URL, json=same)) == (422, "agreement_same_school")


async def test_a_foreign_school_is_unknown_to_a_coordinator(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    for name in ("mentor_school_id", "mentee_school_id"):
        answer = await office.post(URL, json=body(places, **{name: abroad(places)}))
        assert refused(answer) == (404, "not_found")


async def test_a_programme_is_of_one_of_the_two_municipalities(
    client_as: ClientAs, places: Places
) -> None:
    admin = await client_as("admin")
    foreign = {"programme_id": places.programmes[ABROAD]}
    answer = await admin.post(URL, json=body(places, **foreign))
    assert refused(answer) == (409, "agreement_across_municipalities")


async def test_a_school_drafts_and_edits_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    assert refused(await mentee.post(URL, json=body(places))) == (403, "forbidden")
    number = (await draft(office, places))["id"]
    answer = await mentee.patch(
        f"{URL}/{number}", json={"goals": []}, headers=ANY_VERSION
    )
    assert refused(answer) == (403, "forbidden")


async def test_the_same_pair_and_problem_is_drafted_once(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    await draft(office, places)
    again = body(places, problem=" МАТЕМАТИКА в 5–6 классах")
    assert refused(await office.post(URL, json=again)) == (409, "duplicate_agreement")
    other = await draft(office, places, problem="Чтение")
    answer = await office.patch(
        f"{URL}/{other['id']}",
        json={"problem": body(places)["problem"]},
        headers=ANY_VERSION,
    )
    assert refused(answer) == (409, "duplicate_agreement")


async def test_a_proposed_agreement_is_not_edited(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose")
    answer = await office.patch(
        f"{URL}/{number}", json={"goals": ["Другая"]}, headers=ANY_VERSION
    )
    assert refused(answer) == (409, "agreement_not_draft")


async def test_an_edited_draft_does_not_end_before_it_starts(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await office.patch(
        f"{URL}/{number}", json={"ends_on": "2020-01-01"}, headers=ANY_VERSION
    )
    assert refused(answer) == (422, "agreement_period_reversed")
