"""Tandems over HTTP: whose they are, what they are made of, how they end."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.permissions import Role
from tests.api.mentoring.conftest import Places, places
from tests.support.accounts import client_with, open_account_for, token_for
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

URL = "/v1/tandems"
OWN, OTHER, ABROAD = "uzhur.ilinskaya", "uzhur.uzhurskaya-1", "zhigalovo"
STRANGER = "uzhur.prirechenskaya"
ANY = {"If-Match": "*"}
MATHS = {"position": "Учитель математики", "subject": "mathematics"}


def member(role: str, school_id: int, **changes: Any) -> dict[str, Any]:
    """Return a place in a tandem."""
    return {"role": role, "school_id": school_id, **MATHS, **changes}


def within(school_id: int, **changes: Any) -> dict[str, Any]:
    """Return a pair in one school."""
    return {
        "kind": "in_school",
        "goal": "Освоить формирующее оценивание",
        "plan": "Взаимные уроки раз в две недели",
        "starts_on": "2020-09-01",
        "members": [member("mentor", school_id), member("mentee", school_id)],
        **changes,
    }


def across(*schools: int, **changes: Any) -> dict[str, Any]:
    """Return a group of the first school's mentor and a mentee of each other one."""
    first, *others = schools
    members = [member("mentor", first), *(member("mentee", each) for each in others)]
    return {**within(first), "kind": "network", "members": members, **changes}


