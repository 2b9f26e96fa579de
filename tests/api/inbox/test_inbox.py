"""Inboxes and the delivery log over HTTP, filled by the notifier's own code."""

from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.persistence.engine import create_engine
from shared.runtime.reminder_rules import read_reminder_rules
from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"
OTHER_SCHOOL = "uzhur.krutoyarskaya"


@pytest_asyncio.fixture
async def notifier_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, "notifier")
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(autouse=True)
async def _reminded(client_as: ClientAs, notifier_engine: AsyncEngine) -> None:
    """On 23 September 2020 everybody has been reminded."""
    admin = await client_as("admin")
    moved = await admin.put("/v1/clock", json={"now": "2020-09-23T09:00:00+07:00"})
    moved.raise_for_status()
    rules = read_reminder_rules()
    await Planner(notifier_engine, rules, domain="podyom.example.ru").plan_round()
    await post_all(notifier_engine, rules)


async def get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_school_finds_its_reminders_newest_first(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    inbox = (await get(client, "/v1/inbox")).json()
    me = (await get(client, "/v1/me")).json()
    assert inbox["items"]
    assert inbox["unread_count"] == len(inbox["items"])
    ids = [message["id"] for message in inbox["items"]]
    assert ids == sorted(ids, reverse=True)
    for message in inbox["items"]:
        assert message["school_id"] == me["school_id"]
        assert message["subject"].startswith("Срок ")
        assert message["synthetic"] is True
        assert message["read_at"] is None
        sent = datetime.fromisoformat(message["created_at"])
        assert (sent.year, sent.month, sent.day) == (2020, 9, 23)


async def test_pages_of_an_inbox_join_without_gap_or_double(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    whole = (await get(client, "/v1/inbox")).json()["items"]
    assert len(whole) > 1
    seen: list[object] = []
    after: int | None = 0
    while after is not None:
        page = (await get(client, f"/v1/inbox?limit=1&after={after}")).json()
        seen += page["items"]
        after = page["next_after"]
    assert seen == whole


async def test_reading_a_message_counts_once(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    before = (await get(client, "/v1/inbox")).json()
    path = f"/v1/inbox/{before['items'][0]['id']}/read"
    for _ in range(2):
        assert (await client.put(path)).status_code == 204
    unread = (await get(client, "/v1/inbox?unread=true")).json()
    read = (await get(client, "/v1/inbox?unread=false")).json()
    assert unread["items"] == before["items"][1:]
    assert unread["unread_count"] == before["unread_count"] - 1
    assert [message["id"] for message in read["items"]] == [before["items"][0]["id"]]
    first_read_at = read["items"][0]["read_at"]
    assert (await client.put(path)).status_code == 204
    again = (await get(client, "/v1/inbox?unread=false")).json()
    assert again["items"][0]["read_at"] == first_read_at


@pytest.mark.parametrize("reader", [OTHER_SCHOOL, "uzhur", "zhigalovo", "admin"])
async def test_nobody_else_sees_or_reads_a_message(
    client_as: ClientAs, reader: str
) -> None:
    client = await client_as(SCHOOL)
    messages = (await get(client, "/v1/inbox")).json()["items"]
    stranger = await client_as(reader)
    own = (await get(stranger, "/v1/inbox")).json()["items"]
    assert {each["id"] for each in own}.isdisjoint({each["id"] for each in messages})
    answer = await stranger.put(f"/v1/inbox/{messages[0]['id']}/read")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert (await get(client, "/v1/inbox")).json()["unread_count"] == len(messages)


async def test_the_log_tells_what_was_sent_without_addresses(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    school_id = (await get(await client_as(SCHOOL), "/v1/me")).json()["school_id"]
    answer = await get(client, f"/v1/reminders?school_id={school_id}&limit=500")
    assert "@example" not in answer.text.replace("@podyom.example.ru>", "")
    rows = answer.json()["items"]
    assert {row["school_id"] for row in rows} == {school_id}
    assert {row["recipient_role"] for row in rows} == {"school_editor"}
    assert {(row["channel"], row["status"]) for row in rows} == {
        ("inbox", "sent"),
        ("mail", "planned"),
    }
    for row in rows:
        assert row["synthetic"] is True
        assert row["measure_title"]
        assert (row["sent_at"] is None) == (row["status"] == "planned")
        assert (row["next_try_at"] is None) == (row["status"] == "sent")
        assert (row["message_id"] is None) == (row["channel"] == "inbox")


async def test_the_log_can_be_narrowed_to_what_failed(
    client_as: ClientAs, database_url: str
) -> None:
    connection = await asyncpg.connect(database_url)
    dead = await connection.fetchval(
        "WITH dead AS (UPDATE notifier.reminders SET status = 'dead' WHERE id ="
        " (SELECT max(r.id) FROM notifier.reminders r JOIN api.municipalities m"
        " ON m.id = r.municipality_id WHERE m.code = 'uzhur' AND channel = 'mail')"
        " RETURNING id, message_id)"
        " UPDATE notifier.messages m SET status = 'dead', attempts = 1,"
        " last_error = '550 No such mailbox' FROM dead WHERE m.id = dead.message_id"
        " RETURNING dead.id"
    )
    await connection.close()
    client = await client_as("uzhur")
    rows = (await get(client, "/v1/reminders?status=dead")).json()["items"]
    assert [(row["id"], row["last_error"]) for row in rows] == [
        (dead, "550 No such mailbox")
    ]


async def test_a_coordinator_sees_its_own_district_only(client_as: ClientAs) -> None:
    admin = await client_as("admin")
    everything = (await get(admin, "/v1/reminders?limit=500")).json()["items"]
    seen = {}
    for login in ("uzhur", "zhigalovo"):
        client = await client_as(login)
        rows = (await get(client, "/v1/reminders?limit=500")).json()["items"]
        me = (await get(client, "/v1/me")).json()
        assert {row["municipality_id"] for row in rows} == {me["municipality_id"]}
        seen[login] = {row["id"] for row in rows}
    assert seen["uzhur"] | seen["zhigalovo"] == {row["id"] for row in everything}


async def test_a_school_may_not_read_the_log(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    answer = await client.get("/v1/reminders")
    assert answer.status_code == 403
    assert "reminders:read" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/inbox?after={2**63}",
        "/v1/inbox?unread=perhaps",
        "/v1/reminders?status=lost",
        f"/v1/reminders?school_id={2**63}",
    ],
)
async def test_a_number_or_word_outside_its_range_is_refused(
    client_as: ClientAs, path: str
) -> None:
    client = await client_as("uzhur")
    assert (await client.get(path)).status_code == 422
