"""The api in the test's own process, and clients that are signed in to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI

from services.api.app import create_app
from services.api.demo.logins import PASSWORD
from shared.runtime.settings import ApiSettings, Mode

SECRET = "only-for-tests-" * 4

ClientAs = Callable[[str], Awaitable[httpx.AsyncClient]]


def settings_for(
    database_url: str, redis_url: str, *, mode: Mode = Mode.SANDBOX
) -> ApiSettings:
    """Return settings of an api over the given servers."""
    return ApiSettings(
        database_url=database_url,
        redis_url=redis_url,
        secret_key=SECRET,
        mode=mode,
        host="127.0.0.1",
        port=8000,
        data_dir=Path("data"),
    )


@asynccontextmanager
async def running(settings: ApiSettings) -> AsyncIterator[FastAPI]:
    """Start the application and stop it at the end."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


def connect(app: FastAPI) -> httpx.AsyncClient:
    """Return a client that nobody is signed in with."""
    # What the api answers to an unexpected error is itself under test.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://podyom.test")


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    """Sign the client in with a demo account."""
    answer = await client.post(
        "/v1/tokens", data={"username": login, "password": PASSWORD}
    )
    answer.raise_for_status()
    token = answer.json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"


@asynccontextmanager
async def clients(app: FastAPI) -> AsyncIterator[ClientAs]:
    """Yield a function that returns a client signed in as the named account."""
    async with AsyncExitStack() as stack:

        async def client_as(login: str) -> httpx.AsyncClient:
            client = await stack.enter_async_context(connect(app))
            await sign_in(client, login)
            return client

        yield client_as
