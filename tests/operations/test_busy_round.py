"""A busy round of all services: what their traces and logs tell, and what they do not.

One round is looked at by all of these tests.
"""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from services.api.demo.logins import PASSWORD
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.smtp_sink import SmtpSink, running_sink
from tests.operations.collector import Collector, running_collector
from tests.operations.processes import (
    PATIENCE,
    Service,
    client_of,
    service,
    settings_of_all,
)
from tests.support.databases import LOADED, copied_database
from tests.support.posting import bodies

pytestmark = pytest.mark.timeout(300)

SCHOOL = "uzhur.ilinskaya"
SERVICES = ("api", "scoring", "notifier")
RESULT, CLOCK = "1" * 32, "2" * 32  # traces that the caller has begun
REQUEST = "request-of-a-result"
SOUGHT = "ludmila.morozova@example.org"


def header_of(trace_id: str) -> dict[str, str]:
    return {"traceparent": f"00-{trace_id}-{'a' * 16}-01"}


@dataclass
class Round:
    """What the round has left behind."""

    collector: Collector
    hooks: HookSink
    mails: SmtpSink
    lines: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return the log lines of one process, read."""
        return [json.loads(line) for line in self.lines[name]]


async def keep_busy(client: httpx.AsyncClient) -> None:
    """Write, read, ask in vain and fail, with personal data in all of it."""
    schools = (await client.get("/v1/schools", params={"limit": 5})).json()["items"]
    body = next(bodies([schools[0]["id"]], 2018))
    named = header_of(RESULT) | {"X-Request-ID": REQUEST}
    answer = await client.post("/v1/results", json=body, headers=named)
    assert answer.status_code == 201, answer.text
    answer = await client.post(
        "/v1/users",
        json={
            "login": "l.morozova",
            "display_name": "Морозова Людмила",
            "email": SOUGHT,
            "role": "reader",
        },
    )
    await client.get("/v1/users", params={"q": SOUGHT})
    await client.get(f"/v1/nowhere/{SOUGHT}")
    await client.post("/v1/results", json={"login": SOUGHT, "name": "Людмила"})
    await client.post("/v1/tokens", data={"username": SOUGHT, "password": "wrong"})


async def personal_data(database_url: str, *tokens: str) -> set[str]:
    """Return what stands in no log and in no span."""
    connection = await asyncpg.connect(database_url)
    users = await connection.fetch("SELECT login, display_name, email FROM api.users")
    await connection.close()
    found = {value for row in users for value in row.values() if value}
    return found | {*tokens, PASSWORD, SOUGHT, "Морозова", "Людмила"}


@pytest_asyncio.fixture(scope="module")
async def finished(
    loaded_template: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Round]:
    """Yield a round of all services that is over."""
    async with AsyncExitStack() as stack:
        database_url = await stack.enter_async_context(
            copied_database(loaded_template, LOADED)
        )
        seen = Round(
            stack.enter_context(running_collector()),
            await stack.enter_async_context(running_hooks()),
            await stack.enter_async_context(running_sink()),
        )
        settings = settings_of_all(
            database_url,
            redis_url,
            tmp_path_factory.mktemp("data"),
            SMTP_URL=f"smtp://127.0.0.1:{seen.mails.port}",
            WEBHOOKS_PRIVATE="yes",
            OTEL_EXPORTER_OTLP_ENDPOINT=seen.collector.url,
            OTEL_BSP_SCHEDULE_DELAY="200",
        )
        services = {
            name: await stack.enter_async_context(service(name, settings))
            for name in SERVICES
        }
        admin = await stack.enter_async_context(client_of(settings, "admin"))
        school = await stack.enter_async_context(client_of(settings, SCHOOL))
        seen.secrets = await go_round(seen, admin, school, database_url)
        await stop(seen, services)
        yield seen


async def go_round(
    seen: Round,
    admin: httpx.AsyncClient,
    school: httpx.AsyncClient,
    database_url: str,
) -> set[str]:
    """Do what leads to runs, mails and webhooks; return what must not be told."""
    hook = await school.put(
        "/v1/me/reminder-channels/webhook", json={"url": seen.hooks.url}
    )
    assert hook.status_code == 200, hook.text
    await keep_busy(admin)
    # The first plan of all is over, so that the next is the moved clock's.
    await until(lambda: len(seen.mails.mails) > 0)
    moved = await admin.put(
        "/v1/clock",
        json={"now": "2020-09-25T10:00:00+07:00"},
        headers=header_of(CLOCK),
    )
    assert moved.is_success, moved.text
    await until(lambda: "compute results" in seen.collector.of_trace(RESULT))
    delivered = {"deliver mail", "deliver webhook"}
    await until(lambda: delivered <= seen.collector.of_trace(CLOCK).keys())
    tokens = [each.headers["Authorization"][7:] for each in (admin, school)]
    return await personal_data(database_url, *tokens, hook.json()["secret"])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 (it happens in other processes)
            await asyncio.sleep(0.05)


async def stop(seen: Round, services: dict[str, Service]) -> None:
    for each in services.values():
        each.ask_to_stop()
    for name, each in services.items():
        seen.codes[name] = await each.ended()
        seen.lines[name] = each.lines


async def test_one_trace_leads_from_a_request_to_the_run(finished: Round) -> None:
    spans = finished.collector.of_trace(RESULT)
    request, run = spans["POST /v1/results"], spans["compute results"]
    assert (request.service, request.parent_id) == ("podyom-api", "a" * 16)
    assert (run.service, run.parent_id) == ("podyom-scoring", request.span_id)
    assert request.attributes["http.response.status_code"] == "201"
    assert request.attributes["podyom.request_id"] == REQUEST
    assert run.attributes["podyom.academic_year"] == "2018"


async def test_one_trace_leads_from_a_request_to_mails_and_webhooks(
    finished: Round,
) -> None:
    spans = finished.collector.of_trace(CLOCK)
    request, plan = spans["PUT /v1/clock"], spans["plan reminders"]
    assert plan.parent_id == request.span_id
    of_clock = [each for each in finished.collector.spans if each.trace_id == CLOCK]
    plans = {each.span_id for each in of_clock if each.name == plan.name}
    for name in ("deliver mail", "deliver webhook"):
        assert spans[name].service == "podyom-notifier"
        assert spans[name].parent_id in plans
        assert spans[name].attributes["podyom.outcome"] == "sent"
    called = {each.headers.get("traceparent", "") for each in finished.hooks.calls}
    hooks = {each.span_id for each in of_clock if each.name == "deliver webhook"}
    assert {f"00-{CLOCK}-{span_id}-01" for span_id in hooks} <= called


async def test_every_line_of_every_log_says_what_it_belongs_to(
    finished: Round,
) -> None:
    assert finished.codes == dict.fromkeys(SERVICES, 0)
    found = defaultdict(list)
    for name in SERVICES:
        assert finished.lines[name]
        for event in finished.events(name):
            assert {"event", "level", "timestamp", "logger"} <= event.keys()
            found[event["event"]].append(event)
    (served,) = [
        each
        for each in found["request_served"]
        if (each.get("request_id"), each["status"]) == (REQUEST, 201)
    ]
    assert (served["route"], served["trace_id"]) == ("/v1/results", RESULT)
    planned = [each for each in found["reminders_planned"] if "trace_id" in each]
    assert CLOCK in {each["trace_id"] for each in planned}
    assert all(each["job_id"].startswith("plans-") for each in planned)


async def test_neither_logs_nor_traces_hold_personal_data(finished: Round) -> None:
    told = "\n".join(line for each in finished.lines.values() for line in each)
    told += b"\n".join(finished.collector.raw).decode("utf-8", "replace")
    assert len(finished.secrets) > 20
    for secret in finished.secrets:
        assert not re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", told), secret
    # The host of a mail address is that of the sender; before it stands nobody.
    assert re.findall(r"[\w.+-]+@[\w-]+\.\w+", told) == []
