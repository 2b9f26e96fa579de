"""The embedded Valkey keeps its queue and leaves no process behind."""

import subprocess
import sys
from pathlib import Path

import pytest
import redis

from shared.runtime.embedded.errors import EmbeddedServerError, FolderInUseError
from shared.runtime.embedded.installation import valkey_server
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.valkey import EmbeddedValkey
from tests.support.processes import eventually, is_running, kill_hard, python

OWNER = """
import sys, time
from pathlib import Path
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.valkey import EmbeddedValkey
with EmbeddedValkey(Path(sys.argv[1])) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux facility")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with blanks and a path too long for a socket's name."""
    return tmp_path / "папка с пробелами" / ("long " * 20) / "valkey"


def put(url: str, value: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("key", value)


def read(url: str) -> object:
    with redis.Redis.from_url(url) as client:
        return client.get("key")


def test_keys_survive_an_ordinary_restart(folder: Path) -> None:
    with EmbeddedValkey(folder) as server:
        put(server.url, "kept")
    with EmbeddedValkey(folder) as server:
        assert read(server.url) == b"kept"


def test_keys_survive_kill_9_at_the_same_address(folder: Path) -> None:
    with EmbeddedValkey(folder) as server:
        url = server.url
        put(url, "kept")
        kill_hard(server.pid)
        assert eventually(lambda: server.exit_status() is not None)
        server.launch()
        assert eventually(server.is_ready)
        assert server.url == url
        assert read(url) == b"kept"


def test_the_password_is_asked_for(folder: Path) -> None:
    with EmbeddedValkey(folder) as server:
        place = server.url.rpartition("@")[2]
        with pytest.raises(redis.AuthenticationError):
            put(f"redis://{place}", "stranger's")


def test_nothing_is_left_when_it_stops(folder: Path) -> None:
    with EmbeddedValkey(folder) as server:
        pid = server.pid
        assert is_running(pid)
    assert not is_running(pid)


@on_linux
def test_the_server_goes_when_its_launcher_is_killed(folder: Path) -> None:
    with python(OWNER, str(folder)) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline())
        assert is_running(pid)
        launcher.kill()
    assert eventually(lambda: not is_running(pid))


def test_a_folder_in_use_is_refused(folder: Path) -> None:
    with EmbeddedValkey(folder), pytest.raises(FolderInUseError, match="in use"):
        EmbeddedValkey(folder).start()


def test_a_server_left_by_an_earlier_launcher_is_stopped_first(tmp_path: Path) -> None:
    port = str(free_port())
    with subprocess.Popen(
        [valkey_server(), "--port", port, "--set-proc-title", "no", "--dir", tmp_path],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    ) as orphan:
        assert eventually(lambda: answers(LOOPBACK, int(port)))
        (tmp_path / "server.pid").write_text(f"{orphan.pid}\n")
        with EmbeddedValkey(tmp_path) as server:
            assert orphan.wait(30) == 0
            assert is_running(server.pid)


def test_a_stale_pid_file_harms_no_stranger(tmp_path: Path) -> None:
    with python("import time; time.sleep(600)") as stranger:
        (tmp_path / "server.pid").write_text(f"{stranger.pid}\n")
        with EmbeddedValkey(tmp_path) as server:
            assert read(server.url) is None
        assert stranger.poll() is None
        stranger.kill()


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="does not start in"):
        EmbeddedValkey(tmp_path / "file").start()
