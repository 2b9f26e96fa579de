"""Text that cannot be kept is refused wherever it stands; no answer breaks on it."""

import httpx
import pytest

from tests.support.api import ClientAs

JSON = {"Content-Type": "application/json"}


async def test_half_a_character_is_refused_before_anybody_is_signed_in(
    client: httpx.AsyncClient,
) -> None:
    body = b'{"code": "\\ud800", "login": "new", "password": "longer-than-that"}'
    answer = await client.post("/v1/invitations/accept", content=body, headers=JSON)
    assert answer.status_code == 422, answer.text
    fault = answer.json()["faults"][0]
    assert (fault["column"], fault["value"]) == ("body.code", None)
    assert "Уберите" in fault["reason_ru"]
    assert "Remove" in fault["reason_en"]


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        (rb'{"title": "\ud83d"}', ["body.title"]),
        (rb'{"title": "a\u0000b"}', ["body.title"]),
        (b'{"title": "\xed\xa0\x80"}', ["body.title"]),
        ('{"title": "\\uDFFF"}'.encode("utf-16"), ["body.title"]),
        (rb'{"x": [{"a": "ok"}, {"b\udc00": 1}]}', ["body.x.1.b\\udc00"]),
    ],
)
async def test_a_place_in_the_body_with_such_text_is_named(
    client_as: ClientAs, body: bytes, columns: list[str]
) -> None:
    client = await client_as("uzhur")
    answer = await client.post("/v1/decisions", content=body, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert [fault["column"] for fault in answer.json()["faults"]] == columns


async def test_a_whole_character_outside_the_first_plane_is_kept(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur.ilinskaya")
    schools = (await client.get("/v1/schools")).json()["items"]
    school = next(each["id"] for each in schools if each["code"] == "ilinskaya")
    body = f'{{"school_id": {school}, "year": 2020, "subject": "\\ud83d\\ude00"}}'
    made = await client.post("/v1/vacancies", content=body, headers=JSON)
    assert made.status_code == 201, made.text
    assert made.json()["subject"] == "\U0001f600"


async def test_a_query_with_such_text_is_refused(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get("/v1/schools?identifier=a%00b")
    assert answer.status_code == 422, answer.text
    [fault] = answer.json()["faults"]
    assert fault["column"] == "query.identifier"
    assert "U+0000" in fault["reason_en"]
