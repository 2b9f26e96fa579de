"""Rules of a region: above its municipalities, and tried in each of them before."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.permissions import Role
from shared.domain.reminders.rules import Repeats
from shared.persistence.engine import create_engine
from shared.persistence.reminder_people import Scope
from shared.persistence.reminder_situations import read_situations
from shared.persistence.work import begin_as_system
from shared.runtime.reminder_rules import read_reminder_rules
from tests.support.accounts import client_with, open_account_for, token_for
from tests.support.api import ClientAs

RULES = [
    {"code": "before_10", "days_before": 10},
    {"code": "on_day", "days_before": 0},
]
CHANGE = {
    "provenance": "local",
    "rules": RULES,
    "overdue": {"every": 5, "last": 30},
}
NEW = {"If-Match": '"0"'}


@pytest_asyncio.fixture
async def analyst(
    api: FastAPI, engine: AsyncEngine
) -> AsyncIterator[httpx.AsyncClient]:
    number = await open_account_for(engine, Role.REGIONAL_ANALYST)
    async with client_with(api, await token_for(engine, number)) as client:
        yield client


@pytest_asyncio.fixture
async def uzhur(client_as: ClientAs) -> tuple[httpx.AsyncClient, str]:
    client = await client_as("uzhur")
    me = (await client.get("/v1/me")).json()
    return client, f"/v1/municipalities/{me['municipality_id']}"


@pytest_asyncio.fixture
async def region(analyst: httpx.AsyncClient) -> str:
    me = (await analyst.get("/v1/me")).json()
    return f"/v1/regions/{me['region_id']}"


async def test_a_municipality_inherits_from_its_region_and_goes_before_it(
    analyst: httpx.AsyncClient, uzhur: tuple[httpx.AsyncClient, str], region: str
) -> None:
    client, base = uzhur
    for kind, body in (
        (None, CHANGE),
        ("measure", {"review": {"every": 2, "last": 8}}),
    ):
        written = await analyst.put(
            f"{region}/reminder-rules",
            params={} if kind is None else {"kind": kind},
            json=body,
            headers=NEW,
        )
        assert written.status_code == 200, written.text
    await client.put(
        f"{base}/reminder-rules",
        json={"overdue": {"every": 7, "last": 21}},
        headers=NEW,
    )
    found = (
        await client.get(f"{base}/reminder-rules", params={"kind": "measure"})
    ).json()
    assert [each["code"] for each in found["rules"]] == ["before_10", "on_day"]
    assert found["overdue"] == {"every": 7, "last": 21}
    origins = found["origins"]
    assert {part: (each["scope"], each["kind"]) for part, each in origins.items()} == {
        "rules": ("region", None),
        "overdue": ("municipality", None),
        "escalation": ("installation", None),
        "review": ("region", "measure"),
    }
    above = (await client.get(f"{region}/reminder-rules")).json()
    assert above["overdue"] == CHANGE["overdue"]
    assert above["origins"]["review"]["scope"] == "installation"


async def test_a_notifier_at_work_for_one_municipality_knows_its_region(
    analyst: httpx.AsyncClient,
    uzhur: tuple[httpx.AsyncClient, str],
    region: str,
    database_url: str,
) -> None:
    written = await analyst.put(f"{region}/reminder-rules", json=CHANGE, headers=NEW)
    assert written.status_code == 200, written.text
    number = int(uzhur[1].rpartition("/")[2])
    notifier = create_engine(database_url, "notifier")
    async with begin_as_system(notifier, number) as work:
        found = await read_situations(work, read_reminder_rules(), Scope([number]))
    await notifier.dispose()
    change = found[number].rules.regional_change(None)
    assert change is not None
    assert change.overdue == Repeats(every=5, last=30)


async def test_a_region_keeps_its_versions_and_can_inherit_again(
    analyst: httpx.AsyncClient, uzhur: tuple[httpx.AsyncClient, str], region: str
) -> None:
    client, base = uzhur
    url = f"{region}/reminder-rules"
    assert (await analyst.put(url, json=CHANGE)).status_code == 428
    first = await analyst.put(url, json=CHANGE, headers=NEW)
    assert first.json()["version"] == 1
    assert (await analyst.put(url, json=CHANGE, headers=NEW)).status_code == 412
    wrong = await analyst.put(
        url,
        json={"rules": [RULES[0]] * 2},
        headers={"If-Match": "*"},
    )
    assert wrong.json()["code"] == "reminder_rules_invalid"
    gone = await analyst.delete(url, headers={"If-Match": first.headers["ETag"]})
    assert gone.status_code == 204
    rules = (await client.get(f"{base}/reminder-rules")).json()
    assert {each["scope"] for each in rules["origins"].values()} == {"installation"}
    versions = (await analyst.get(f"{region}/reminder-rule-versions")).json()["items"]
    assert [
        (each["version"], each["written_by"], each["document"] is None)
        for each in versions
    ] == [(1, "test.regional_analyst", False), (2, "test.regional_analyst", True)]
    seen = (await client.get(f"{region}/reminder-rule-versions")).json()["items"]
    assert [each["written_by"] for each in seen] == ["", ""]
    audit = (await analyst.get("/v1/audit?entity=regional_reminder_rules")).json()
    assert [each["action"] for each in audit["items"]] == ["inherit", "replace"]


@pytest.mark.parametrize(
    ("login", "read", "write"),
    [("uzhur", 200, 403), ("zhigalovo", 404, 403), ("admin", 200, 200)],
)
async def test_a_region_is_decided_for_by_its_analyst_and_read_below(
    client_as: ClientAs, region: str, login: str, read: int, write: int
) -> None:
    client = await client_as(login)
    url = f"{region}/reminder-rules"
    assert (await client.get(url)).status_code == read
    answer = await client.put(url, json=CHANGE, headers=NEW)
    assert answer.status_code == write, answer.text


async def test_an_analyst_has_no_other_region(
    analyst: httpx.AsyncClient, region: str
) -> None:
    regions = (await analyst.get("/v1/regions")).json()["items"]
    (other,) = (each["id"] for each in regions if not region.endswith(f"/{each['id']}"))
    url = f"/v1/regions/{other}/reminder-rules"
    for answer in (
        await analyst.get(url),
        await analyst.put(url, json=CHANGE, headers=NEW),
        await analyst.post(f"{url}/dry-run", json=CHANGE),
    ):
        assert answer.status_code == 404, answer.text


async def test_a_dry_run_tells_of_each_municipality_what_will_change(
    client_as: ClientAs, uzhur: tuple[httpx.AsyncClient, str], region: str
) -> None:
    admin, (client, base) = await client_as("admin"), uzhur
    moved = await admin.put("/v1/clock", json={"now": "2020-09-17T09:00:00+07:00"})
    moved.raise_for_status()
    number = int(base.rpartition("/")[2])
    before = (await client.get(f"{base}/reminder-preview?days=30")).json()
    none = {"rules": [{"code": "before_1", "days_before": 1}]}
    answer = await admin.post(f"{region}/reminder-rules/dry-run?days=30", json=none)
    assert answer.status_code == 200, answer.text
    run = answer.json()
    (mine,) = (e for e in run["municipalities"] if e["municipality_id"] == number)
    removed = sum(each["count"] for each in mine["removed"])
    assert removed > 0
    assert mine["unchanged"] + removed == before["count"]
    assert run["removed"] == sum(
        person["count"] for each in run["municipalities"] for person in each["removed"]
    )
    await admin.put(f"{region}/reminder-rules", json=none, headers=NEW)
    after = (await client.get(f"{base}/reminder-preview?days=30")).json()
    added = sum(each["count"] for each in mine["added"])
    assert after["count"] == mine["unchanged"] + added
    own = {"rules": [{"code": "before_10", "days_before": 10}]}
    await client.put(f"{base}/reminder-rules", json=own, headers=NEW)
    only = {"rules": RULES}
    again = await admin.post(f"{region}/reminder-rules/dry-run?days=30", json=only)
    (mine,) = (
        each
        for each in again.json()["municipalities"]
        if each["municipality_id"] == number
    )
    assert mine["removed"] == mine["added"] == []
