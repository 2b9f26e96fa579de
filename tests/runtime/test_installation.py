"""Which account runs PostgreSQL, and from where."""

import os
import pwd
import shutil
from pathlib import Path

import psutil
import pytest

from shared.runtime.embedded import installation
from shared.runtime.embedded.installation import postgres_programs, server_account
from shared.runtime.embedded.postgres import EmbeddedPostgres
from tests.support.processes import python

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that only we can reach."""
    tmp_path.chmod(0o700)
    return tmp_path / "with a blank" / "postgres"


@as_root
def test_root_without_an_account_postgres_takes_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "UNPRIVILEGED", ("no-such-account", "nobody"))
    with EmbeddedPostgres(folder) as server:
        assert psutil.Process(server.pid).username() == "nobody"
    # It stays with the owner of the files, also when the other account appears.
    monkeypatch.undo()
    with EmbeddedPostgres(folder) as server:
        assert psutil.Process(server.pid).username() == "nobody"


@as_root
def test_programs_out_of_reach_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out_of_reach = tmp_path / "site-packages"
    out_of_reach.mkdir(mode=0o700)
    account = server_account(tmp_path / "none")
    package = postgres_programs(None, folder=tmp_path).parents[1]
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, out_of_reach / name)
    monkeypatch.syspath_prepend(str(out_of_reach))
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        assert server.is_ready()
        command = Path(f"/proc/{server.pid}/cmdline").read_bytes()
    assert account is not None
    assert not command.startswith(os.fsencode(package))
    assert not command.startswith(os.fsencode(out_of_reach))


@as_root
def test_a_user_without_a_name_gets_one_clear_line() -> None:
    nameless = next(uid for uid in range(54_321, 60_000) if not _has_name(uid))
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from shared.runtime.embedded.errors import EmbeddedServerError\n"
        "from shared.runtime.embedded.installation import server_account\n"
        "os.setuid(int(sys.argv[1]))\n"
        "try: server_account(Path('none'))\n"
        "except EmbeddedServerError as error: print(error.detail.en)\n"
    )
    with python(code, str(nameless)) as child:
        printed, _ = child.communicate(timeout=60)
    assert f"user id {nameless} has no name" in printed


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
