"""What the description of the API says of all operations alike."""

import asyncio
from typing import Any

import httpx

from services.api.app import ROUTERS, create_app
from services.api.http.dispatch import operations_of
from services.api.http.openapi import DocumentedApi
from shared.runtime.settings import api_settings

ENVIRONMENT = {
    "DATABASE_URL": "postgresql://localhost/podyom",
    "REDIS_URL": "redis://localhost",
    "SECRET_KEY": "s" * 32,
}
PROBLEM = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
}


def described() -> dict[str, Any]:
    return create_app(api_settings(ENVIRONMENT)).openapi()


def operations() -> list[dict[str, Any]]:
    paths = described()["paths"].items()
    return [
        operation
        for path, methods in paths
        if path.startswith("/v1/")
        for operation in methods.values()
    ]


def test_the_same_operations_are_described_once() -> None:
    assert described() is described()


async def test_others_are_answered_while_the_description_is_made() -> None:
    app = DocumentedApi(title="All and one more")
    app.router.routes.extend(operations_of(ROUTERS))

    @app.get("/at-once")
    async def _at_once() -> str:
        return "here"

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        described = asyncio.create_task(client.get("/openapi.json"))
        await asyncio.sleep(0)
        answered = await client.get("/at-once")
        assert (answered.json(), described.done()) == ("here", False)
        assert "/at-once" in (await described).json()["paths"]


def test_every_error_is_described_as_a_problem() -> None:
    for operation in operations():
        if operation["operationId"] == "create_access_token":
            continue  # refuses as OAuth says
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert answer["content"] == PROBLEM, (operation["operationId"], status)


def test_whoever_sends_a_body_is_told_that_it_may_be_unreadable() -> None:
    for operation in operations():
        assert ("400" in operation["responses"]) == ("requestBody" in operation)


def test_what_asks_the_database_may_be_unavailable() -> None:
    for operation in operations():
        assert ("503" in operation["responses"]) == ("401" in operation["responses"])


def test_the_frameworks_own_errors_are_not_described() -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(
        described()["components"]["schemas"]
    )


def test_the_readiness_check_keeps_its_own_answer() -> None:
    ready = described()["paths"]["/health/ready"]["get"]["responses"]["503"]
    assert "application/problem+json" not in ready["content"]
