"""Endpoints as their owners see them, from the making to the log of their calls."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook

from services.notifier.usecases.webhooks import WebhookRoom
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.api.changes.test_changes import end_of, read
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, draft, go
from tests.api.records.examples import write_example
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.support.accounts import client_with
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

URL = "/v1/webhook-endpoints"
ELSEWHERE = "https://hooks.example.org/podyom?key=of-theirs"


@pytest_asyncio.fixture
async def room(database_url: str) -> AsyncIterator[WebhookRoom]:
    """Yield what calls the endpoints."""
    engine = create_engine(database_url, "notifier")
    room = WebhookRoom(engine, allows_private=True)
    yield room
    await room.close()
    await engine.dispose()


@pytest_asyncio.fixture
async def hooks() -> AsyncIterator[HookSink]:
    async with running_hooks() as running:
        yield running


async def subscribed(
    client: httpx.AsyncClient, url: str = ELSEWHERE, **wanted: Any
) -> dict[str, Any]:
    answer = await client.post(URL, json={"name": "Портал", "url": url, **wanted})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    made: dict[str, Any] = answer.json()
    return made


async def deliver(client: httpx.AsyncClient, room: WebhookRoom) -> None:
    """Have all that was told delivered; the feed is read so that it is numbered."""
    await end_of(client)
    for _ in range(10):
        await room.round()
        await room.idle()


async def test_an_endpoint_is_made_changed_paused_and_removed(
    client_as: ClientAs,
) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    made = await subscribed(office, signatures=["v1", "v1a"])
    assert made["secret"].startswith("whsec_")
    assert made["shown"] == "https://hooks.example.org"
    assert len(made["events"]) == 9
    assert [key["scheme"] for key in made["keys"]] in (["v1", "v1a"], ["v1a", "v1"])
    public = {key["scheme"]: key["public_key"] for key in made["keys"]}
    assert public["v1a"].startswith("whpk_")
    address = f"{URL}/{made['id']}"
    shown = (await office.get(address)).text
    for secret in (made["secret"], "of-theirs", "whsk_"):
        assert secret not in shown
        assert secret not in (await office.get(URL)).text

    changed = await office.patch(address, json={"events": ["deadline.missed"]})
    assert changed.json()["events"] == ["deadline.missed"]
    assert changed.json()["name"] == "Портал"
    paused = await office.put(f"{address}/paused")
    assert paused.json()["status"] == "paused"
    resumed = await office.put(f"{address}/resumed")
    assert resumed.json()["status"] == "active"

    assert (await abroad.get(URL)).json()["items"] == []
    for refused in (
        await abroad.get(address),
        await abroad.patch(address, json={"name": "x"}),
        await abroad.get(f"{address}/attempts"),
        await abroad.post(f"{address}/tests"),
        await abroad.delete(address),
    ):
        assert refused.status_code == 404
    assert (await office.delete(address)).status_code == 204
    assert (await office.get(address)).status_code == 404
    audit = await office.get("/v1/audit", params={"entity": "webhook_endpoint"})
    actions = [entry["action"] for entry in audit.json()["items"]]
    assert sorted(actions) == ["create", "delete", "update", "update", "update"]
    assert "of-theirs" not in audit.text


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"url": "ftp://example.org/"}, 422, "endpoint_refused"),
        ({"url": "https://user:word@example.org/"}, 422, "endpoint_refused"),
        ({"events": []}, 422, "invalid_input"),
        ({"events": ["result.lost"]}, 422, "invalid_input"),
        ({"datasets": ["nothing"]}, 422, "invalid_input"),
        ({"region_id": 1}, 404, "not_found"),
        ({"school_id": 10**6}, 404, "not_found"),
        ({"name": " "}, 422, "invalid_input"),
    ],
)
async def test_what_cannot_be_an_endpoint_is_refused(
    client_as: ClientAs, wanted: dict[str, Any], status: int, code: str
) -> None:
    office = await client_as("uzhur")
    body = {"name": "Портал", "url": ELSEWHERE, **wanted}
    refused = await office.post(URL, json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await office.get(URL)).json()["items"] == []


async def test_a_program_is_told_only_of_what_it_may_read(
    client_as: ClientAs, api: FastAPI
) -> None:
    office = await client_as("uzhur")
    issued = await office.post(
        "/v1/api-tokens",
        json={
            "name": "portal",
            "scopes": ["webhooks:write", "webhooks:read", "deadlines:read"],
            "expires_at": "2027-06-30T00:00:00Z",
        },
    )
    assert issued.status_code == 201, issued.text
    async with client_with(api, issued.json()["token"]) as program:
        body = {"name": "x", "url": ELSEWHERE}
        refused = await program.post(URL, json=body)
        assert (refused.status_code, refused.json()["code"]) == (
            403,
            "event_not_readable",
        )
        await subscribed(program, events=["deadline.missed"])
    assert len((await office.get(URL)).json()["items"]) == 1


async def test_a_test_is_signed_by_both_secrets_and_stands_in_the_log(
    client_as: ClientAs, hooks: HookSink, room: WebhookRoom
) -> None:
    office = await client_as("uzhur")
    made = await subscribed(office, hooks.url)
    address = f"{URL}/{made['id']}"
    await office.put(f"{address}/paused")
    rotated = await office.post(f"{address}/secrets", json={"overlap_hours": 1})
    assert rotated.status_code == 201, rotated.text
    old, new = rotated.json()["keys"]
    assert (old["valid_until"] is None, new["valid_until"]) == (False, None)
    assert rotated.json()["secret"] != made["secret"]
    hooks.status, hooks.body = 400, b"Unknown event 100%"
    asked = await office.post(f"{address}/tests")
    assert asked.status_code == 202, asked.text
    await deliver(office, room)
    (call,) = hooks.calls
    for secret in (made["secret"], rotated.json()["secret"]):
        body = Webhook(secret).verify(call.body, call.headers)
        assert body["type"] == "webhook.test"

    (attempt,) = (await office.get(f"{address}/attempts")).json()["items"]
    assert (attempt["outcome"], attempt["code"]) == ("failed", 400)
    assert attempt["reply"] == "Unknown event 100%"
    queries: tuple[tuple[dict[str, str | int], int], ...] = (
        ({"contains": "event 100%"}, 1),
        ({"contains": "event_100"}, 0),
        ({"code": 400, "outcome": "failed"}, 1),
        ({"code": 200}, 0),
        ({"number": attempt["number"]}, 1),
        ({"until": "2020-01-01T00:00:00Z"}, 0),
    )
    for query, found in queries:
        page = (await office.get(f"{address}/attempts", params=query)).json()
        assert len(page["items"]) == found, query
    (delivery,) = (await office.get(f"{address}/deliveries")).json()["items"]
    assert delivery["webhook_id"] == call.headers["webhook-id"]
    assert (delivery["status"], delivery["attempts"]) == ("failed", 1)
    assert (await office.get(address)).json()["failing_since"] is None
    # A test is of nobody else's business.
    whole = await read(office)
    assert "webhook.test" not in {each["event"] for each in whole["items"]}


async def test_a_consumer_that_loses_webhooks_fills_them_from_the_feed(
    client_as: ClientAs, places: Places, hooks: HookSink, room: WebhookRoom
) -> None:
    office = await client_as("uzhur")
    made = await subscribed(office, hooks.url)
    school = {"id": places.schools[MENTEE], "municipality_id": 1}
    await write_example(office, "list-memberships", school)
    agreement = await draft(office, places)
    await go(office, agreement["id"], "propose", "sign")
    await deliver(office, room)
    arrived = {
        body["number"]: body
        for call in hooks.calls
        for body in [Webhook(made["secret"]).verify(call.body, call.headers)]
    }
    assert len(arrived) >= 6

    # Every third one was lost on the way, and the next of its school tells so.
    kept = {
        number: body
        for place, (number, body) in enumerate(sorted(arrived.items()))
        if place % 3 != 1
    }
    told_of = {body["previous_number"] for body in kept.values()} - {None}
    assert told_of - kept.keys()
    state = {number: facts_of(body) for number, body in kept.items()}
    page = await read(office, after=made["from_number"], event=made["events"])
    for each in page["items"]:
        missed = (each["event"], each["school_id"], each["payload"])
        assert state.setdefault(each["number"], missed) == missed
    assert state == {number: facts_of(body) for number, body in arrived.items()}


def facts_of(body: dict[str, Any]) -> tuple[str, int | None, dict[str, Any]]:
    return body["type"], body["school_id"], body["data"]


async def test_events_are_replayed_by_time_and_the_wish_says_how_many(
    client_as: ClientAs,
    engine: AsyncEngine,
    places: Places,
    hooks: HookSink,
    room: WebhookRoom,
) -> None:
    office = await client_as("uzhur")
    await draft(office, places)
    await end_of(office)
    made = await subscribed(office, hooks.url, events=["agreement.transitioned"])
    address = f"{URL}/{made['id']}/replays"
    await deliver(office, room)
    assert hooks.calls == []
    day = {"since": "2020-09-16T00:00:00+07:00", "until": "2020-09-17T00:00:00+07:00"}
    asked = await office.post(address, json=day)
    assert asked.status_code == 202, asked.text
    await deliver(office, room)
    assert len(hooks.calls) == 2  # of either side
    (done,) = (await office.get(address)).json()["items"]
    assert (done["id"], done["count"]) == (asked.json()["id"], 2)
    number = Webhook(made["secret"]).verify(hooks.calls[0].body, hooks.calls[0].headers)
    one = {"first_number": number["number"], "last_number": number["number"]}
    assert (await office.post(address, json=one)).status_code == 202
    await deliver(office, room)
    assert len(hooks.calls) == 3
    empty = {"since": "2001-01-01T00:00:00Z", "until": "2001-01-02T00:00:00Z"}
    refused = await office.post(address, json=empty)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_replay")
    for wrong in ({}, one | empty, {"first_number": 2, "last_number": 1}):
        assert (await office.post(address, json=wrong)).status_code == 422

    async with begin_as_system(engine) as work:
        await work.session.execute(
            text("UPDATE api.webhook_endpoints SET is_paused = true")
        )
    shown = await office.get("/metrics")
    for line in (
        'podyom_webhooks{state="delivered"} 2.0',
        'podyom_webhook_calls{outcome="delivered"} 3.0',
        'podyom_webhook_endpoints{state="paused"} 1.0',
        'podyom_oldest_waiting_seconds{of="webhooks"} 0.0',
    ):
        assert line in shown.text
