"""Killing the notifier, its database and its queue while it delivers."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shared.runtime.embedded.postgres import EmbeddedPostgres
from shared.runtime.embedded.server import EmbeddedServer
from shared.runtime.embedded.valkey import EmbeddedValkey
from shared.runtime.startup import UNUSABLE
from tests.notifier.processes import NotifierProcess, notifier, until
from tests.support.processes import kill_hard

Victim = Literal["notifier", "postgres", "valkey"]
VICTIMS: tuple[Victim, ...] = ("notifier", "postgres", "valkey")
LONGEST_PAUSE = 0.3  # seconds between an arrival and the kill
SHARE_KILLED = 0.9  # of the arrivals: what is left shows that it goes on
# What a dead process has begun stays on lease for a minute, and longer in a crowd.
PATIENCE = 180.0
LONGEST = 3 * 3600.0


@dataclass(frozen=True, slots=True, order=True)
class Kill:
    """Whom to kill once so many deliveries have arrived, and so many seconds later."""

    arrived: int
    pause: float
    victim: Victim


def drawn(seed: int, *, kills: int, arrivals: int) -> list[Kill]:
    """Return kills at random moments of so many arrivals; each victim as often."""
    draw = random.Random(seed)  # noqa: S311 (moments, not secrets)
    return sorted(
        Kill(
            draw.randrange(max(1, int(arrivals * SHARE_KILLED))),
            draw.uniform(0, LONGEST_PAUSE),
            VICTIMS[number % len(VICTIMS)],
        )
        for number in range(kills)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What is killed, and how to see how far the deliveries are.

    Two notifiers deliver. What a dead one has begun waits a minute for its leases to
    run out; or, with `is_brief`, the other one is told to stop, `free_leases` lets them
    run out at once, and two others take over.
    """

    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    settings: Mapping[str, str]
    log: Path
    arrived: Callable[[], int]
    is_over: Callable[[], Awaitable[bool]]
    free_leases: Callable[[], Awaitable[None]]
    is_brief: bool

    async def rage(self, kills: list[Kill]) -> set[int]:
        """Deliver everything in spite of the kills; return the exit statuses."""
        async with AsyncExitStack() as stack:

            async def start() -> NotifierProcess:
                return await stack.enter_async_context(
                    notifier(self.settings, log=self.log)
                )

            crew = [await start(), await start()]
            for kill in kills:
                await self._wait_for(kill)
                crew = [await self._again(each, start) for each in crew]
                if kill.victim == "notifier":
                    crew = await self._lose_one(crew, start)
                else:
                    await _kill(getattr(self, kill.victim))
            crew = [await self._again(each, start) for each in crew]
            await self._until(self.is_over)
            return {(await each.stop())[0] for each in crew}

    async def _again(
        self, process: NotifierProcess, start: Callable[[], Awaitable[NotifierProcess]]
    ) -> NotifierProcess:
        """Start one again that found no database as it started, as supervisors do."""
        status = process.process.returncode
        if status is None:
            return process
        said = self.log.read_text("utf-8")[-5000:]
        assert status == UNUSABLE, f"it has given up: {said}"
        assert "the database cannot be used" in said
        return await start()

    async def _lose_one(
        self,
        crew: list[NotifierProcess],
        start: Callable[[], Awaitable[NotifierProcess]],
    ) -> list[NotifierProcess]:
        """Kill the one that has run for longer; return who goes on."""
        victim, other = crew
        await victim.kill()
        if not self.is_brief:
            return [other, await start()]
        await other.stop()
        await self.free_leases()
        return [await start(), await start()]

    async def _wait_for(self, kill: Kill) -> None:
        async def have_arrived() -> bool:
            return self.arrived() >= kill.arrived

        await self._until(have_arrived)
        await asyncio.sleep(kill.pause)

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        async def progress() -> object:
            return self.arrived()

        await until(condition, progress=progress, seconds=PATIENCE, longest=LONGEST)


async def _kill(server: EmbeddedServer) -> None:
    """Kill a server as if memory had run out, and bring it back."""
    kill_hard(server.pid)

    async def is_gone() -> bool:
        return server.exit_status() is not None

    async def is_back() -> bool:
        # What served its callers may outlive it for a moment, and it waits for that.
        if server.exit_status() is not None:
            server.launch()
        return server.is_ready()

    await until(is_gone)
    await until(is_back)
