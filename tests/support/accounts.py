"""Accounts in every role, and clients that act for them without signing in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.access.accounts import NewAccount, open_account
from services.api.http.auth import issue_token
from shared.domain.permissions import Role
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.support.api import SECRET, connect
from tests.support.sessions import open_session

PASSWORD = "long enough for a test"  # noqa: S105 (of an account in a throw-away database)
HOME = "uzhur"
HOME_REGION = "krasnoyarsk"
HOME_SCHOOL = "ilinskaya"
ABROAD = "zhigalovo"

# Where in the tree an account of each role stands in the demonstration.
PLACES: dict[Role, dict[str, str]] = {
    Role.ADMINISTRATOR: {},
    Role.REGIONAL_ANALYST: {"region": HOME_REGION},
    Role.MUNICIPAL_COORDINATOR: {"municipality": HOME},
    Role.METHODIST: {"municipality": HOME},
    Role.SCHOOL_EDITOR: {"municipality": HOME, "school": HOME_SCHOOL},
    Role.SCHOOL_READER: {"municipality": HOME, "school": HOME_SCHOOL},
}


async def open_account_for(
    engine: AsyncEngine, role: Role, *, login: str | None = None, **place: str
) -> int:
    """Open an account of the role, at its usual place or at the one given."""
    wanted = NewAccount(
        login=login or f"test.{role}",
        password=PASSWORD,
        role=role,
        **(place or PLACES[role]),
    )
    async with begin_as_system(engine) as work:
        return await open_account(work, wanted)


async def token_for(engine: AsyncEngine, user_id: int) -> str:
    """Open a session of the account and return its token."""
    session_id = await open_session(engine, user_id)
    return issue_token(user_id, session_id, secret=SECRET, now=system_now())


@asynccontextmanager
async def client_with(
    app: FastAPI, token: str | None
) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that shows the token, if there is one."""
    async with connect(app) as client:
        if token is not None:
            client.headers["Authorization"] = f"Bearer {token}"
        yield client
