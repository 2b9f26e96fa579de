"""What a launcher cannot work with is one clear line and the exit code 2."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.embedded.ports import LOOPBACK, free_port
from tests.local.conftest import System


@pytest.fixture
def silent() -> Iterator[int]:
    """Return a port where somebody listens but never says a word."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield int(server.getsockname()[1])


def refusal(system: System, **environment: str) -> str:
    system.environment |= environment
    system.start()
    assert system.exit_code() == 2, system.text()
    [line] = system.text().splitlines()
    return line


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "PORT=eighty"),
        ("PORT", "70000", "PORT=70000"),
        ("HOST", "192.0.2.1", "one cannot listen on 192.0.2.1"),
        ("HOST", "nowhere.invalid", "one cannot listen on nowhere.invalid"),
        ("PODYOM_MODE", "play", "PODYOM_MODE=play"),
        ("PODYOM_MODE", "production", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("DATABASE_URL", "mysql://localhost/podyom", "DATABASE_URL is not"),
        ("DATABASE_URL", "postgresql://localhost:port/podyom", "DATABASE_URL is not"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL is not"),
        ("REDIS_URL", "redis://localhost:6379/podyom", "REDIS_URL is not"),
        ("SMTP_URL", "mail.example.org", "SMTP_URL is not"),
        ("PUBLIC_URL", "podyom.example.org", "PUBLIC_URL=podyom.example.org"),
    ],
)
def test_a_setting_that_cannot_be_used(
    system: System, name: str, value: str, says: str
) -> None:
    assert says in refusal(system, **{name: value})


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://user:hidden@127.0.0.1:{port}/podyom"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:{port}/0"),
        ("SMTP_URL", "smtp://127.0.0.1:{port}"),
    ],
)
def test_a_server_that_is_not_there(system: System, name: str, url: str) -> None:
    port = free_port()
    line = refusal(system, **{name: url.format(port=port)})
    assert line.startswith(f"{name}: the server 127.0.0.1:{port} does not answer")
    assert "hidden" not in line


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("DATABASE_URL", "postgres"), ("REDIS_URL", "redis"), ("SMTP_URL", "smtp")],
)
def test_a_server_that_never_answers(
    system: System, silent: int, name: str, scheme: str
) -> None:
    line = refusal(system, **{name: f"{scheme}://127.0.0.1:{silent}/0"})
    assert line.startswith(f"{name}: the server 127.0.0.1:{silent} does not answer")


def test_a_wrong_password(system: System, postgres_url: str) -> None:
    place = postgres_url.rpartition("@")[2]
    line = refusal(system, DATABASE_URL=f"postgresql://podyom:wrong@{place}")
    assert "password authentication failed" in line


def test_a_taken_port(system: System, silent: int) -> None:
    assert "is taken by another program" in refusal(system, PORT=str(silent))


def test_a_data_folder_that_is_a_file(system: System, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = refusal(system, DATA_DIR=str(tmp_path / "file"))
    assert line.startswith("DATA_DIR: the folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_rights(system: System, tmp_path: Path) -> None:
    tmp_path.joinpath("closed").mkdir(mode=0o500)
    line = refusal(system, DATA_DIR=str(tmp_path / "closed" / "data"))
    assert "Permission denied" in line
