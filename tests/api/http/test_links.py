"""Every page says where the next one is."""

from fastapi import FastAPI

from services.api.http.links import next_address
from tests.api.http.reading import operations_of
from tests.support.api import ClientAs


async def test_the_links_lead_over_the_whole_list_once(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    whole = (await client.get("/v1/schools?limit=500")).json()["items"]
    assert len(whole) > 7
    address: str | None = "/v1/schools?limit=3"
    seen = []
    while address is not None:
        answer = await client.get(address)
        seen += answer.json()["items"]
        address = answer.links.get("next", {}).get("url")
        assert (address is None) == (answer.json()["next_after"] is None)
    assert seen == whole


async def test_a_link_keeps_the_filters(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    answer = await client.get(
        "/v1/results",
        params={"subject": "mathematics", "after": 0, "limit": 2, "procedure": "vpr"},
    )
    after = answer.json()["next_after"]
    assert answer.links["next"] == {
        "url": f"/v1/results?subject=mathematics&limit=2&procedure=vpr&after={after}",
        "rel": "next",
    }


async def test_what_is_no_page_has_no_link(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    for address in ("/v1/me", "/v1/schools?limit=500", "/v1/schools?limit=0"):
        assert "link" not in (await client.get(address)).headers


async def test_a_page_that_the_caller_has_needs_no_link(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    page = await client.get("/v1/schools?limit=1")
    same = await client.get(
        "/v1/schools?limit=1", headers={"If-None-Match": page.headers["etag"]}
    )
    assert (same.status_code, "link" in same.headers) == (304, False)


def test_the_address_is_written_as_it_came() -> None:
    scope = {"path": "/v1/ж", "raw_path": b"/v1/%D0%B6", "query_string": b"q=%D0%B6+a"}
    assert next_address(scope, 7) == "/v1/%D0%B6?q=%D0%B6+a&after=7"


def test_every_paged_list_is_described_with_its_link(api: FastAPI) -> None:
    described = 0
    for name, operation in operations_of(api, "get").items():
        paged = any(each.get("name") == "after" for each in operation["parameters"])
        linked = "Link" in operation["responses"]["200"].get("headers", {})
        assert linked is paged, name
        described += paged
    assert described > 12
