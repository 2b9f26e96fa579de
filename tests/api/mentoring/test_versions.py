"""Nobody changes an agreement without saying which version was looked at."""

import asyncio

import pytest

from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import ANY_VERSION, MENTEE, URL, draft, perform, refused
from tests.support.api import ClientAs

STALE = (412, "precondition_failed")
AT_ONCE = 10


async def test_every_answer_with_one_agreement_has_its_version_as_its_tag(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    address = f"{URL}/{number}"
    edited = await office.patch(address, json={"goals": ["1"]}, headers=ANY_VERSION)
    assert edited.headers["etag"].startswith('"2-')
    proposed = await perform(office, number, "propose", if_match=edited.headers["etag"])
    assert proposed.status_code == 200
    assert proposed.headers["etag"].startswith('"3-')
    read = await office.get(address)
    assert read.headers["etag"] == proposed.headers["etag"]
    again = await office.get(
        address, headers={"If-None-Match": proposed.headers["etag"]}
    )
    assert again.status_code == 304


async def test_the_tag_of_a_draft_is_on_the_answer_that_made_it(
    client_as: ClientAs, places: Places
) -> None:
    office, mentee = await client_as("uzhur"), await client_as(MENTEE)
    number = (await draft(office, places))["id"]
    tags = [
        (await client.get(f"{URL}/{number}")).headers["etag"]
        for client in (office, mentee)
    ]
    # They may do different things with it, so that their answers differ.
    assert tags[0] != tags[1]
    assert all(tag.startswith('"1-') for tag in tags)


async def test_a_change_without_a_version_is_refused(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    answers = [
        await office.patch(f"{URL}/{number}", json={"goals": []}),
        await office.post(f"{URL}/{number}/transitions", json={"action": "propose"}),
    ]
    for answer in answers:
        assert refused(answer) == (428, "precondition_required")
    assert (await office.get(f"{URL}/{number}")).json()["version"] == 1


@pytest.mark.parametrize("if_match", ['"2"', 'W/"1"', "1", '"other"'])
async def test_a_change_of_another_version_is_refused(
    client_as: ClientAs, places: Places, if_match: str
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    edited = await office.patch(
        f"{URL}/{number}", json={"goals": []}, headers={"If-Match": if_match}
    )
    assert refused(edited) == STALE
    proposed = await perform(office, number, "propose", if_match=if_match)
    assert refused(proposed) == STALE
    after = (await office.get(f"{URL}/{number}")).json()
    assert (after["version"], after["status"]) == (1, "draft")


async def test_of_editors_at_the_same_moment_one_wins_and_the_others_learn_it(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    number = (await draft(office, places))["id"]
    tag = (await office.get(f"{URL}/{number}")).headers["etag"]
    answers = await asyncio.gather(
        *(
            office.patch(
                f"{URL}/{number}",
                json={"goals": [f"Цель {each}"]},
                headers={"If-Match": tag},
            )
            for each in range(AT_ONCE)
        )
    )
    won = [answer for answer in answers if answer.status_code == 200]
    assert len(won) == 1
    assert [answer.status_code for answer in answers].count(412) == AT_ONCE - 1
    after = (await office.get(f"{URL}/{number}")).json()
    assert after["version"] == 2
    assert after["goals"] == won[0].json()["goals"]


async def test_the_description_says_that_the_version_is_required(
    client_as: ClientAs,
) -> None:
    paths = (await (await client_as("uzhur")).get("/openapi.json")).json()["paths"]
    for operation in (
        paths[f"{URL}/{{agreement_id}}"]["patch"],
        paths[f"{URL}/{{agreement_id}}/transitions"]["post"],
    ):
        named = {each.get("name"): each for each in operation["parameters"]}
        assert named["If-Match"]["required"]
        assert {"412", "428"} <= operation["responses"].keys()
