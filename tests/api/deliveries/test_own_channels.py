"""Setting one's own channels over HTTP; secrets are told once at most."""

import asyncpg

from tests.support.api import ClientAs

SCHOOL = "uzhur.ilinskaya"
PATH = "/v1/me/reminder-channels"
URL = "https://hooks.example.org/podyom?key=of-ours"


async def test_a_webhook_is_set_and_its_secret_told_once(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    answer = await client.put(f"{PATH}/webhook", json={"url": URL})
    assert answer.status_code == 200, answer.text
    secret = answer.json()["secret"]
    assert secret.startswith("whsec_")
    assert answer.json()["shown"] == "https://hooks.example.org"
    again = (await client.put(f"{PATH}/webhook", json={"url": URL})).json()
    assert again["secret"] is None
    listed = await client.get(PATH)
    assert [each["channel"] for each in listed.json()["items"]] == ["webhook"]
    assert "of-ours" not in listed.text + answer.text
    assert secret not in listed.text
    rotated = {"url": URL, "rotates_secret": True}
    new = (await client.put(f"{PATH}/webhook", json=rotated)).json()["secret"]
    assert new not in {None, secret}


async def test_a_messenger_is_shown_by_its_name_only(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    secret = "123456789:abcdefg_hijklmnop"  # noqa: S105 (of nobody)
    answer = await client.put(
        f"{PATH}/messenger", json={"url": f"tgram://{secret}/12315544"}
    )
    assert answer.json()["shown"] == "Telegram"
    assert secret not in answer.text
    audited = await database.fetchval(
        "SELECT string_agg(changes::text, ' ') FROM api.audit_entries"
        " WHERE entity = 'reminder_channel'"
    )
    assert "Telegram" in audited
    assert secret not in audited


async def test_an_address_that_is_not_called_is_refused(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    for channel, url in (
        ("webhook", "ftp://example.org/"),
        ("webhook", "https://user:secret@example.org/"),
        ("messenger", "json://127.0.0.1/"),
    ):
        answer = await client.put(f"{PATH}/{channel}", json={"url": url})
        assert (answer.status_code, answer.json()["code"]) == (422, "endpoint_refused")
        assert "secret@" not in answer.text
    assert (await client.get(PATH)).json() == {"items": []}


async def test_a_channel_is_tried_and_taken_away(
    client_as: ClientAs, database: asyncpg.Connection
) -> None:
    client = await client_as(SCHOOL)
    assert (await client.post(f"{PATH}/webhook/tests")).status_code == 404
    await client.put(f"{PATH}/webhook", json={"url": URL})
    asked = await client.post(f"{PATH}/webhook/tests")
    assert asked.status_code == 202, asked.text
    assert asked.json()["test_asked_at"] is not None
    assert asked.json()["tested_at"] is None
    await database.execute(
        "INSERT INTO notifier.channel_states (channel_id, municipality_id, user_id,"
        " gone_at) SELECT id, municipality_id, user_id, now()"
        " FROM api.reminder_channels"
    )
    gone = (await client.get(PATH)).json()["items"][0]
    assert gone["gone_at"] is not None
    await client.put(f"{PATH}/webhook", json={"url": URL})
    assert (await client.get(PATH)).json()["items"][0]["gone_at"] is None
    assert (await client.delete(f"{PATH}/webhook")).status_code == 204
    assert (await client.get(PATH)).json() == {"items": []}


async def test_channels_are_their_owners_alone(client_as: ClientAs) -> None:
    client = await client_as(SCHOOL)
    await client.put(f"{PATH}/webhook", json={"url": URL})
    for login in ("uzhur", "uzhur.krutoyarskaya"):
        other = await client_as(login)
        assert (await other.get(PATH)).json() == {"items": []}
    admin = await client_as("admin")
    refused = await admin.put(f"{PATH}/webhook", json={"url": URL})
    assert refused.status_code == 409


async def test_a_school_has_a_channel_that_its_own_and_its_municipality_keep(
    client_as: ClientAs,
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number = (await school.get("/v1/me")).json()["school_id"]
    path = f"/v1/schools/{number}/reminder-channels"
    chat = {"url": "tgram://123456789:abcdefg_hijklmnop/12315544"}
    answer = await office.put(f"{path}/messenger", json=chat)
    assert (answer.status_code, answer.json()["shown"]) == (200, "Telegram")
    secret = (await school.put(f"{path}/webhook", json={"url": URL})).json()["secret"]
    assert secret.startswith("whsec_")
    for client in (school, office):
        listed = await client.get(path)
        shown = [each["channel"] for each in listed.json()["items"]]
        assert shown == ["messenger", "webhook"]
        assert "abcdefg" not in listed.text
    assert (await school.get(PATH)).json() == {"items": []}
    asked = await school.post(f"{path}/messenger/tests", json={})
    assert asked.status_code == 202, asked.text
    for login, status in (
        ("uzhur.prirechenskaya", 404),
        ("zhigalovo", 404),
        ("admin", 200),
    ):
        stranger = await client_as(login)
        assert (await stranger.get(path)).status_code == status
        if status != 200:
            refused = await stranger.put(f"{path}/webhook", json={"url": URL})
            assert refused.status_code == status
    assert (await office.delete(f"{path}/messenger")).status_code == 204
    assert (await office.delete(f"{path}/messenger")).status_code == 404
