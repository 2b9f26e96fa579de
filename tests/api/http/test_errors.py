"""Problems in the language of the request, and faults that say how to mend them."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.domain.formulas import parse
from tests.support.api import ClientAs, connect

ENGLISH = {"Accept-Language": "en"}


async def test_an_unexpected_error_is_told_in_one_language(api: FastAPI) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    api.add_api_route("/v1/failing", fail)
    async with connect(api) as client:
        russian = (await client.get("/v1/failing")).json()
        english = (await client.get("/v1/failing", headers=ENGLISH)).json()
    assert russian["title"] == "Внутренняя ошибка сервера"
    assert english["title"] == "Internal Server Error"


async def test_a_fault_of_a_formula_has_its_position(api: FastAPI) -> None:
    async def read() -> None:
        parse("results.n4 +\n  0,5")

    api.add_api_route("/v1/reading-a-formula", read)
    async with connect(api) as client:
        refused = await client.get("/v1/reading-a-formula", headers=ENGLISH)
    assert refused.status_code == 422
    assert refused.json()["code"] == "invalid_formula"
    (fault,) = refused.json()["faults"]
    assert fault["position"] == {"line": 2, "column": 3, "length": 3}
    assert fault["value"] == "0,5"
    assert "Line 2, character 3" in fault["reason"]


async def test_an_unknown_path_is_told_in_one_language(
    client: httpx.AsyncClient,
) -> None:
    russian = (await client.get("/v1/nowhere")).json()
    english = (await client.get("/v1/nowhere", headers=ENGLISH)).json()
    assert russian["title"] == "Такого адреса нет"
    assert russian["detail"].startswith("GET /v1/nowhere: Такого адреса нет.")
    assert english["title"] == "Not Found"


async def test_an_error_echoes_text_that_has_no_encoding_as_an_escape(
    api: FastAPI,
) -> None:
    async def echo(number: int) -> None:
        raise AssertionError(number)

    async def give(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["path"] = "/v1/echoing/\ud800"
        await api(scope, receive, send)

    api.add_api_route("/v1/echoing/{number}", echo)
    transport = httpx.ASGITransport(give, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as one:
        answer = await one.get("/v1/echoing/x")
    assert answer.status_code == 422, answer.text
    assert answer.json()["faults"][0]["value"] == "\\ud800"


async def test_a_missing_field_is_told_in_russian_without_the_whole_body(
    client: httpx.AsyncClient,
) -> None:
    body = {"login": "new", "password": "longer-than-that", "surplus": 1}
    answer = await client.post("/v1/invitations/accept", json=body)
    faults = {fault["column"]: fault for fault in answer.json()["faults"]}
    missing = faults["body.code"]
    assert missing["value"] is None
    assert missing["reason_ru"] == "Обязательное значение не указано: добавьте его."
    assert missing["reason_en"] == "A required value is missing: add it."
    assert "уберите" in faults["body.surplus"]["reason_ru"]
    assert "longer-than-that" not in answer.text


async def test_a_rule_of_several_fields_is_told_in_russian_without_secrets(
    client: httpx.AsyncClient,
) -> None:
    body = {"code": "x", "login": "new-one", "password": "long-secret", "id_token": "y"}
    answer = await client.post("/v1/invitations/accept", json=body)
    [fault] = answer.json()["faults"]
    assert fault["reason_ru"] == "Укажите либо password, либо id_token."
    assert fault["reason_en"] == "Give either password or id_token."
    assert "long-secret" not in answer.text


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("sort=lost", "Выберите одно из: "),
        ("limit=many", "Укажите целое число, например 12."),
        ("limit=0", "Укажите число не меньше 1."),
        ("bearer=lost", "Укажите одно из: "),
    ],
)
async def test_a_fault_of_a_query_says_how_to_mend_it(
    client_as: ClientAs, query: str, reason: str
) -> None:
    client = await client_as("uzhur")
    answer = await client.get(f"/v1/deficits?{query}")
    assert answer.status_code == 422, answer.text
    told = answer.json()["faults"][0]["reason_ru"]
    assert told.startswith(reason)
    assert "<" not in told
