"""What a benchmark is given, and what it gives back."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import httpx

from services.api.demo.logins import PASSWORD
from shared.runtime.embedded import processes
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.processes import Launch, last_lines, wait_until

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0  # generous, since the machine may be busy
LEFT_OUT = {"HOST", "PODYOM_MODE", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a report.

    `floor` is what the value is to reach and `ceiling` what it is to stay below,
    where it is to.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ceiling: float | None = None

    @property
    def is_reached(self) -> bool:
        """Whether the value is where it has to be."""
        is_high_enough = self.floor is None or self.value >= self.floor
        return is_high_enough and (self.ceiling is None or self.value <= self.ceiling)


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers HTTP on the loopback interface."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"

    def token(self, login: str) -> str:
        """Sign in with a demo account and return the token."""
        form = {"username": login, "password": PASSWORD}
        answer = httpx.post(f"{self.address}/v1/tokens", data=form, trust_env=False)
        return str(answer.raise_for_status().json()["access_token"])


@dataclass(frozen=True, slots=True)
class Bench:
    """Throw-away servers with data, for one module."""

    database_url: str
    redis_url: str
    folder: Path

    @contextmanager
    def serving_api(self) -> Iterator[Server]:
        """Serve the api as it is started in earnest, over the module's database."""
        environment = {
            "SECRET_KEY": "only-for-benchmarks-" * 2,
            "PODYOM_MODE": "sandbox",
            "DATA_DIR": str(self.folder),
        }
        arguments = ["-m", "services.api"]
        with self.serving(arguments, self._servers | environment) as server:
            yield server

    @contextmanager
    def running_scoring(self) -> Iterator[int]:
        """Run the scoring worker over the module's database; yield its process id."""
        with self._running(["-m", "services.scoring"], self._servers) as child:
            yield child.pid

    @contextmanager
    def running_notifier(self, smtp_url: str, name: str = "") -> Iterator[int]:
        """Run a notifier over the module's database; yield its process id."""
        mail = {"SMTP_URL": smtp_url, "MAIL_FROM": "podyom@podyom.example.ru"}
        arguments = ["-m", "services.notifier"]
        with self._running(arguments, self._servers | mail, name) as child:
            yield child.pid

    @contextmanager
    def serving(
        self, arguments: Sequence[str], environment: Mapping[str, str], name: str = ""
    ) -> Iterator[Server]:
        """Run a Python program that listens on the port of its setting PORT."""
        port = free_port()
        setting = {**environment, "PORT": str(port)}
        with self._running(arguments, setting, name) as child:
            wait_until(
                lambda: answers(LOOPBACK, port) or child.poll() is not None,
                seconds=START_SECONDS,
            )
            if child.poll() is not None:
                told = last_lines(self.log_of(arguments, name))
                raise RuntimeError(f"{arguments} did not start:\n{told}")
            yield Server(port, child.pid)

    @property
    def _servers(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    def log_of(self, arguments: Sequence[str], name: str = "") -> Path:
        """Return where the output of a program goes; `name` tells its runs apart."""
        return self.folder / f"{arguments[-1]}{name}.log"

    @contextmanager
    def _running(
        self, arguments: Sequence[str], environment: Mapping[str, str], name: str = ""
    ) -> Iterator[Popen[bytes]]:
        """Run a Python program until the block ends."""
        inherited = {k: v for k, v in os.environ.items() if k not in LEFT_OUT}
        child = processes.start(
            Launch(
                command=[sys.executable, *arguments],
                folder=ROOT,
                log=self.log_of(arguments, name),
                environment=inherited | dict(environment),
            )
        )
        try:
            yield child
        finally:
            child.terminate()
            child.wait(START_SECONDS)
