"""Previews of messages over HTTP."""

import pytest

from tests.support.api import ClientAs


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("ru", "Сводка: 5 сроков, ближайший истёк 2 дня назад"),
        ("en", "Summary: 5 deadlines, the nearest due 2 days ago"),
    ],
)
async def test_each_kind_can_be_looked_at(
    client_as: ClientAs, language: str, subject: str
) -> None:
    client = await client_as("uzhur")
    kinds = (await client.get("/v1/reminder-templates")).json()["items"]
    subjects = {}
    for kind in kinds:
        path = f"/v1/reminder-templates/{kind['code']}/preview"
        shown = await client.get(path, params={"language": language})
        assert shown.status_code == 200, shown.text
        assert shown.json()["synthetic"] is True
        subjects[kind["code"]] = shown.json()["subject"]
    assert len(set(subjects.values())) == len(kinds) == 5
    assert subjects["digest"] == subject
    assert (
        await client.get("/v1/reminder-templates/advert/preview")
    ).status_code == 422
