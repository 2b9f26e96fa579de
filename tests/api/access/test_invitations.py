"""Invitations: one account each, for as long as whoever invites may."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.support.api import ClientAs

URL = "/v1/invitations"
PASSWORD = "long enough to pass"  # noqa: S105 (of an account in a throw-away database)


def wanted(**changes: Any) -> dict[str, Any]:
    expires_at = (system_now() + timedelta(days=7)).isoformat()
    return {"role": "methodist", "expires_at": expires_at, **changes}


async def invited(issuer: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await issuer.post(URL, json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    invitation: dict[str, Any] = answer.json()
    return invitation


async def accept(
    client: httpx.AsyncClient, code: str, login: str = "New.One", **changes: Any
) -> httpx.Response:
    body = {"code": code, "login": login, "password": PASSWORD, **changes}
    return await client.post(f"{URL}/accept", json=body)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(statement))


async def test_whoever_has_the_code_opens_an_account_and_signs_in(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    office = await client_as("uzhur")
    school = (await office.get("/v1/schools")).json()["items"][0]
    invitation = await invited(office, role="school_editor", school_id=school["id"])
    accepted = await accept(client, invitation["code"])
    assert accepted.status_code == 201, accepted.text
    signed = await client.post(
        "/v1/tokens", data={"username": "new.one", "password": PASSWORD}
    )
    client.headers["Authorization"] = f"Bearer {signed.json()['access_token']}"
    me = (await client.get("/v1/me")).json()
    assert (me["role"], me["school_id"]) == ("school_editor", school["id"])
    listed = (await office.get(f"{URL}/{invitation['id']}")).json()
    assert "code" not in listed
    assert listed["account_id"] == me["id"]
    entries = (await office.get("/v1/audit")).json()["items"]
    trace = [(each["entity"], each["action"]) for each in entries]
    assert {("invitation", "create"), ("user", "create")} <= {*trace}
    assert PASSWORD not in str(entries)
    assert invitation["code"] not in str(entries)


async def test_a_code_is_used_once_even_by_many_at_once(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    invitation = await invited(await client_as("uzhur"))
    answers = await asyncio.gather(
        *(accept(client, invitation["code"], f"new.{number}") for number in range(5))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 4}
    late = await accept(client, invitation["code"], "new.late")
    assert refusal(late) == (409, "invitation_used")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE api.invitations SET expires_at = clock_timestamp()", "expired"),
        ("UPDATE api.users SET is_active = false WHERE login = 'uzhur'", "revoked"),
        ("UPDATE api.users SET role = 'methodist' WHERE login = 'uzhur'", "revoked"),
        (
            (
                "UPDATE api.users u SET municipality_id = m.id"
                " FROM api.municipalities m"
                " WHERE u.login = 'uzhur' AND m.code = 'zhigalovo'"
            ),
            "revoked",
        ),
    ],
)
async def test_an_invitation_ends(
    client_as: ClientAs,
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    statement: str,
    code: str,
) -> None:
    invitation = await invited(await client_as("uzhur"))
    await execute(engine, statement)
    answer = await accept(client, invitation["code"])
    assert refusal(answer) == (409, f"invitation_{code}")


async def test_an_invitation_can_be_taken_back(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    invitation = await invited(office)
    address = f"{URL}/{invitation['id']}"
    assert refusal(await abroad.delete(address)) == (404, "invitation_not_found")
    assert (await office.delete(address)).status_code == 204
    answer = await accept(client, invitation["code"])
    assert refusal(answer) == (409, "invitation_revoked")


async def test_a_refused_acceptance_uses_nothing_up(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    invitation = await invited(await client_as("uzhur"))
    code = invitation["code"]
    assert refusal(await accept(client, "a guess")) == (404, "invitation_not_found")
    assert refusal(await accept(client, code, "zhigalovo")) == (409, "login_taken")
    poor = await accept(client, code, password="123456789012")  # noqa: S106 (refused)
    assert refusal(poor) == (422, "password_refused")
    assert refusal(await accept(client, code, "client:1")) == (422, "invalid_input")
    assert (await accept(client, code)).status_code == 201


@pytest.mark.parametrize(
    ("changes", "status", "mentioned"),
    [
        ({"role": "administrator"}, 403, "administrator"),
        ({"role": "regional_analyst", "region_id": 1}, 403, "regional_analyst"),
        ({"role": "api_client"}, 403, "api_client"),
        ({"role": "school_editor"}, 422, "school_id"),
        ({"school_id": 1}, 422, "school_id"),
        ({"municipality_id": 2}, 404, "municipality 2"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at"),
        ({"email": "nobody"}, 422, "email"),
    ],
)
async def test_nobody_invites_above_or_beside_the_own_place(
    client_as: ClientAs, changes: dict[str, Any], status: int, mentioned: str
) -> None:
    office = await client_as("uzhur")
    office.headers["Accept-Language"] = "en"
    answer = await office.post(URL, json=wanted(**changes))
    assert answer.status_code == status, answer.text
    assert mentioned in answer.text
    assert (await office.get(URL)).json()["items"] == []


async def test_an_administrator_invites_for_a_region(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    invitation = await invited(admin, role="regional_analyst", region_id=1)
    assert (await office.get(URL)).json()["items"] == []
    accepted = await accept(client, invitation["code"])
    assert accepted.json()["role"] == "regional_analyst"