async def drafted(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(URL, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{URL}/{answer.json()['id']}"
    tandem: dict[str, Any] = answer.json()
    return tandem


async def step(
    client: httpx.AsyncClient, tandem_id: int, action: str, **body: Any
) -> httpx.Response:
    address = f"{URL}/{tandem_id}/{action}"
    return await client.post(address, json=body or None, headers=ANY)


async def listed(client: httpx.AsyncClient, **params: Any) -> list[int]:
    answer = await client.get(URL, params=params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def employed(client: httpx.AsyncClient, school_id: int) -> int:
    body = {"school_id": school_id, "position": "Учитель физики", "subjects": []}
    answer = await client.post("/v1/teachers", json=body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def codes(*answers: httpx.Response) -> set[tuple[int, str]]:
    return {(answer.status_code, answer.json()["code"]) for answer in answers}


async def test_a_school_takes_its_tandem_from_draft_to_end(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(OWN), await client_as("uzhur")
    own = places.schools[OWN]
    teacher = await employed(school, own)
    tandem = await drafted(school, within(own))
    assert (tandem["status"], tandem["form"], tandem["version"]) == ("draft", "pair", 1)
    mentee = {"role": "mentee", "school_id": own, "teacher_id": teacher}
    members = [*within(own)["members"], mentee]
    address = f"{URL}/{tandem['id']}"
    body = within(own, members=members)
    changed = await school.put(address, json=body, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["form"], changed.json()["version"]) == ("group", 2)
    # What a registered teacher is stands there without the name.
    assert changed.json()["members"][2]["position"] == "Учитель физики"
    assert changed.headers["etag"].startswith('"2')
    same = await school.put(address, json=body, headers=ANY)
    assert same.json()["version"] == 2
    active = await step(school, tandem["id"], "activate")
    assert active.json()["status"] == "active", active.text
    ended = await step(school, tandem["id"], "end", reason="goal_reached")
    assert (ended.json()["status"], ended.json()["end_reason"]) == (
        "ended",
        "goal_reached",
    )
    assert ended.json()["ended_on"] == "2020-09-16"
    entries = await office.get("/v1/audit", params={"entity": "tandem"})
    actions = [each["action"] for each in entries.json()["items"]]
    assert sorted(actions) == ["activate", "change", "create", "end"]


async def test_an_active_tandem_is_replaced_by_another(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    own, other = places.schools[OWN], places.schools[OTHER]
    tandem = await drafted(office, within(own))
    body = {"comment": "Наставник ушёл", "tandem": across(other, own)}
    assert codes(await step(office, tandem["id"], "replace", **body)) == {
        (409, "tandem_wrong_state")
    }
    await step(office, tandem["id"], "activate")
    answer = await step(office, tandem["id"], "replace", **body)
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert (new["replaces_id"], new["status"]) == (tandem["id"], "draft")
    old = (await office.get(f"{URL}/{tandem['id']}")).json()
    assert (old["status"], old["end_reason"]) == ("ended", "replaced")
    assert (old["replaced_by_id"], old["end_comment"]) == (new["id"], "Наставник ушёл")
    assert codes(await step(office, tandem["id"], "replace", **body)) == {
        (409, "tandem_wrong_state")
    }


async def test_a_network_is_seen_by_its_schools_and_written_by_the_coordinator(
    client_as: ClientAs, places: Places
) -> None:
    office, school = await client_as("uzhur"), await client_as(OWN)
    own, other = places.schools[OWN], places.schools[OTHER]
    body = across(other, own)
    network = await drafted(office, body)
    inside = await drafted(office, within(other))
    assert await listed(office) == [network["id"], inside["id"]]
    assert await listed(school) == [network["id"]]
    assert await listed(await client_as(OTHER)) == [network["id"], inside["id"]]
    for login in (STRANGER, ABROAD):
        assert await listed(await client_as(login)) == []
    names = {each["school_name"] for each in network["members"]}
    shown = (await school.get(f"{URL}/{network['id']}")).json()["members"]
    assert {each["school_name"] for each in shown} == names
    assert len(names) == 2
    address = f"{URL}/{network['id']}"
    denied = [
        await school.post(URL, json=body),
        await school.put(address, json=body, headers=ANY),
        await step(school, network["id"], "activate"),
        await step(school, network["id"], "end", reason="goal_reached"),
        await step(school, network["id"], "replace", comment="Так", tandem=body),
    ]
    assert codes(*denied) == {(403, "tandem_forbidden")}
    assert (await office.get(address)).json()["version"] == 1


@pytest.mark.parametrize("login", [STRANGER, ABROAD])
async def test_strangers_cannot_tell_that_a_tandem_exists(
    client_as: ClientAs, places: Places, login: str
) -> None:
    office, stranger = await client_as("uzhur"), await client_as(login)
    own = places.schools[OWN]
    number = (await drafted(office, within(own)))["id"]
    theirs = places.schools[STRANGER]
    answers = [
        await stranger.get(f"{URL}/{number}"),
        await stranger.put(f"{URL}/{number}", json=within(theirs), headers=ANY),
        await step(stranger, number, "activate"),
        await step(stranger, number, "end", reason="goal_reached"),
        await step(stranger, number, "replace", comment="Так", tandem=within(theirs)),
    ]
    assert codes(*answers) == {(404, "tandem_not_found")}
    assert codes(await stranger.post(URL, json=within(own))) == {(404, "not_found")}
    assert (await office.get(f"{URL}/{number}")).json()["version"] == 1


async def test_a_partner_by_agreement_is_not_written_for(
    client_as: ClientAs, places: Places
) -> None:
    school = await client_as(OWN)
    answer = await school.post(URL, json=within(places.schools[OTHER]))
    assert codes(answer) == {(404, "not_found")}


@pytest.mark.parametrize("role", [Role.SCHOOL_READER, Role.METHODIST])
async def test_readers_and_methodists_read_and_do_not_write(
    api: FastAPI, client_as: ClientAs, places: Places, engine: AsyncEngine, role: Role
) -> None:
    body = within(places.schools[OWN])
    number = (await drafted(await client_as("uzhur"), body))["id"]
    token = await token_for(engine, await open_account_for(engine, role))
    async with client_with(api, token) as reader:
        assert await listed(reader) == [number]
        denied = [
            await reader.post(URL, json=body),
            await reader.put(f"{URL}/{number}", json=body, headers=ANY),
            await step(reader, number, "activate"),
            await step(reader, number, "end", reason="goal_reached"),
            await step(reader, number, "replace", comment="Так", tandem=body),
        ]
    assert codes(*denied) == {(403, "forbidden")}


async def test_what_breaks_a_rule_is_refused_and_changes_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    own, other = places.schools[OWN], places.schools[OTHER]
    abroad = next(
        number for name, number in places.schools.items() if name.startswith(ABROAD)
    )
    theirs = await employed(office, other)
    mentor, mentee = member("mentor", own), member("mentee", own)
    twice = [member(each, other, teacher_id=theirs) for each in ("mentor", "mentee")]
    initials = member("mentor", own, position="Буквина А. Б.")
    refused = {
        "members": [
            within(own, members=[mentor]),
            within(own, members=[mentee]),
            within(own, members=[]),
            within(own, members=[mentor, member("mentee", other)]),
            {**within(own), "kind": "network"},
            within(other, members=twice),
            across(own, abroad),
        ],
        "members[1].teacher_id": [
            within(own, members=[mentor, member("mentee", own, teacher_id=theirs)]),
            within(own, members=[mentor, member("mentee", own, teacher_id=10**9)]),
        ],
        "members[1].subject": [
            within(own, members=[mentor, member("mentee", own, subject="alchemy")])
        ],
        "members[0].position": [within(own, members=[initials, mentee])],
        "goal": [within(own, goal="Помочь Буквиной А. Б.")],
        "ends_on": [within(own, ends_on="2020-08-31")],
    }
    for column, bodies in refused.items():
        for body in bodies:
            answer = await admin.post(URL, json=body)
            assert codes(answer) == {(422, "invalid_tandem")}, answer.text
            assert answer.json()["faults"][0]["column"] == column
    nameless = [mentor, {"role": "mentee", "school_id": own}]
    named = {**mentee, "name": "Учитель"}
    for members in (nameless, [mentor, named]):
        answer = await office.post(URL, json=within(own, members=members))
        assert codes(answer) == {(422, "invalid_input")}
    assert await listed(admin) == []


async def test_steps_are_refused_where_they_lead_nowhere(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    own = places.schools[OWN]
    later = (await drafted(office, within(own, starts_on="2020-12-01")))["id"]
    over = (await drafted(office, within(own, ends_on="2020-09-10")))["id"]
    for number in (later, over):
        answer = await step(office, number, "activate")
        assert codes(answer) == {(409, "tandem_outside_period")}
    for body, column in (
        ({"reason": "replaced"}, "reason"),
        ({"reason": "other"}, "comment"),
        ({"reason": "other", "comment": "Уволился Буквин А. Б."}, "comment"),
    ):
        answer = await step(office, later, "end", **body)
        assert codes(answer) == {(422, "invalid_tandem")}
        assert answer.json()["faults"][0]["column"] == column
    given_up = await step(office, later, "end", reason="other", comment="Не нужен")
    assert given_up.json()["status"] == "ended", given_up.text
    address = f"{URL}/{later}"
    wrong = [
        await step(office, later, "activate"),
        await step(office, later, "end", reason="goal_reached"),
        await office.put(address, json=within(own), headers=ANY),
    ]
    assert codes(*wrong) == {(409, "tandem_wrong_state")}


async def test_a_change_says_which_version_it_was_made_from(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    body = within(places.schools[OWN])
    address = f"{URL}/{(await drafted(office, body))['id']}"
    stale = {"If-Match": '"7"'}
    for action, sent in (
        ("activate", None),
        ("end", {"reason": "goal_reached"}),
        ("replace", {"comment": "Так", "tandem": body}),
    ):
        where = f"{address}/{action}"
        assert (await office.post(where, json=sent)).status_code == 428
        assert (await office.post(where, json=sent, headers=stale)).status_code == 412
    assert (await office.put(address, json=body)).status_code == 428
    assert (await office.put(address, json=body, headers=stale)).status_code == 412


async def test_a_repeated_post_drafts_one_tandem(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    body, key = within(places.schools[OWN]), {"Idempotency-Key": "once"}
    first, second = [await office.post(URL, json=body, headers=key) for _ in range(2)]
    assert first.json()["id"] == second.json()["id"]
    assert len(await listed(office)) == 1


async def test_lists_are_narrowed_and_paged(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    own, other = places.schools[OWN], places.schools[OTHER]
    inside = (await drafted(office, within(own)))["id"]
    network = (await drafted(office, across(other, own)))["id"]
    elsewhere = (await drafted(office, within(other)))["id"]
    await step(office, network, "activate")
    assert await listed(office, school_id=own) == [inside, network]
    assert await listed(office, kind="in_school") == [inside, elsewhere]
    assert await listed(office, status="active") == [network]
    home = places.municipalities["uzhur"]
    assert await listed(office, municipality_id=home, limit=1) == [inside]
    assert await listed(office, after=inside) == [network, elsewhere]
