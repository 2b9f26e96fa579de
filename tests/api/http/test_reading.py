"""What is answered in one round trip shows no more than a transaction would."""

import asyncpg
import httpx
from fastapi import FastAPI
from sqlalchemy import text

from shared.persistence.work import begin_as_system
from tests.support.api import ClientAs


async def test_schools_of_another_municipality_are_not_seen(
    client_as: ClientAs,
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    own = (await office.get("/v1/schools", params={"limit": 500})).json()["items"]
    every = (await admin.get("/v1/schools", params={"limit": 500})).json()["items"]
    foreign = next(
        each for each in every if each["municipality_id"] != own[0]["municipality_id"]
    )
    assert 0 < len(own) < len(every)
    assert (await admin.get(f"/v1/schools/{foreign['id']}")).json() == foreign
    assert (await office.get(f"/v1/schools/{foreign['id']}")).status_code == 404
    narrowed = {"municipality_id": foreign["municipality_id"]}
    assert (await office.get("/v1/schools", params=narrowed)).json()["items"] == []


async def test_nobody_and_an_ended_session_are_refused(
    client: httpx.AsyncClient, client_as: ClientAs
) -> None:
    office = await client_as("uzhur")
    assert (await office.get("/v1/results")).status_code == 200
    ended = await office.delete("/v1/me/sessions")
    assert ended.status_code < 300, ended.text
    sessions = (await office.get("/v1/me/sessions")).json()["items"]
    own = next(each["id"] for each in sessions if each["is_current"])
    assert (await office.delete(f"/v1/me/sessions/{own}")).status_code < 300
    for refused in (office, client):
        answer = await refused.get("/v1/results")
        assert answer.status_code == 401
        assert answer.json()["code"] == "unauthenticated"


async def test_rights_are_those_of_this_moment(
    api: FastAPI, client_as: ClientAs
) -> None:
    office = await client_as("uzhur")
    assert (await office.get("/v1/results")).json()["items"]
    async with begin_as_system(api.state.api.engine) as work:
        await work.session.execute(
            text("UPDATE api.users SET is_active = false WHERE login = 'uzhur'")
        )
    assert (await office.get("/v1/results")).status_code == 401


async def test_connections_that_the_server_has_ended_are_replaced(
    client_as: ClientAs, database_url: str
) -> None:
    office = await client_as("uzhur")
    before = (await office.get("/v1/schools")).json()
    superuser = await asyncpg.connect(database_url)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await superuser.close()
    assert (await office.get("/v1/schools")).json() == before
