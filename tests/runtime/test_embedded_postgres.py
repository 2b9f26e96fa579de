"""The embedded PostgreSQL keeps what was committed and leaves no process behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from shared.runtime.embedded.cluster import server_environment
from shared.runtime.embedded.errors import EmbeddedServerError, FolderInUseError
from shared.runtime.embedded.installation import postgres_programs, server_account
from shared.runtime.embedded.postgres import EmbeddedPostgres
from tests.support.processes import eventually, is_running, kill_hard, python

OWNER = """
import sys, time
from pathlib import Path
from shared.runtime.embedded.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.pid, server.url, flush=True)
    time.sleep(600)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux facility")


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with blanks and a path too long for a socket's name."""
    return tmp_path / "папка с пробелами" / ("long " * 20) / "postgres"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a stopped server, to be copied: that is faster."""
    folder = tmp_path_factory.mktemp("made") / "postgres"
    with EmbeddedPostgres(folder):
        return folder


@pytest.fixture
def made(made_once: Path, tmp_path: Path) -> Path:
    """Return the folder of a server that was started and stopped before."""
    copy = tmp_path / "postgres"
    owner = (made_once / "cluster").stat()
    shutil.copytree(made_once, copy)
    cluster = copy / "cluster"
    for path in (copy / "password", cluster, *cluster.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    return copy


async def test_rows_survive_an_ordinary_restart(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        await fetch(server.url, "CREATE TABLE kept AS SELECT 7 AS n")
    with EmbeddedPostgres(folder) as server:
        assert await fetch(server.url, "SELECT n FROM kept") == 7


async def test_committed_rows_survive_kill_9(made: Path) -> None:
    with EmbeddedPostgres(made) as server:
        await fetch(server.url, "CREATE TABLE kept AS SELECT 7 AS n")
        kill_hard(server.pid)
        assert eventually(lambda: server.exit_status() is not None)
    with EmbeddedPostgres(made) as server:
        assert await fetch(server.url, "SELECT n FROM kept") == 7


async def test_a_server_that_died_comes_back_at_the_same_address(made: Path) -> None:
    with EmbeddedPostgres(made) as server:
        url, first = server.url, server.pid
        kill_hard(first)
        assert eventually(lambda: server.exit_status() is not None)

        def is_back() -> bool:
            if server.exit_status() is not None:
                server.launch()
            return server.is_ready()

        assert eventually(is_back)
        assert (server.url, server.pid != first) == (url, True)
        assert await fetch(url, "SELECT 1") == 1


async def test_cyrillic_is_folded_and_has_trigrams(made: Path) -> None:
    with EmbeddedPostgres(made) as server:
        await fetch(server.url, "CREATE EXTENSION pg_trgm")
        assert await fetch(server.url, "SELECT upper('ёж')") == "ЁЖ"
        assert await fetch(server.url, "SELECT cardinality(show_trgm('школа'))") == 6


async def test_the_password_is_asked_for(made: Path) -> None:
    with EmbeddedPostgres(made) as server:
        user, _, place = server.url.partition("//")[2].partition("@")
        name = user.partition(":")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await fetch(f"postgresql://{name}:wrong@{place}", "SELECT 1")


def test_nothing_is_left_when_it_stops(made: Path) -> None:
    with EmbeddedPostgres(made) as server:
        pid = server.pid
        assert is_running(pid)
    assert not is_running(pid)


@on_linux
def test_the_server_goes_when_its_launcher_is_killed(made: Path) -> None:
    with python(OWNER, str(made)) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline().split()[0])
        assert is_running(pid)
        launcher.kill()
    assert eventually(lambda: not is_running(pid))


def test_a_folder_in_use_is_refused(made: Path) -> None:
    with (
        EmbeddedPostgres(made) as server,
        pytest.raises(FolderInUseError, match="in use"),
    ):
        EmbeddedPostgres(made).start()
    assert not is_running(server.pid)


def test_a_server_left_by_an_earlier_launcher_is_stopped_first(made: Path) -> None:
    cluster = made / "cluster"
    account = server_account(cluster)
    program = postgres_programs(account, folder=made) / "postgres"
    here = "/proc/self/cwd" if sys.platform == "linux" else str(cluster)
    with subprocess.Popen(
        [program, "-D", here, "-p", "31999", "-c", "unix_socket_directories="],
        cwd=cluster,
        user=account.uid if account else None,
        group=account.gid if account else None,
        env=server_environment({}),
        stderr=subprocess.DEVNULL,
    ) as orphan:
        pid_file = cluster / "postmaster.pid"
        assert eventually(lambda: pid_file.exists() and "ready" in pid_file.read_text())
        with EmbeddedPostgres(made) as server:
            assert orphan.wait(30) == 0
            assert is_running(server.pid)


def test_a_stale_pid_file_with_a_stranger_in_it_is_no_obstacle(made: Path) -> None:
    cluster = made / "cluster"
    # PostgreSQL itself believes in a pid file whose process its own user runs.
    with subprocess.Popen(["sleep", "600"], user=cluster.stat().st_uid) as stranger:
        pid_file = cluster / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n/elsewhere\n1\n5432\n")
        with EmbeddedPostgres(made) as server:
            assert server.is_ready()
        assert stranger.poll() is None
        stranger.kill()


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cluster.new").mkdir()
    (tmp_path / "cluster.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path) as server:
        assert server.is_ready()


def test_a_lost_password_is_named(made: Path) -> None:
    (made / "password").unlink()
    with pytest.raises(EmbeddedServerError, match="password file is missing"):
        EmbeddedPostgres(made).start()


def test_a_damaged_cluster_gives_the_servers_own_words(made: Path) -> None:
    (made / "cluster" / "PG_VERSION").unlink()
    with pytest.raises(EmbeddedServerError, match="not a valid data directory"):
        EmbeddedPostgres(made).start()


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedServerError, match="does not start in"):
        EmbeddedPostgres(tmp_path / "file").start()


@as_root
@on_linux
def test_root_opens_no_folder_to_others(made: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with EmbeddedPostgres(made) as server:
        assert server.is_ready()
    assert tmp_path.stat().st_mode & 0o777 == 0o700
