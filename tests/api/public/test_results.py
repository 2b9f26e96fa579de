"""What anybody is told of results, and what nobody can work out of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts

from services.api.http.publishing import PublicRoute, UnreleasedAnswerError
from tests.support.api import ClientAs, connect, running, settings_for

URL = "/v1/public/municipalities"
YEAR = {"academic_year": 2017}
MINIMUM = 5
FIGURES = ("participants", "success_rate", "quality_rate")


async def home(client: httpx.AsyncClient) -> dict[str, Any]:
    items = (await client.get(URL)).json()["items"]
    found: dict[str, Any] = next(each for each in items if each["code"] == "uzhur")
    return found


async def results(client: httpx.AsyncClient, **filters: Any) -> dict[str, Any]:
    address = f"{URL}/{(await home(client))['id']}/results"
    answer = await client.get(address, params={**YEAR, **filters})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def figures_of(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for sitting in answer["items"]:
        yield sitting["municipality"]
        yield from sitting["schools"]


async def test_anybody_reads_rates_that_follow_from_the_results(
    client: httpx.AsyncClient, client_as: ClientAs
) -> None:
    shown = await results(client)
    assert shown["synthetic"] is True
    assert shown["minimum"] == MINIMUM
    office = await client_as("uzhur")
    told = [each for each in shown["items"] if each["municipality"]["quality_rate"]]
    for sitting in told[:3]:
        named = {name: sitting[name] for name in ("procedure", "subject")}
        wanted = {**named, **YEAR, "limit": 500}
        listed = (await office.get("/v1/results", params=wanted)).json()["items"]
        grade = sitting["programme_grade"]
        rows = [row for row in listed if row["programme_grade"] == grade]
        n = sum(row["n"] for row in rows)
        good = sum(row["n4"] + row["n5"] for row in rows)
        assert sitting["municipality"]["participants"] == n
        assert sitting["municipality"]["quality_rate"] == round(100 * good / n, 1)
    assert told


async def test_no_figure_tells_of_few_pupils(client: httpx.AsyncClient) -> None:
    told = withheld = 0
    for figures in figures_of(await results(client)):
        n = figures["participants"]
        if n is None:
            withheld += 1
            assert figures["success_rate"] is figures["quality_rate"] is None
            continue
        told += 1
        assert n >= MINIMUM
        for name in ("success_rate", "quality_rate"):
            if figures[name] is not None:
                count = round(figures[name] * n / 100)
                assert MINIMUM <= count <= n - MINIMUM, figures
    assert told
    assert withheld


async def test_what_is_withheld_does_not_depend_on_the_question(
    client: httpx.AsyncClient,
) -> None:
    everything = (await results(client))["items"]
    for subject in {sitting["subject"] for sitting in everything}:
        asked = (await results(client, subject=subject))["items"]
        assert asked == [each for each in everything if each["subject"] == subject]


async def test_an_unreachable_minimum_withholds_every_public_figure(
    database_url: str, redis_url: str
) -> None:
    settings = replace(settings_for(database_url, redis_url), public_minimum=10**9)
    async with running(settings) as app, connect(app) as client:
        shown = [*figures_of(await results(client))]
        assert shown
        assert not [each for each in shown if any(each[name] for name in FIGURES)]


async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{URL}/{10**9}/results", params=YEAR)
    assert answer.status_code == 404
    empty = await results(client, academic_year=2000)
    assert empty["items"] == []


def test_every_public_route_goes_through_the_release(api: FastAPI) -> None:
    routes = [context.original_route for context in iter_route_contexts(api.routes)]
    public = [
        route
        for route in routes
        if isinstance(route, APIRoute) and route.path.startswith("/v1/public")
    ]
    assert len(public) >= 2
    assert all(isinstance(route, PublicRoute) for route in public)


async def test_a_public_route_that_releases_nothing_answers_nothing() -> None:
    app = FastAPI()

    async def leak(request: Request) -> dict[str, int]:
        return {"participants": len(request.url.path)}

    app.router.add_api_route("/leak", leak, route_class_override=PublicRoute)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        with pytest.raises(UnreleasedAnswerError):
            await client.get("/leak")
