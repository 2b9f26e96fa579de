"""The services as processes of their own, over the servers of the tests."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.api.demo.logins import PASSWORD
from shared.runtime.embedded.ports import free_port
from tests.support.api import SECRET

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # seconds; reached only where something is broken


@dataclass
class Service:
    """A process, and what it has written."""

    process: Process
    lines: list[str] = field(default_factory=list)
    reading: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Collect what it writes until it ends."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode())

    def ask_to_stop(self) -> None:
        """Tell it to end."""
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Return its exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
            if self.reading is not None:
                await self.reading
        return code


@asynccontextmanager
async def service(name: str, settings: Mapping[str, str]) -> AsyncIterator[Service]:
    """Run ``services.<name>``, and kill it at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", f"services.{name}"),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Service(process)
    running.reading = asyncio.create_task(running.read())
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await running.ended()


def settings_of_all(
    database_url: str, redis_url: str, data_dir: Path, **more: str
) -> dict[str, str]:
    """Return settings with which each of the services starts, in a sandbox."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "podyom@podyom.example.ru",
        "SECRET_KEY": SECRET,
        "PODYOM_MODE": "sandbox",
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "DATA_DIR": str(data_dir),
        **more,
    }


def address_of(settings: Mapping[str, str]) -> str:
    """Return where the api of these settings listens."""
    return f"http://127.0.0.1:{settings['PORT']}"


@asynccontextmanager
async def client_of(
    settings: Mapping[str, str], login: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of the api once that is ready, signed in if a login is given."""
    async with httpx.AsyncClient(
        base_url=address_of(settings), trust_env=False, timeout=PATIENCE
    ) as client:
        await ready(client)
        if login is not None:
            await sign_in(client, login)
        yield client


async def ready(client: httpx.AsyncClient) -> None:
    """Wait until the api serves."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/health/ready")).is_success:
                    return
            await asyncio.sleep(0.05)


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    """Sign the client in with a demo account."""
    form: dict[str, Any] = {"username": login, "password": PASSWORD}
    answer = await client.post("/v1/tokens", data=form)
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
