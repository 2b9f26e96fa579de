"""The demonstration: moving the sandbox's clock over HTTP sends the next reminders."""

from collections import Counter
from functools import partial

import asyncpg
import httpx

from tests.notifier.channels.smtp_sink import SmtpSink
from tests.notifier.processes import environment, notifier, until
from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"


async def settled(database: asyncpg.Connection, rule: str) -> bool:
    """Tell whether reminders of the rule exist and nothing waits any more."""
    return bool(
        await database.fetchval(
            "SELECT count(*) FILTER (WHERE rule = $1) > 0"
            " AND bool_and(status IN ('sent', 'withdrawn')) FROM notifier.reminders",
            rule,
        )
    )


async def subjects(client: httpx.AsyncClient) -> list[str]:
    """Return the subjects in the inbox, newest first."""
    inbox = (await client.get("/v1/inbox?limit=500")).json()
    return [message["subject"] for message in inbox["items"]]


async def test_moving_the_clock_sends_the_next_reminder_once_and_no_skipped_one(
    client_as: ClientAs, database_url: str, redis_url: str, sink: SmtpSink
) -> None:
    admin, school = await client_as("admin"), await client_as(SCHOOL)
    database = await asyncpg.connect(database_url)
    async with notifier(environment(database_url, redis_url, sink.port)):
        await until(partial(settled, database, "before_14"))
        assert any(each.startswith("Срок через 14") for each in await subjects(school))
        moved = await admin.put("/v1/clock", json={"now": "2020-09-29T09:00:00+07:00"})
        assert moved.status_code == 200
        await until(partial(settled, database, "before_1"))
        assert any(
            each.startswith("Срок через 1 день") for each in await subjects(school)
        )
    rules = await database.fetch(
        "SELECT DISTINCT r.rule FROM notifier.reminders r"
        " JOIN api.deadlines d ON d.id = r.deadline_id WHERE d.due_on = '2020-09-30'"
    )
    await database.close()
    assert {row["rule"] for row in rules} == {"before_14", "before_1"}
    counts = Counter(str(mail["Message-ID"]) for mail in sink.mails)
    assert set(counts.values()) == {1}
