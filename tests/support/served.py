"""The api and the scoring worker as processes of their own, over a test's database."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from services.api.demo.logins import PASSWORD
from shared.runtime.embedded.ports import LOOPBACK, free_port
from shared.runtime.embedded.processes import (
    Launch,
    last_lines,
    start,
    stop,
    wait_until,
)
from tests.support.api import SECRET
from tests.support.processes import ROOT

START_SECONDS = 100.0  # generous, since the machine may be busy
SERVICES = ("services.api", "services.scoring")


@dataclass(frozen=True, slots=True)
class Served:
    """Where the api answers, and the settings that its commands need as well."""

    address: str
    environment: dict[str, str]

    @contextlib.contextmanager
    def client(self, login: str) -> Iterator[httpx.Client]:
        """Yield a client that is signed in with a demo account."""
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as client:
            client.headers["Authorization"] = f"Bearer {self.token(login)}"
            yield client

    def token(self, login: str) -> str:
        """Sign in with a demo account."""
        form = {"username": login, "password": PASSWORD}
        with httpx.Client(base_url=self.address, timeout=30, trust_env=False) as client:
            answer = client.post("/v1/tokens", data=form).raise_for_status().json()
        return str(answer["access_token"])


@contextlib.contextmanager
def served(
    database_url: str,
    redis_url: str,
    folder: Path,
    services: tuple[str, ...] = SERVICES,
) -> Iterator[Served]:
    """Yield the services once they are ready; they are gone at the end."""
    port = free_port()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PODYOM_MODE": "sandbox",
        "SECRET_KEY": SECRET,
        "DATA_DIR": str(folder),
        "PORT": str(port),
    }
    log = folder / "services.log"
    children = [
        start(
            Launch(
                command=[sys.executable, "-m", each],
                folder=ROOT,
                log=log,
                environment=environment,
            )
        )
        for each in services
    ]
    here = Served(f"http://{LOOPBACK}:{port}", environment)
    try:
        wait_until(
            lambda: _is_ready(here.address) or _any_ended(children),
            seconds=START_SECONDS,
        )
        assert _is_ready(here.address), last_lines(log)
        yield here
    finally:
        for child in children:
            stop(child)


def _any_ended(children: list[subprocess.Popen[bytes]]) -> bool:
    return any(child.poll() is not None for child in children)


def _is_ready(address: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        answer = httpx.get(f"{address}/health/ready", trust_env=False, timeout=5)
        return answer.is_success
    return False
