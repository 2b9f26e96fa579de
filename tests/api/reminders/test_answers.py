"""Acknowledging and putting off: signed in, and by the links of messages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from shared.domain.reminders.links import Act, Answering, key_of, signed
from shared.domain.reminders.recipients import Recipient
from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"
NOW = "2020-10-09T09:00:00+07:00"
LATER = datetime(2020, 11, 1, tzinfo=UTC)


@pytest_asyncio.fixture
async def missed(client_as: ClientAs) -> dict[str, Any]:
    """Return a deadline of the school that has passed."""
    admin, client = await client_as("admin"), await client_as(SCHOOL)
    (await admin.put("/v1/clock", json={"now": NOW})).raise_for_status()
    me = (await client.get("/v1/me")).json()
    deadlines = (await client.get("/v1/deadlines?state=open&limit=500")).json()
    return next(
        each | {"user_id": me["id"]}
        for each in deadlines["items"]
        if each["school_id"] == me["school_id"] and each["due_on"] < "2020-10-09"
    )


async def answers(url: str) -> tuple[list[Any], list[Any]]:
    connection = await asyncpg.connect(url)
    try:
        return (
            await connection.fetch("SELECT * FROM api.reminder_acknowledgements"),
            await connection.fetch("SELECT * FROM api.reminder_snoozes"),
        )
    finally:
        await connection.close()


async def test_who_sees_a_deadline_acknowledges_it_once(
    client_as: ClientAs, missed: dict[str, Any], database_url: str
) -> None:
    url = f"/v1/deadlines/{missed['id']}/acknowledgement"
    client = await client_as(SCHOOL)
    for _ in range(2):
        answer = await client.post(url)
        assert answer.status_code == 200, answer.text
    acknowledged, _ = await answers(database_url)
    assert [row["deadline_id"] for row in acknowledged] == [missed["id"]]
    stranger = await client_as("zhigalovo")
    assert (await stranger.post(url)).status_code == 404


@pytest.mark.parametrize(
    ("until", "status"),
    [
        ("2020-10-09", 422),
        ("2020-10-10", 200),
        ("2020-10-16", 200),
        ("2020-10-17", 422),
    ],
)
async def test_what_is_overdue_is_put_off_by_a_week_at_most(
    client_as: ClientAs, missed: dict[str, Any], until: str, status: int
) -> None:
    client = await client_as(SCHOOL)
    answer = await client.post(
        f"/v1/deadlines/{missed['id']}/snooze", json={"until": until}
    )
    assert answer.status_code == status, answer.text


def link(app: FastAPI, missed: dict[str, Any], act: Act, **changes: Any) -> str:
    """Return the address of a link in a message to the school's editor."""
    values = {
        "recipient": Recipient(missed["user_id"], None, missed["school_id"]),
        "deadline_id": missed["id"],
        "due_on": date.fromisoformat(missed["due_on"]),
        "act": act,
        "expires_at": LATER,
    }
    key = key_of(app.state.api.settings.secret_key)
    return f"/v1/reminder-links/{signed(Answering(**values | changes), key)}"


async def test_a_link_acts_on_post_only_and_once(
    api: FastAPI, client: httpx.AsyncClient, missed: dict[str, Any], database_url: str
) -> None:
    for act in Act:
        url = link(api, missed, act)
        for _ in range(3):
            page = await client.get(url, headers={"Accept-Language": "ru"})
            assert page.status_code == 200, page.text
            assert '<form method="post">' in page.text
            assert "no-store" in page.headers["Cache-Control"]
    assert await answers(database_url) == ([], [])
    for act in Act:
        url = link(api, missed, act)
        assert (await client.post(url)).status_code == 200
        assert (await client.post(url)).status_code == 404
        assert (await client.get(url)).status_code == 404
    acknowledged, snoozed = await answers(database_url)
    assert [row["recipient_id"] for row in acknowledged] == [missed["user_id"]]
    assert [row["until"] for row in snoozed] == [date(2020, 10, 12)]


async def test_a_link_that_is_changed_expired_or_of_another_day_does_nothing(
    api: FastAPI, client: httpx.AsyncClient, missed: dict[str, Any], database_url: str
) -> None:
    good = link(api, missed, Act.ACKNOWLEDGE)
    moved = date.fromisoformat(missed["due_on"]) + timedelta(days=1)
    bad = [
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace("links/W", "links/X", 1),
        good.partition(".")[0] + ".AAAA",
        link(api, missed, Act.SNOOZE, expires_at=datetime(2020, 10, 1, tzinfo=UTC)),
        link(api, missed, Act.SNOOZE, due_on=moved),
        link(api, missed, Act.SNOOZE, deadline_id=10**9),
    ]
    for url in bad:
        for answer in (await client.get(url), await client.post(url)):
            assert answer.status_code == 404, url
    assert await answers(database_url) == ([], [])
