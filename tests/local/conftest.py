"""The stand-in system, started as `make run` starts the real one."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from shared.runtime.embedded.ports import LOOPBACK, free_port
from tests.support.processes import ROOT, eventually, is_running

LEFT_OUT = {"DATABASE_URL", "REDIS_URL", "SMTP_URL", "PODYOM_MODE", "SECRET_KEY"}
LEFT_OUT |= {"HOST", "MAKELEVEL", "LC_ALL", "LC_MESSAGES"}


@dataclass
class System:
    """A launcher on a folder of its own; `environment` is added to ours."""

    folder: Path
    port: int
    output: Path
    environment: dict[str, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the launcher, and do not wait."""
        inherited = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
        with self.output.open("wb") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "tests.local.stand_ins"],
                cwd=ROOT,
                env={
                    **inherited,
                    "LANG": "C.UTF-8",
                    "DATA_DIR": str(self.folder),
                    "PORT": str(self.port),
                    **self.environment,
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start_and_wait(self) -> None:
        """Start the launcher and wait until it says that all is running."""
        self.start()
        assert eventually(lambda: "Ctrl-C stops" in self.text() or self.has_ended())
        assert not self.has_ended(), self.text()
        self.seen |= set(self.processes().values())

    def text(self) -> str:
        """Return what the launcher has said."""
        return self.output.read_text("utf-8")

    def has_ended(self) -> bool:
        """Tell whether the launcher is gone."""
        return self.launcher is None or self.launcher.poll() is not None

    def exit_code(self) -> int:
        """Wait for the launcher's end."""
        assert self.launcher is not None
        return self.launcher.wait(30)

    def processes(self) -> dict[str, int]:
        """Return what runs under the launcher, by name."""
        marks = {
            "postgres": "/bin/postgres",
            "valkey": "valkey-server",
            "mail": "aiosmtpd",
            "api": "stand_ins api",
            "worker": "while True",
        }
        assert self.launcher is not None
        found: dict[str, int] = {}
        for child in psutil.Process(self.launcher.pid).children():
            try:
                line = " ".join(child.cmdline())
            except psutil.Error:
                continue
            found |= {name: child.pid for name, mark in marks.items() if mark in line}
        return found

    def post_row(self) -> bool:
        """Commit a row; the answer is whether the api says that it is."""
        return self._request("POST")[0] == http.HTTPStatus.CREATED

    def rows(self) -> int:
        """Return how many rows there are."""
        return int(self._request("GET")[1])

    def _request(self, method: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=10)
        try:
            connection.request(method, "/rows")
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def leaves_nothing(self) -> bool:
        """Tell whether all processes ever seen are gone in bounded time."""
        return eventually(lambda: not any(is_running(pid) for pid in self.seen))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop the launcher, and return its exit code."""
        assert self.launcher is not None
        if self.launcher.poll() is None:
            self.launcher.send_signal(number)
        return self.exit_code()


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    """Return a system that has not been started; it is stopped in the end."""
    made = System(tmp_path / "данные с пробелами", free_port(), tmp_path / "output")
    try:
        yield made
    finally:
        if made.launcher is not None:
            made.stop()


@pytest.fixture
def running(system: System) -> System:
    """Return a system that runs."""
    system.start_and_wait()
    return system


@pytest.fixture
def light(system: System, postgres_url: str, redis_url: str) -> System:
    """Return a system on servers that run already, which starts faster."""
    system.environment |= {
        "DATABASE_URL": postgres_url.replace("postgresql:", "postgresql+asyncpg:"),
        "REDIS_URL": redis_url,
    }
    return system
