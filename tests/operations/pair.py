"""Two processes of the api, with workers beside them, either of which may die."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.operations.processes import (
    PATIENCE,
    Service,
    address_of,
    ready,
    service,
    settings_of_all,
)


@dataclass
class Apis:
    """Two processes of the api, of which either may be dead for a while."""

    settings: list[Mapping[str, str]]
    client: httpx.AsyncClient
    running: dict[int, Service] = field(default_factory=dict)
    _turns: Iterator[int] = field(default_factory=lambda: itertools.cycle((0, 1)))

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask one after the other until one answers."""
        async with asyncio.timeout(PATIENCE):
            while True:
                url = address_of(self.settings[next(self._turns)]) + path
                try:
                    answer = await self.client.request(method, url, **more)
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
                    continue
                if answer.status_code < 500:
                    return answer

    async def kill(self, number: int, stack: AsyncExitStack) -> None:
        """Kill one as a power cut would, and start it again."""
        self.running[number].process.kill()
        await self.running[number].ended()
        await self.start(number, stack)

    async def start(self, number: int, stack: AsyncExitStack) -> None:
        """Start one, and wait until it serves."""
        settings = self.settings[number]
        begun = await stack.enter_async_context(service("api", settings))
        self.running[number] = begun
        async with httpx.AsyncClient(
            base_url=address_of(settings), trust_env=False
        ) as client:
            serving = asyncio.create_task(ready(client))
            ended = asyncio.create_task(begun.process.wait())
            await asyncio.wait([serving, ended], return_when=asyncio.FIRST_COMPLETED)
            assert begun.process.returncode is None, begun.lines[-20:]
            ended.cancel()
            await serving


@asynccontextmanager
async def two_apis(
    database_url: str, redis_url: str, data_dir: Path
) -> AsyncIterator[tuple[Apis, AsyncExitStack]]:
    """Yield two apis, with three workers beside them."""
    settings = [settings_of_all(database_url, redis_url, data_dir) for _ in "ab"]
    async with (
        AsyncExitStack() as stack,
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client,
    ):
        apis = Apis([*settings], client)
        for name in ("scoring", "scoring", "notifier"):
            await stack.enter_async_context(service(name, settings[0]))
        await asyncio.gather(*(apis.start(number, stack) for number in (0, 1)))
        yield apis, stack
