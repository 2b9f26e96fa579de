"""A district whose api stores files in a folder of the test."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from tests.support.api import clients, running, settings_for

SCHOOL = "uzhur.ilinskaya"
OTHER = "uzhur.prirechenskaya"


@dataclass
class District:
    """Who there is, and where the api stores files."""

    office: httpx.AsyncClient
    school: httpx.AsyncClient
    other: httpx.AsyncClient
    admin: httpx.AsyncClient
    folder: Path

    async def deadline(self, **params: Any) -> dict[str, Any]:
        """Return the first deadline that the school owes, or another."""
        client = self.office if params.pop("municipal", False) else self.school
        page = await client.get("/v1/deadlines", params={"state": "open", **params})
        page.raise_for_status()
        found: list[dict[str, Any]] = page.json()["items"]
        wanted = (client is self.school) or None
        return next(
            each for each in found if (each["school_id"] is not None) == bool(wanted)
        )


@pytest_asyncio.fixture
async def district(
    database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[District]:
    """Yield the district of Uzhur on 16 September 2020."""
    settings = replace(settings_for(database_url, redis_url), data_dir=tmp_path)
    async with running(settings) as app, clients(app) as client_as:
        yield District(
            office=await client_as("uzhur"),
            school=await client_as(SCHOOL),
            other=await client_as(OTHER),
            admin=await client_as("admin"),
            folder=tmp_path / "files",
        )
