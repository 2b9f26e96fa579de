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
PATIENCE = 60.0  # seconds; reached only where something is broken
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
        return self.process.returncode or 0, output.decode()

    async def end(self) -> tuple[int, str]:
        """Wait until it ends by itself."""
        async with asyncio.timeout(PATIENCE):
            output, _ = await self.process.communicate()
        return self.process.returncode or 0, output.decode()


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
async def notifier(settings: Mapping[str, str]) -> AsyncIterator[NotifierProcess]:
    """Start a notifier; at the end it is killed if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-m",
        "services.notifier",
        cwd=ROOT,
        env=dict(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = NotifierProcess(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            await running.kill()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 (it happens in another process)
            await asyncio.sleep(LOOK_AGAIN)
