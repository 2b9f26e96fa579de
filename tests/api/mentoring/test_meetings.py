"""Meetings held under an agreement, and the evaluation at its end."""

from typing import Any

import pytest

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import (
    ABROAD,
    EVALUATION,
    MENTEE,
    MENTOR,
    THIRD,
    URL,
    draft,
    go,
    perform,
    refused,
)
from tests.support.api import ClientAs

MEETING = {
    "held_on": "2020-09-16",
    "topic": "Взаимные уроки",
    "result": "Три открытых урока",
}


async def test_both_schools_note_meetings_while_the_agreement_is_in_force(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    log = f"{URL}/{number}/meetings"
    early = await office.post(log, json=MEETING)
    assert refused(early) == (409, "agreement_not_in_force")
    await go(office, number, "propose", "sign", "activate")
    for login in (MENTOR, MENTEE):
        noted = await (await client_as(login)).post(log, json=MEETING)
        assert noted.status_code == 201, noted.text
    future = await office.post(log, json={**MEETING, "held_on": "2020-09-17"})
    assert refused(future) == (422, "meeting_outside_agreement")
    assert future.json()["faults"][0]["value"] == "2020-09-17"
    before = await office.post(log, json={**MEETING, "held_on": "2020-09-15"})
    assert refused(before) == (422, "meeting_outside_agreement")
    for login in (THIRD, ABROAD):
        stranger = await client_as(login)
        assert (await stranger.get(log)).status_code == 404
        assert (await stranger.post(log, json=MEETING)).status_code in {403, 404}
    await go(office, number, "complete")
    late = await office.post(log, json=MEETING)
    assert refused(late) == (409, "agreement_not_in_force")
    listed = (await office.get(log)).json()["items"]
    assert [item["topic"] for item in listed] == ["Взаимные уроки"] * 2
    audit = await office.get("/v1/audit", params={"entity": "mentoring_agreement"})
    assert [each["action"] for each in audit.json()["items"]].count("meet") == 2


async def test_an_agreement_is_completed_with_its_evaluation(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    await go(office, number, "propose", "sign", "activate")
    without = await perform(office, number, "complete", evaluation=None)
    assert refused(without) == (422, "evaluation_required")
    early = await perform(office, number, "suspend", evaluation=EVALUATION)
    assert refused(early) == (422, "evaluation_needless")
    kept = (await office.get(f"{URL}/{number}")).json()
    assert (kept["status"], kept["evaluation"]) == ("active", None)
    done = await go(office, number, "complete")
    assert done["evaluation"] == EVALUATION
    assert (await office.get(f"{URL}/{number}")).json()["evaluation"] == EVALUATION


@pytest.mark.parametrize(
    "change", [{"goal_reached": "maybe"}, {"indicator": ""}, {"before": "много"}]
)
async def test_an_evaluation_says_what_it_must(
    client_as: ClientAs, places: Places, change: dict[str, Any]
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answer = await perform(
        office, number, "complete", evaluation={**EVALUATION, **change}
    )
    assert answer.status_code == 422
    column = answer.json()["faults"][0]["column"]
    assert column == f"body.evaluation.{next(iter(change))}"
