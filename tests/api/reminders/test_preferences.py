"""Choosing how one is reminded."""

from typing import Any

import pytest

from tests.support.api import ClientAs

URL = "/v1/me/reminder-preferences"
CHOSEN = {
    "mail": "weekly",
    "webhook": "daily",
    "messenger": "off",
    "quiet_from": "20:00",
    "quiet_to": "08:30",
    "digest_at": "09:00",
    "digest_weekday": 4,
    "zone": "Asia/Vladivostok",
    "language": "en",
}


async def test_choices_are_ones_own_and_have_versions(client_as: ClientAs) -> None:
    mine, others = await client_as("uzhur.ilinskaya"), await client_as("uzhur")
    before = await mine.get(URL)
    assert (before.json()["mail"], before.json()["version"]) == ("each", 0)
    kept = await mine.put(URL, json=CHOSEN, headers={"If-Match": '"0"'})
    assert kept.status_code == 200, kept.text
    assert kept.json() == CHOSEN | {"version": 1}
    assert (await mine.get(URL)).json() == kept.json()
    assert (await mine.get("/v1/me")).json()["language"] == "en"
    late = await mine.put(URL, json=CHOSEN, headers={"If-Match": '"0"'})
    assert late.status_code == 412
    assert (await others.get(URL)).json()["version"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"mail": "never"},
        {"messenger": "never"},
        {"zone": "Asia/Uzhur"},
        {"digest_weekday": 7},
        {"quiet_from": "20:00:01"},
        {"quiet_to": "08:00+07:00"},
        {"inbox": "off"},
    ],
)
async def test_what_cannot_be_chosen_is_refused(
    client_as: ClientAs, change: dict[str, Any]
) -> None:
    client = await client_as("uzhur")
    answer = await client.put(URL, json=CHOSEN | change)
    assert answer.status_code == 422
    assert (await client.get(URL)).json()["version"] == 0
