"""Real notifiers, started as `python -m services.notifier`."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds in which nothing goes on: reached where something is broken
LONGEST = 600.0  # seconds, however much goes on
LOOK_AGAIN = 0.02


@dataclass
class NotifierProcess:
    """A running notifier; its output is collected when it ends."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """The process number."""
        return self.process.pid

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        await self.process.communicate()

    async def stop(self) -> tuple[int, str]:
        """Ask it to stop; return its exit code and all that it wrote."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            output, _ = await self.process.communicate()
        return self.process.returncode or 0, (output or b"").decode()

    async def end(self) -> tuple[int, str]:
        """Wait until it ends by itself."""
        async with asyncio.timeout(PATIENCE):
            output, _ = await self.process.communicate()
        return self.process.returncode or 0, (output or b"").decode()


def environment(database_url: str, redis_url: str, smtp_port: int) -> dict[str, str]:
    """Return the settings of a notifier."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAIL_FROM": "podyom@podyom.example.ru",
    }


@asynccontextmanager
async def notifier(
    settings: Mapping[str, str], *, log: Path | None = None
) -> AsyncIterator[NotifierProcess]:
    """Start a notifier; at the end it is killed if it still runs.

    With a `log` it appends its output there, however much that is.
    """
    output = None if log is None else log.open("ab")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-m",
        "services.notifier",
        cwd=ROOT,
        env=dict(settings),
        stdout=output or asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    if output is not None:
        output.close()
    running = NotifierProcess(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            await running.kill()


async def until(
    condition: Callable[[], Awaitable[bool]],
    *,
    progress: Callable[[], Awaitable[object]] | None = None,
    seconds: float = PATIENCE,
    longest: float = LONGEST,
) -> None:
    """Wait until the condition holds, as long as something goes on.

    On a loaded machine much takes long, and nothing takes for ever: whenever what
    `progress` returns has changed the patience of so many `seconds` begins anew, until
    `longest` is over.

    Raises:
        TimeoutError: nothing has gone on for so long.
    """
    seen: object = None
    clock = asyncio.get_running_loop()
    async with asyncio.timeout(longest), asyncio.timeout(seconds) as patience:
        while not await condition():
            if progress is not None and (now := await progress()) != seen:
                seen = now
                patience.reschedule(clock.time() + seconds)
            await asyncio.sleep(LOOK_AGAIN)
