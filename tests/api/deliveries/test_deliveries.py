"""The delivery log over HTTP, and sending once more."""

import asyncpg
import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.usecases.resending import resend_wished
from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"
RANGE = {"since": "2020-09-28T00:00:00+07:00", "until": "2020-09-29T00:00:00+07:00"}


async def items(
    client: httpx.AsyncClient, **query: str | int
) -> list[dict[str, object]]:
    answer = await client.get("/v1/deliveries", params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def give_up(database: asyncpg.Connection, count: int = 1) -> list[int]:
    """Let so many of the district's mails be given up; return their numbers."""
    rows = await database.fetch(
        "UPDATE notifier.messages SET status = 'dead', attempts = 9, last_error = '550'"
        " WHERE id IN (SELECT m.id FROM notifier.messages m JOIN api.municipalities d"
        " ON d.id = m.municipality_id WHERE d.code = 'uzhur' AND m.channel = 'mail'"
        " ORDER BY m.id LIMIT $1) RETURNING id",
        count,
    )
    ids = [row["id"] for row in rows]
    await database.execute(
        "UPDATE notifier.reminders SET status = 'dead' WHERE message_id = ANY ($1)", ids
    )
    return ids


async def test_the_log_is_searched_by_each_of_its_marks(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as("uzhur")
    everything = await items(client)
    assert everything
    assert "@example" not in str(everything).replace("@podyom.example.ru>", "")
    (dead,) = await give_up(database)
    (found,) = await items(client, status="dead")
    assert (found["id"], found["last_error"]) == (dead, "550")
    first = next(each for each in everything if each["school_id"])
    for mark, value in (
        ("school_id", first["school_id"]),
        ("recipient_id", first["recipient_id"]),
        ("channel", first["channel"]),
    ):
        rows = await items(client, **{mark: value})  # type: ignore[arg-type] # by mark
        assert rows
        assert {each[mark] for each in rows} == {value}
    deadlines = first["deadline_ids"]
    assert isinstance(deadlines, list)
    rows = await items(client, deadline_id=deadlines[0])
    assert first["id"] in {each["id"] for each in rows}
    assert await items(client, until=RANGE["since"]) == []
    assert len(await items(client, **RANGE)) == len(everything)


async def test_a_coordinator_sees_the_own_district_and_a_school_none(
    client_as: ClientAs,
) -> None:
    own = {each["id"] for each in await items(await client_as("uzhur"))}
    other = {each["id"] for each in await items(await client_as("zhigalovo"))}
    assert own
    assert own.isdisjoint(other)
    stranger = await client_as("zhigalovo")
    number = next(iter(own))
    assert (await stranger.get(f"/v1/deliveries/{number}")).status_code == 404
    school = await client_as(SCHOOL)
    assert (await school.get("/v1/deliveries")).status_code == 403


async def test_a_message_is_shown_with_its_attempts(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    (number,) = await give_up(database)
    await database.execute(
        "INSERT INTO notifier.attempts (municipality_id, school_id, message_id,"
        " channel, started_at, ended_at, outcome, code, reply) SELECT municipality_id,"
        " school_id, id, channel, now(), now(), 'refused', 550, 'No such user'"
        " FROM notifier.messages WHERE id = $1",
        number,
    )
    client = await client_as("uzhur")
    shown = (await client.get(f"/v1/deliveries/{number}")).json()
    (attempt,) = shown["attempt_log"]
    assert (attempt["outcome"], attempt["code"]) == ("refused", 550)


async def test_attempts_are_searched_by_each_of_their_marks(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    (number,) = await give_up(database)
    await database.execute(
        "INSERT INTO notifier.attempts (municipality_id, school_id, message_id,"
        " channel, started_at, ended_at, outcome, code, reply) SELECT municipality_id,"
        " school_id, id, channel, now(), now(), 'refused', 550, 'No such user, 100%'"
        " FROM notifier.messages WHERE id = $1",
        number,
    )
    client = await client_as("uzhur")

    async def found(**query: str | int) -> list[dict[str, object]]:
        params = {"limit": 500, **query}
        answer = await client.get("/v1/delivery-attempts", params=params)
        assert answer.status_code == 200, answer.text
        rows: list[dict[str, object]] = answer.json()["items"]
        return rows

    newest, *older = await found()
    assert (newest["delivery_id"], newest["channel"]) == (number, "mail")
    assert older
    assert {(each["channel"], each["outcome"]) for each in older} == {("inbox", "sent")}
    deadlines = newest["deadline_ids"]
    assert isinstance(deadlines, list)
    for query in (
        {"delivery_id": number},
        {"outcome": "refused"},
        {"code": 550},
        {"reply": "USER, 100%"},
        {"channel": "mail"},
        {"channel": "mail", "deadline_id": deadlines[0]},
    ):
        assert [each["id"] for each in await found(**query)] == [newest["id"]], query
    assert await found(reply="10_%") == []
    assert await found(since="2100-01-01T00:00:00+07:00") == []
    school = await client_as(SCHOOL)
    assert (await school.get("/v1/delivery-attempts")).status_code == 403
    stranger = await client_as("zhigalovo")
    rows = (await stranger.get("/v1/delivery-attempts?limit=500")).json()["items"]
    assert newest["id"] not in {each["id"] for each in rows}


async def test_what_was_given_up_is_sent_once_more_under_its_own_key_once(
    client_as: ClientAs, database: asyncpg.Connection, notifier_engine: AsyncEngine
) -> None:
    (number,) = await give_up(database)
    client = await client_as("uzhur")
    before = (await client.get(f"/v1/deliveries/{number}")).json()
    path = f"/v1/deliveries/{number}/resends"
    headers = {"Idempotency-Key": "once"}
    for _ in range(2):
        answer = await client.post(path, json={}, headers=headers)
        assert (answer.status_code, answer.json()["count"]) == (202, 1)
    assert await resend_wished(notifier_engine) == 1
    assert await resend_wished(notifier_engine) == 0
    after = (await client.get(f"/v1/deliveries/{number}")).json()
    assert (after["status"], after["resends"], after["attempts"]) == ("planned", 1, 0)
    assert after["message_id"] == before["message_id"]
    again = await client.post(path, json={})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_resend")


async def test_a_range_is_sent_once_more(
    client_as: ClientAs, database: asyncpg.Connection, notifier_engine: AsyncEngine
) -> None:
    dead = await give_up(database, 3)
    client = await client_as("uzhur")
    answer = await client.post("/v1/resends", json=RANGE)
    assert [each["count"] for each in answer.json()] == [3]
    assert await resend_wished(notifier_engine) == 3
    waiting = {each["id"] for each in await items(client, status="planned")}
    assert waiting >= set(dead)
    stranger = await client_as("zhigalovo")
    refused = await stranger.post("/v1/resends", json=RANGE)
    assert refused.json()["code"] == "nothing_to_resend"
    upside_down = {"since": RANGE["until"], "until": RANGE["since"]}
    assert (await client.post("/v1/resends", json=upside_down)).status_code == 422
