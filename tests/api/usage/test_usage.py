"""Who used what is counted across processes and restarts, and told with what goes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter, FastAPI, Query
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api import app as application
from services.api.http.auth import CurrentActor
from services.api.http.deprecation import (
    Deprecation,
    deprecated_parameter,
    deprecated_route,
)
from services.api.usage.flushing import flush
from shared.persistence.engine import create_engine
from tests.api.access.clients.programs import acting, asked_by_secret, registered
from tests.support.api import ClientAs, clients, connect, running, settings_for

URL = "/v1/usage"
GOING = Deprecation(
    since=datetime(2027, 1, 1, tzinfo=UTC),
    sunset=datetime(2027, 7, 1, tzinfo=UTC),
    note="/docs#moving-on",
)
LATER = Deprecation(since=datetime(2027, 2, 1, tzinfo=UTC), note="/docs#later")
old = APIRouter(prefix="/v1/old")


@old.get("", operation_id="read_old", **deprecated_route(GOING))
async def read_old(_actor: CurrentActor) -> list[int]:
    return []


@old.get("/new", operation_id="read_new")
async def read_new(
    _actor: CurrentActor,
    mode: Annotated[str | None, Query(**deprecated_parameter(LATER))] = None,
) -> list[str]:
    return [mode or ""]


@pytest_asyncio.fixture
async def going(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FastAPI]:
    """Yield the api with two more operations, of which something is to go."""
    monkeypatch.setattr(application, "ROUTERS", (*application.ROUTERS, old))
    async with running(settings_for(database_url, redis_url)) as app:
        yield app


async def written(app: FastAPI) -> None:
    """Let it be written down before its minute is over."""
    state = app.state.api
    await flush(state.engine, state.traffic.usage)


async def uses(client: httpx.AsyncClient, **filters: Any) -> list[dict[str, Any]]:
    answer = await client.get(URL, params={"limit": 500, **filters})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_what_is_to_go_says_so_in_answers_and_in_the_description(
    going: FastAPI,
) -> None:
    async with clients(going) as client_as, connect(going) as anybody:
        office = await client_as("uzhur")
        for answer in (await office.get("/v1/old"), await anybody.get("/v1/old")):
            assert answer.headers["deprecation"] == "@1798761600"
            assert answer.headers["sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
            links = answer.headers["link"]
            assert '</docs#moving-on>; rel="deprecation"; type="text/html"' in links
            assert 'rel="sunset"' in links
        plain = await office.get("/v1/old/new")
        assert not {"deprecation", "sunset", "link"} & {*plain.headers}
        meant = await office.get("/v1/old/new", params={"mode": "x"})
        assert meant.json() == ["x"]
        assert meant.headers["deprecation"] == "@1801440000"
        assert "sunset" not in meant.headers
    described = going.openapi()["paths"]
    operation = described["/v1/old"]["get"]
    assert operation["deprecated"] is True
    assert operation["x-deprecation"] == {
        "since": "2027-01-01",
        "sunset": "2027-07-01",
        "note": "/docs#moving-on",
    }
    (parameter,) = [
        each
        for each in described["/v1/old/new"]["get"]["parameters"]
        if each.get("name") == "mode"
    ]
    assert parameter["deprecated"] is True
    assert parameter["schema"]["x-deprecation"]["note"] == "/docs#later"


async def test_the_report_tells_who_still_uses_what_is_to_go(going: FastAPI) -> None:
    async with clients(going) as client_as, connect(going) as anybody:
        office, admin = await client_as("uzhur"), await client_as("admin")
        abroad = await client_as("zhigalovo")
        made = await registered(office)
        async with acting(going, await asked_by_secret(anybody, made)) as (portal,):
            for _ in range(3):
                await portal.get("/v1/old")
            await portal.get("/v1/old/new", params={"mode": "x"})
            await portal.get("/v1/old/new")
        await office.get("/v1/old")
        await anybody.get("/v1/old")  # refused: nobody has used it
        await anybody.get("/v1/problems")
        await written(going)
        found = await uses(office, deprecated=True)
        counted = {
            (each["caller"], each["operation"], each["parameter"]): each["requests"]
            for each in found
        }
        assert counted == {
            ("client", "read_old", None): 3,
            ("client", "read_new", "mode"): 1,
            ("account", "read_old", None): 1,
        }
        portals = next(each for each in found if each["caller"] == "client")
        assert portals["client_id"] == made["client_id"]
        assert portals["account_id"] == made["account_id"]
        assert (portals["name"], portals["version"]) == ("portal", "v1")
        assert portals["first_at"] <= portals["last_at"]
        stays = await uses(office, deprecated=False, account_id=made["account_id"])
        assert [(each["operation"], each["requests"]) for each in stays] == [
            ("read_new", 2)
        ]
        assert await uses(abroad, deprecated=True) == []
        assert not [each for each in await uses(office) if each["account_id"] is None]
        (nobody,) = await uses(admin, operation="list_problem_types")
        assert (nobody["caller"], nobody["name"]) == ("anonymous", None)


async def test_counts_of_several_processes_add_up_and_outlive_them(
    database_url: str, redis_url: str
) -> None:
    settings = settings_for(database_url, redis_url)
    for _ in range(2):
        async with (
            running(settings) as one,
            running(settings) as other,
            clients(one) as at_one,
            clients(other) as at_other,
        ):
            for client in (await at_one("uzhur"), await at_other("uzhur")):
                await client.get("/v1/me")
    async with running(settings) as again, clients(again) as client_as:
        (me,) = await uses(await client_as("uzhur"), operation="read_me")
    assert me["requests"] == 4
    assert me["first_at"] < me["last_at"]


async def test_what_cannot_be_written_is_kept_for_later(
    client_as: ClientAs, api: FastAPI, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    await office.get("/v1/me")
    usage = api.state.api.traffic.usage
    away = create_engine("postgresql://nobody@127.0.0.1:1/nothing", "api")
    with pytest.raises(OSError, match=r"127\.0\.0\.1"):
        await flush(away, usage)
    await away.dispose()
    await office.get("/v1/me")
    await flush(engine, usage)
    (me,) = await uses(office, operation="read_me")
    assert me["requests"] == 2
