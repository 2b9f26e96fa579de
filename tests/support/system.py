"""The whole system, started as `make run` starts it and looked at from outside."""

import asyncio
import contextlib
import itertools
import mailbox
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from services.api.demo.logins import PASSWORD
from shared.runtime.embedded.ports import LOOPBACK, free_port
from shared.runtime.embedded.processes import wait_until
from tests.support.processes import ROOT, eventually, kill_hard

START_SECONDS = 100.0  # generous, since the machine may be busy
STOP_SECONDS = 10.0  # what is promised
READY_LINE = "Ctrl-C stops everything"
LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "SMTP_URL", "PODYOM_MODE", "SECRET_KEY"}
LEFT_OUT |= {"HOST", "LC_ALL", "LC_MESSAGES"}
MARKS = {
    "postgres": "/bin/postgres",
    "valkey": "valkey-server",
    "mail": "aiosmtpd",
    "api": "services.api",
    "scoring": "services.scoring",
    "notifier": "services.notifier",
}


@dataclass
class LocalSystem:
    """A launcher on a folder of its own, with every process that it ever had."""

    folder: Path
    output: Path
    port: int = field(default_factory=free_port)
    seen: set[psutil.Process] = field(default_factory=set)
    launcher: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the api listens."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def text(self) -> str:
        """What this launcher has said."""
        return self.output.read_text("utf-8")

    @property
    def is_running(self) -> bool:
        """Whether there is a launcher."""
        return self.launcher is not None and self.launcher.poll() is None

    def start(self) -> None:
        """Start the launcher and wait until it says that all of it runs."""
        began = time.monotonic()
        inherited = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
        own = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "LANG": "C.UTF-8"}
        # As under make: the system then ends with the tests, even if they are killed.
        with self.output.open("wb") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "services.local"],
                cwd=ROOT,
                env=inherited | own | {"MAKELEVEL": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.seen.add(psutil.Process(self.launcher.pid))
        wait_until(
            lambda: READY_LINE in self.text or not self.is_running,
            seconds=START_SECONDS,
        )
        assert READY_LINE in self.text, self.text
        self.remember()
        print(f"ready after {time.monotonic() - began:.1f} s")  # noqa: T201 - for who reads the run

    def pids(self) -> dict[str, int]:
        """Return what runs directly under the launcher, by name."""
        assert self.launcher is not None
        found: dict[str, int] = {}
        for child in psutil.Process(self.launcher.pid).children():
            with contextlib.suppress(psutil.Error):
                command = child.cmdline()
                found |= {
                    name: child.pid
                    for name, mark in MARKS.items()
                    if any(part.endswith(mark) for part in command)
                }
        return found

    def remember(self) -> None:
        """Note every process below the launcher, so that none can hide."""
        assert self.launcher is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.launcher.pid).children(recursive=True)
            self.seen.update(children)

    def kill(self, name: str) -> None:
        """Kill one process as if memory had run out; wait until it is back."""
        self.remember()
        old = self.pids()[name]
        kill_hard(old)
        assert eventually(lambda: self.pids().get(name, old) != old), name
        self.remember()

    def kill_launcher(self) -> list[str]:
        """Kill the launcher itself; return what outlives it for long."""
        assert self.launcher is not None
        self.remember()
        self.launcher.kill()
        self.launcher.wait()
        eventually(lambda: not self.left())
        return self.left()

    def left(self) -> list[str]:
        """Return what still runs of all that was ever seen or works in the folder."""
        here = [each for each in psutil.process_iter() if self._is_at_home(each)]
        return [
            f"{each.pid} {each.name()}" for each in {*self.seen, *here} if _runs(each)
        ]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Tell the launcher to stop; all of it must be gone in the time promised."""
        assert self.launcher is not None
        self.remember()
        end = time.monotonic() + STOP_SECONDS
        self.launcher.send_signal(number)
        assert self.launcher.wait(STOP_SECONDS) == 0, self.text
        wait_until(lambda: not self.left(), seconds=end - time.monotonic())
        assert self.left() == []

    def clean_up(self) -> None:
        """Leave nothing running, whatever state it is in."""
        if self.launcher is not None and self.is_running:
            self.remember()
            self.launcher.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.launcher.wait(2 * STOP_SECONDS)
            self.launcher.kill()
            self.launcher.wait()
        for each in {*self.seen, *filter(self._is_at_home, psutil.process_iter())}:
            with contextlib.suppress(psutil.Error):
                each.kill()

    def setting(self, name: str) -> str:
        """Return a setting as the launcher gave it to the api."""
        environment = psutil.Process(self.pids()["api"]).environ()
        return str(environment[name])

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Read from the database what no answer of the api shows."""

        async def read() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(self.setting("DATABASE_URL"))
            try:
                return [dict(row) for row in await connection.fetch(statement, *values)]
            finally:
                await connection.close()

        return asyncio.run(read())

    def mails(self) -> list[tuple[str, str]]:
        """Return address and Message-ID of each mail that was caught."""
        caught = mailbox.Maildir(self.folder / "mail", create=False)
        return [(str(mail["X-RcptTo"]), str(mail["Message-ID"])) for mail in caught]

    @contextlib.contextmanager
    def client(self, login: str) -> Iterator[httpx.Client]:
        """Yield a client that is signed in with a demo account."""
        with httpx.Client(base_url=self.address, timeout=10, trust_env=False) as client:
            answer = client.post(
                "/v1/tokens", data={"username": login, "password": PASSWORD}
            )
            token = answer.raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client

    def _is_at_home(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            places = itertools.chain(
                process.cmdline(), [process.cwd(), process.environ().get("DATA_DIR")]
            )
            return any(str(self.folder) in place for place in places if place)
        return False


def _runs(process: psutil.Process) -> bool:
    """Tell whether it does anything still, and its number is not another's by now."""
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
