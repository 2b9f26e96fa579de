"""Mail that came back: who may say so, and what follows from it."""

from datetime import date
from typing import Any

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.taking import take
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.reminder_rules import read_reminder_rules
from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"


async def address(database: asyncpg.Connection) -> str:
    found = await database.fetchval(
        "SELECT email FROM api.users WHERE login = $1", SCHOOL
    )
    return str(found)


async def take_mail(engine: AsyncEngine) -> None:
    rules = read_reminder_rules()
    at = system_now()
    async with begin_as_system(engine) as work:
        await take(work, "mail", rules, at=at, limit=1000, until=at)


async def reasons(database: asyncpg.Connection) -> set[str]:
    rows = await database.fetch(
        "SELECT DISTINCT reason FROM notifier.reminders r JOIN api.users u"
        " ON u.id = r.recipient_id WHERE u.login = $1 AND r.channel = 'mail'",
        SCHOOL,
    )
    return {str(row["reason"]) for row in rows}


async def test_nothing_more_is_mailed_to_an_address_that_bounced(
    client_as: ClientAs, database: asyncpg.Connection, notifier_engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    email = await address(database)
    answer = await client.post("/v1/bounces", json={"email": email.upper()})
    assert answer.status_code == 201, answer.text
    (bounce,) = answer.json()
    assert bounce["account_role"] == "school_editor"
    assert email not in answer.text
    await take_mail(notifier_engine)
    assert await reasons(database) == {"address_bounced"}
    listed = (await client.get("/v1/bounces", params={"open_only": True})).json()
    assert [each["id"] for each in listed["items"]] == [bounce["id"]]


async def test_a_cleared_or_a_temporary_bounce_stops_nothing(
    client_as: ClientAs, database: asyncpg.Connection, notifier_engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    email = await address(database)
    (bounce,) = (await client.post("/v1/bounces", json={"email": email})).json()
    for _ in range(2):
        cleared = await client.put(f"/v1/bounces/{bounce['id']}/cleared")
        assert cleared.json()["cleared_at"] is not None
    soft = {"email": email, "kind": "temporary", "reason": "452 mailbox full"}
    assert (await client.post("/v1/bounces", json=soft)).status_code == 201
    await take_mail(notifier_engine)
    assert await reasons(database) == {"None"}


async def test_a_mail_is_named_by_its_message_id(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as("uzhur")
    sent = await database.fetchrow(
        "SELECT m.id, m.message_id FROM notifier.messages m JOIN api.users u"
        " ON u.id = m.recipient_id WHERE u.login = $1 AND m.channel = 'mail'",
        SCHOOL,
    )
    assert sent is not None
    answer = await client.post("/v1/bounces", json={"message_id": sent["message_id"]})
    assert [each["delivery_id"] for each in answer.json()] == [sent["id"]]


async def test_a_post_with_the_address_is_marked(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as("uzhur")
    school = (await (await client_as(SCHOOL)).get("/v1/me")).json()
    contact = await database.fetchval(
        "INSERT INTO api.school_contacts (municipality_id, school_id, provenance, role,"
        " rank, position, email) VALUES ($1, $2, 'manual', 'director', 1, 'Директор',"
        " 'post@example.org') RETURNING id",
        school["municipality_id"],
        school["school_id"],
    )
    answer = await client.post("/v1/bounces", json={"email": "post@example.org"})
    assert answer.status_code == 201, answer.text
    row = await database.fetchrow(
        "SELECT bounced_on, version FROM api.school_contacts WHERE id = $1", contact
    )
    assert row is not None
    assert (row["bounced_on"], row["version"]) == (date(2020, 9, 28), 2)


async def test_nobody_learns_of_a_foreign_address(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    email = await address(database)
    stranger = await client_as("zhigalovo")
    answer = await stranger.post("/v1/bounces", json={"email": email})
    assert (answer.status_code, answer.json()["code"]) == (404, "address_unknown")
    school = await client_as(SCHOOL)
    assert (await school.post("/v1/bounces", json={"email": email})).status_code == 403
    both = {"email": email, "message_id": "<1@a>"}
    assert (await stranger.post("/v1/bounces", json=both)).status_code == 422


async def alarms(client: httpx.AsyncClient, bounce_id: int) -> list[dict[str, Any]]:
    """Return the caller's messages about a bounce."""
    page = (await client.get("/v1/inbox", params={"limit": 500})).json()
    wanted = f"возврате {bounce_id} "
    return [each for each in page["items"] if wanted in each["body"]]


async def test_a_bounce_is_a_task_until_the_account_has_another_address(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    email = await address(database)
    (bounce,) = (await office.post("/v1/bounces", json={"email": email})).json()
    for client in (office, school):
        (told,) = await alarms(client, bounce["id"])
        assert told["subject"].startswith("Почта возвращается: исправьте адрес")
        assert email not in told["subject"] + told["body"]
        assert told["read_at"] is None
    assert await alarms(await client_as("zhigalovo"), bounce["id"]) == []
    soft = {"email": email, "kind": "temporary"}
    (other,) = (await office.post("/v1/bounces", json=soft)).json()
    assert await alarms(office, other["id"]) == []

    admin = await client_as("admin")
    mended = await admin.patch(
        f"/v1/accounts/{bounce['account_id']}", json={"email": "new@example.org"}
    )
    assert mended.json()["email"] == "new@example.org"
    found = (await office.get(f"/v1/bounces/{bounce['id']}")).json()
    assert found["cleared_at"] is not None
    (told,) = await alarms(office, bounce["id"])
    assert told["read_at"] is not None
    kept = await database.fetchval(
        "SELECT string_agg(changes::text, '') FROM api.audit_entries"
        " WHERE entity IN ('user', 'bounce')"
    )
    assert "new@example.org" not in kept
    assert email not in kept


async def test_a_bounce_of_contacts_lasts_until_none_has_the_address(
    client_as: ClientAs,
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    number = (await school.get("/v1/me")).json()["school_id"]
    contact = {"school_id": number, "position": "Директор", "email": "Post@example.org"}
    rows = []
    for rank in (8, 9):
        made = await school.post(
            "/v1/school-contacts", json=contact | {"role": "director", "rank": rank}
        )
        assert made.status_code == 201, made.text
        rows.append(made.json())
    told = {"email": "post@example.org"}
    (bounce,) = (await office.post("/v1/bounces", json=told)).json()
    assert bounce["account_id"] is None
    assert len(await alarms(school, bounce["id"])) == 1
    is_settled = []
    for row in rows:
        body = contact | {
            "role": "director",
            "rank": row["rank"],
            "email": "right@example.org",
        }
        mended = await school.put(
            f"/v1/school-contacts/{row['id']}", json=body, headers={"If-Match": "*"}
        )
        assert mended.is_success, mended.text
        found = (await office.get(f"/v1/bounces/{bounce['id']}")).json()
        is_settled.append(found["cleared_at"] is not None)
    assert is_settled == [False, True]
    assert [each["read_at"] is None for each in await alarms(school, bounce["id"])] == [
        False
    ]
