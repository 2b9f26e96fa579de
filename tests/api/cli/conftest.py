"""Commands, run as people run them, and an api to talk to."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from services.api.cli import app
from services.api.demo.loading import Placed
from shared.persistence.engine import create_engine
from tests.api.imports.district import schools
from tests.support.databases import LOADED, copied_database
from tests.support.processes import ROOT
from tests.support.served import Served, served
from tests.support.servers import throwaway_valkey

ILINKA = "uzhur.ilinskaya"


@pytest_asyncio.fixture(scope="module")
async def system(
    loaded_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """Yield an api over a database that the tests of a file share."""
    folder = tmp_path_factory.mktemp("served")
    async with copied_database(loaded_template, LOADED) as url:
        with (
            throwaway_valkey() as redis_url,
            served(url, redis_url, folder, ("services.api",)) as system,
        ):
            yield system


@pytest_asyncio.fixture(scope="module")
async def ilinka(system: Served) -> Placed:
    """Return a school of the demonstration."""
    engine = create_engine(system.environment["DATABASE_URL"], "api")
    try:
        return (await schools(engine))[ILINKA]
    finally:
        await engine.dispose()


def invoke(*arguments: str | Path, given: str = "", **environment: str) -> Result:
    """Run a command to its end, in this process."""
    return CliRunner().invoke(
        app, [str(each) for each in arguments], input=given, env=environment
    )


def begin(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "services.api.cli", *arguments],
        cwd=ROOT,
        env={"PATH": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def reaching(
    system: Served, login: str = "uzhur", *, address: str = ""
) -> dict[str, str]:
    """Return what tells commands where the api is, and who asks."""
    return {
        "PODYOM_URL": address or system.address,
        "PODYOM_TOKEN": system.token(login),
        "PODYOM_LANGUAGE": "en",
    }
