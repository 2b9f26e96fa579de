"""Every request has a name: in its answer, in problems, and in the logs."""

import httpx
import pytest
import structlog
from fastapi import FastAPI

from tests.support.api import ClientAs, connect

HEADER = "X-Request-ID"


async def test_the_callers_name_of_a_request_is_given_back(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/health/live", headers={HEADER: "form-17.retry_2"})
    assert answer.headers[HEADER] == "form-17.retry_2"


async def test_requests_without_a_name_get_different_ones(
    client: httpx.AsyncClient,
) -> None:
    names = [(await client.get("/health/live")).headers[HEADER] for _ in range(3)]
    assert len(set(names)) == 3
    assert all(len(name) == 32 for name in names)


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"\\n', "имя"])
async def test_a_name_that_could_garble_a_log_is_replaced(
    client: httpx.AsyncClient, given: str
) -> None:
    answer = await client.get("/health/live", headers={HEADER.encode(): given.encode()})
    assert answer.headers[HEADER].isalnum()
    assert answer.headers.get_list(HEADER) != [given]


async def test_a_problem_names_its_request(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get("/v1/schools/999999", headers={HEADER: "mine"})
    assert answer.status_code == 404
    assert answer.json()["request_id"] == answer.headers[HEADER] == "mine"


async def test_an_answer_to_an_unknown_path_names_its_request(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/nowhere", headers={HEADER: "lost"})
    assert (answer.json()["request_id"], answer.headers[HEADER]) == ("lost", "lost")


async def test_an_unexpected_error_is_answered_and_logged_with_its_name(
    api: FastAPI,
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    api.add_api_route("/v1/failing", fail)
    async with connect(api) as client:
        with structlog.testing.capture_logs() as logs:
            answer = await client.get("/v1/failing", headers={HEADER: "bad-luck"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers[HEADER] == "bad-luck"
    assert [line["request_id"] for line in logs if line["log_level"] == "error"] == [
        "bad-luck"
    ]


async def test_what_is_logged_during_a_request_carries_its_name(api: FastAPI) -> None:
    seen: list[object] = []

    async def look() -> None:
        seen.append(structlog.contextvars.get_contextvars())

    api.add_api_route("/v1/looking", look)
    async with connect(api) as client:
        await client.get("/v1/looking", headers={HEADER: "seen"})
    assert seen == [{"request_id": "seen"}]
    assert "request_id" not in structlog.contextvars.get_contextvars()
