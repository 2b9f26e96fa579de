"""The files of an embedded PostgreSQL: made once, under a temporary name."""

import locale
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.processes import Account, Launch, last_lines, start, stop

USER = "podyom"
DATABASE = "podyom"
PATIENCE = 300.0
# LC_CTYPE decides what pg_trgm takes for a letter: with C, Cyrillic has no trigrams.
CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFiles:
    """Where an embedded PostgreSQL lives, and who may touch it.

    `folder` holds the password, the lock and the `cluster` folder itself.
    """

    folder: Path
    programs: Path
    log: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """Return PostgreSQL's data directory."""
        return self.folder / "cluster"

    def launch(
        self,
        program: str,
        options: Sequence[str],
        *,
        at: Path,
        database: Sequence[str] = (),
        given: bytes = b"",
    ) -> Launch:
        """Describe a start of one of the wheel's programs on the data directory `at`.

        An account that root chose may be unable to walk down to the data directory
        (below /root, say). So there the program is put into it, and finds it again
        under the name that Linux gives to the current directory of every process.
        """
        here = "/proc/self/cwd" if self.account and sys.platform == "linux" else str(at)
        return Launch(
            command=[str(self.programs / program), *options, "-D", here, *database],
            folder=at,
            log=self.log,
            environment=server_environment(os.environ),
            account=self.account,
            given=given,
            death_signal=signal.SIGINT,
        )


def server_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Keep of the caller's environment what does not bend the server's behaviour."""
    kept = {"PATH", "TMPDIR", "LD_LIBRARY_PATH"} & environment.keys()
    return {name: environment[name] for name in kept} | {"LC_ALL": "C", "TZ": "UTC"}


def read_password(files: ClusterFiles) -> str:
    """Return the password of the cluster's owner; make both where they are missing.

    Raises:
        EmbeddedServerError: The cluster cannot be made, or its password is lost.
    """
    path = files.folder / "password"
    if files.cluster.exists():
        try:
            return path.read_text("utf-8").strip()
        except FileNotFoundError:
            raise EmbeddedServerError(
                Text(
                    f"Нет файла с паролем базы данных: {path}. Верните его из"
                    f" резервной копии или удалите папку {files.folder}.",
                    f"The database's password file is missing: {path}. Bring it back"
                    f" from a backup or remove the folder {files.folder}.",
                )
            ) from None
    password = secrets.token_urlsafe(24)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(password + "\n", "utf-8")
    _give(path, files.account)
    _make_cluster(files)
    return password


def _make_cluster(files: ClusterFiles) -> None:
    fresh = files.folder / "cluster.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    _give(fresh, files.account)
    options = [
        f"--username={USER}",
        "--pwfile=../password",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_character_locale()}",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    _run(files, files.launch("initdb", options, at=fresh))
    single = files.launch(
        "postgres",
        ["--single"],
        at=fresh,
        database=["postgres"],
        given=f"CREATE DATABASE {DATABASE}\n".encode(),
    )
    _run(files, single)
    fresh.rename(files.cluster)


def _run(files: ClusterFiles, launch: Launch) -> None:
    try:
        child = start(launch)
        try:
            child.wait(PATIENCE)
        finally:
            status = stop(child)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_made(files, str(error)) from error
    if status != 0:
        raise _not_made(files, last_lines(files.log))


def _not_made(files: ClusterFiles, reason: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        Text(
            f"Не удалось создать базу данных в {files.folder}: {reason}",
            f"The database could not be made in {files.folder}: {reason}",
        )
    )


def _give(path: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _character_locale() -> str:
    """Return a locale of this machine that knows the letters of UTF-8."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in CTYPES:
            try:
                return locale.setlocale(locale.LC_CTYPE, name) and name
            except locale.Error:
                continue
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"
