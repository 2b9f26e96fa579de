"""ETag, If-None-Match and what caches are told, on every address that is read."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.api.http.conditional import ConditionalRequests, is_listed
from tests.api.http.reading import operations_of, readable_addresses
from tests.support.api import ClientAs

OK = 200
NOT_MODIFIED = 304
STRONG = re.compile(r'"[0-9a-f-]+"')


async def test_every_answer_that_is_read_can_be_asked_for_again_without_its_body(
    api: FastAPI, client_as: ClientAs
) -> None:
    addresses = await readable_addresses(api, client_as)
    client = await client_as("uzhur")
    read = 0
    for name, address in addresses.items():
        first = await client.get(address)
        if first.status_code != OK or address == "/v1/clock":
            continue  # nothing computed yet; or never the same twice
        if not first.headers["content-type"].startswith("application/json"):
            continue  # a file
        assert STRONG.fullmatch(first.headers["etag"]), name
        assert first.headers["vary"] == "Accept-Language, Authorization", name
        assert first.headers["cache-control"] == "private, no-cache", name
        again = await asked_again(client, first)
        if again.status_code == OK:  # sealed, numbered or computed meanwhile
            first = again
            again = await asked_again(client, first)
        assert (again.status_code, again.content) == (NOT_MODIFIED, b""), name
        for header in ("etag", "vary", "cache-control"):
            assert again.headers[header] == first.headers[header], name
        assert "content-type" not in again.headers, name
        assert "content-length" not in again.headers, name
        read += 1
    assert read > 20


async def asked_again(
    client: httpx.AsyncClient, answer: httpx.Response
) -> httpx.Response:
    tag = answer.headers["etag"]
    return await client.get(answer.request.url, headers={"If-None-Match": tag})


async def test_a_changed_answer_has_another_tag(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    pages = [await client.get(f"/v1/schools?limit={limit}") for limit in (1, 2)]
    tags = [page.headers["etag"] for page in pages]
    assert tags[0] != tags[1]
    stale = await client.get("/v1/schools?limit=2", headers={"If-None-Match": tags[0]})
    assert stale.status_code == OK
    assert stale.content == pages[1].content


async def test_a_refusal_has_no_tag(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    refusal = await client.get("/v1/schools/999999", headers={"If-None-Match": "*"})
    assert refusal.status_code == 404
    assert "etag" not in refusal.headers


async def test_several_fields_are_one_list(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    tag = (await client.get("/v1/me")).headers["etag"]
    headers = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert (await client.get("/v1/me", headers=headers)).status_code == NOT_MODIFIED


@pytest.mark.parametrize(
    ("field", "listed"),
    [
        ("*", True),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a"', True),
        ('"b"', False),
        ("a", False),
        ("", False),
        ('"a', False),
        ('"aa"', False),
        ('"A"', False),
    ],
)
def test_tags_are_compared_weakly(field: str, *, listed: bool) -> None:
    assert is_listed('"a"', field) is listed


async def streamed(scope: Scope, receive: Receive, send: Send) -> None:
    async def pieces() -> AsyncIterator[str]:
        yield "["
        yield "]"

    answer = StreamingResponse(pieces(), media_type="application/json")
    await answer(scope, receive, send)


async def test_a_streamed_answer_goes_through_as_it_comes() -> None:
    transport = httpx.ASGITransport(ConditionalRequests(streamed))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.get("/v1/x", headers={"If-None-Match": "*"})
    assert answer.status_code == OK
    assert answer.text == "[]"
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-cache"


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({})(scope, receive, send)


async def test_other_addresses_are_left_alone() -> None:
    transport = httpx.ASGITransport(ConditionalRequests(plain))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        assert "etag" not in (await client.get("/health/live")).headers
        assert "etag" in (await client.get("/v1/x")).headers
        assert "etag" not in (await client.post("/v1/x")).headers


def test_every_operation_that_reads_json_says_so(api: FastAPI) -> None:
    described = operations_of(api, "get")
    assert len(described) > 25
    for name, operation in described.items():
        if "application/json" not in operation["responses"]["200"]["content"]:
            continue  # a file
        assert "ETag" in operation["responses"]["200"]["headers"], name
        assert "304" in operation["responses"], name
        references = [parameter.get("$ref") for parameter in operation["parameters"]]
        assert "#/components/parameters/IfNoneMatch" in references, name
