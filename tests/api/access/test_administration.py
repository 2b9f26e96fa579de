"""Accounts, looked after by those whose part of the tree they are in."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.permissions import ASSIGNABLE, GRANTS, Permission, Role
from tests.support.accounts import open_account_for
from tests.support.api import ClientAs

URL = "/v1/accounts"


async def account_of(admin: httpx.AsyncClient, login: str) -> dict[str, Any]:
    items = (await admin.get(URL, params={"limit": 500})).json()["items"]
    found: dict[str, Any] = next(each for each in items if each["login"] == login)
    return found


# What a school says of itself, nobody says for it, nor whoever gives the role.
OF_THE_SCHOOL = {Permission.OBJECTIVITY_EXPLAIN, Permission.RANKINGS_OBJECT}


def test_nobody_gives_a_role_that_may_more_than_the_own() -> None:
    for giver, roles in ASSIGNABLE.items():
        assert Role.API_CLIENT not in roles
        for role in roles:
            assert GRANTS[role] - OF_THE_SCHOOL <= GRANTS[giver], (giver, role)


async def test_a_coordinator_sees_the_accounts_of_the_municipality(
    client_as: ClientAs,
) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    me = (await office.get("/v1/me")).json()
    items = (await office.get(URL, params={"limit": 500})).json()["items"]
    assert {each["municipality_id"] for each in items} == {me["municipality_id"]}
    assert "password" not in str(items)
    editors = await office.get(URL, params={"role": "school_editor", "limit": 500})
    assert len(editors.json()["items"]) == len(items) - 1
    foreign = await account_of(admin, "zhigalovo")
    answer = await office.get(f"{URL}/{foreign['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")
    school = await client_as("uzhur.ilinskaya")
    assert (await school.get(URL)).status_code == 403


async def test_a_disabled_account_is_out_at_once_and_stays_signed_out(
    client_as: ClientAs,
) -> None:
    office, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    account = await account_of(office, "uzhur.ilinskaya")
    address = f"{URL}/{account['id']}"
    body = {"is_active": False, "reason": "Уволен"}
    answer = await office.patch(address, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_active"] is False
    assert (await school.get("/v1/me")).status_code == 401
    enabled = await office.patch(address, json={"is_active": True})
    assert enabled.json()["is_active"] is True
    assert (await school.get("/v1/me")).status_code == 401
    await client_as("uzhur.ilinskaya")
    entries = (await office.get("/v1/audit", params={"entity": "user"})).json()["items"]
    changed = [each for each in entries if each["action"] == "update"]
    assert [each["changes"]["is_active"] for each in changed] == [
        [False, True],
        [True, False],
    ]
    assert changed[1]["reason"] == "Уволен"
    assert changed[1]["actor_id"] == (await office.get("/v1/me")).json()["id"]


async def test_another_role_is_another_set_of_rights_and_may_need_another_place(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    account = await account_of(office, "uzhur.ilinskaya")
    address = f"{URL}/{account['id']}"
    reader = await office.patch(address, json={"role": "school_reader"})
    assert reader.json()["school_id"] == account["school_id"]
    methodist = await office.patch(address, json={"role": "methodist"})
    assert methodist.status_code == 200, methodist.text
    assert methodist.json()["school_id"] is None
    editor = await office.patch(address, json={"role": "school_editor"})
    assert editor.status_code == 422
    assert editor.json()["faults"][0]["column"] == "school_id"
    signed_in = await client_as("uzhur.ilinskaya")
    assert (await signed_in.get("/v1/me")).json()["role"] == "methodist"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"role": "administrator"}, 403, "role_above_own"),
        ({"role": "regional_analyst", "region_id": 1}, 403, "role_above_own"),
        ({"municipality_id": 2}, 422, "invalid_input"),
        ({"municipality_id": 2, "school_id": 20}, 404, "not_found"),
        ({"school_id": 10**9}, 404, "not_found"),
        ({"login": "other"}, 422, "invalid_input"),
    ],
)
async def test_what_is_above_or_beside_the_own_place_cannot_be_given(
    client_as: ClientAs, body: dict[str, Any], status: int, code: str
) -> None:
    office = await client_as("uzhur")
    account = await account_of(office, "uzhur.ilinskaya")
    answer = await office.patch(f"{URL}/{account['id']}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await account_of(office, "uzhur.ilinskaya") == account


async def test_nobody_changes_the_own_account_or_one_above(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    own = await account_of(office, "uzhur")
    answer = await office.patch(f"{URL}/{own['id']}", json={"is_active": False})
    assert (answer.status_code, answer.json()["code"]) == (403, "own_account")
    analyst = await open_account_for(engine, Role.REGIONAL_ANALYST)
    hidden = await office.patch(f"{URL}/{analyst}", json={"is_active": False})
    assert (hidden.status_code, hidden.json()["code"]) == (404, "account_not_found")
    admin = await client_as("admin")
    await open_account_for(engine, Role.ADMINISTRATOR, login="second")
    other = await account_of(admin, "second")
    ended = await admin.patch(f"{URL}/{other['id']}", json={"is_active": False})
    assert ended.status_code == 200
