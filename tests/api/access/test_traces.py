"""What is done about signing in leaves a trace, and no secrets in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from services.api.demo.logins import PASSWORD
from shared.domain.sign_in import TRIES_PER_LOGIN
from tests.support.api import ClientAs

NEW = "a much better one"
LOGIN = "uzhur.ilinskaya"


async def entries(office: httpx.AsyncClient, entity: str) -> list[dict[str, Any]]:
    answer = await office.get("/v1/audit", params={"entity": entity, "limit": 500})
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@contextmanager
def connections_of(app: FastAPI) -> Iterator[list[int]]:
    """Yield what grows by how many connections are taken, at each taking."""
    taken: list[int] = []
    pool = app.state.api.engine.sync_engine.pool

    def note(*_: object) -> None:
        taken.append(pool.checkedout())

    event.listen(pool, "checkout", note)
    try:
        yield taken
    finally:
        event.remove(pool, "checkout", note)


async def test_sessions_begin_and_end_with_a_trace(client_as: ClientAs) -> None:
    office = await client_as("uzhur")
    here, there = await client_as(LOGIN), await client_as(LOGIN)
    me = (await here.get("/v1/me")).json()
    (other,) = [
        each["id"]
        for each in (await here.get("/v1/me/sessions")).json()["items"]
        if not each["is_current"]
    ]
    assert (await here.delete(f"/v1/me/sessions/{other}")).status_code == 204
    await client_as(LOGIN)
    assert (await here.delete("/v1/me/sessions")).status_code == 204
    assert (await there.get("/v1/me")).status_code == 401
    mine = [
        each
        for each in await entries(office, "session")
        if each["actor_id"] == me["id"]
    ]
    assert [each["action"] for each in reversed(mine)] == [
        "create",
        "create",
        "end",
        "create",
        "end",
    ]
    assert mine[2]["entity_id"] == other
    assert all(each["address"] and each["request_id"] for each in mine)
    assert all(each["school_id"] == me["school_id"] for each in mine)


async def test_a_login_that_is_locked_out_leaves_a_trace(
    client_as: ClientAs, client: httpx.AsyncClient
) -> None:
    office = await client_as("uzhur")
    for login in (LOGIN, "nobody.at.all"):
        for _ in range(TRIES_PER_LOGIN + 1):
            await client.post(
                "/v1/tokens", data={"username": login, "password": "wrong"}
            )
    (locked,) = [
        each for each in await entries(office, "user") if each["action"] == "lock_out"
    ]
    assert locked["changes"] == {"failures": [None, TRIES_PER_LOGIN]}
    assert locked["actor_id"] is None
    assert locked["address"] == "127.0.0.1"


async def test_a_password_changes_on_one_connection_and_with_a_trace(
    client_as: ClientAs, api: FastAPI
) -> None:
    office, school = await client_as("uzhur"), await client_as(LOGIN)
    body = {"old_password": PASSWORD, "new_password": NEW}
    with connections_of(api) as taken:
        answer = await school.put("/v1/me/password", json=body)
    assert answer.status_code == 204, answer.text
    assert len(taken) >= 2
    traces = await entries(office, "user")
    assert traces[0]["action"] == "change_password"
    assert NEW not in str(traces)
    assert PASSWORD not in str(traces)


async def test_an_account_of_no_municipality_leaves_traces_too(
    client_as: ClientAs,
) -> None:
    admin = await client_as("admin")
    await client_as("admin")
    assert (await admin.delete("/v1/me/sessions")).status_code == 204
    found = await entries(admin, "session")
    assert found[0]["action"] == "end"
    assert found[0]["municipality_id"] is None
