"""A PostgreSQL of our own, from the programs of a wheel."""

import contextlib
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.domain.errors import Text
from shared.runtime.embedded.cluster import (
    DATABASE,
    USER,
    ClusterFiles,
    read_password,
)
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.installation import postgres_programs, server_account
from shared.runtime.embedded.orphans import exclusive, stop_orphan
from shared.runtime.embedded.ports import LOOPBACK, free_port
from shared.runtime.embedded.processes import last_lines, start, stop, wait_until

PATIENCE = 60.0
# Fast shutdown, then immediate: the write-ahead log mends what that leaves.
STOPPING = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 0.5))
# One that was left behind may have more to do than one that we stop in time.
STOPPING_ORPHAN = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0))
STATUS_LINE = 7


class EmbeddedPostgres:
    """A server that lives in a folder and as long as this object is entered.

    It listens on 127.0.0.1 with a port that stays the same over restarts; `url` names
    a database owned by a superuser with a password of its own. Committed rows survive
    the end of the server, the launcher or the machine, in any way.

    Usable from the main thread only (see `processes.start`).
    """

    name = "postgres"

    def __init__(
        self,
        folder: Path,
        *,
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        # The real path, since that is what the system calls a server's folder.
        self._folder = folder.resolve()
        self.log = (log or folder / "postgres.log").absolute()
        self._settings = dict(settings or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._held = contextlib.ExitStack()
        self._port = 0
        self._password = ""

    @property
    def url(self) -> str:
        """Return the address, with the password; valid once entered."""
        return (
            f"postgresql://{USER}:{self._password}@{LOOPBACK}:{self._port}/{DATABASE}"
        )

    @property
    def pid(self) -> int:
        """Return the number of the server's first process; 0 before it started."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> Self:
        """Start the server, as `start` does."""
        self.start()
        return self

    def start(self) -> None:
        """Make the cluster if there is none, start it and wait until it is ready.

        Raises:
            EmbeddedServerError: It cannot be started; the message says why.
        """
        with contextlib.ExitStack() as undo:
            undo.callback(self.stop)
            self._prepare()
            self.launch()
            self._wait_until_ready()
            undo.pop_all()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server and give the folder free."""
        self.stop()

    def launch(self) -> None:
        """Start the server's process, again on the same port; do not wait for it."""
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self._port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self._settings,
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        launch = self._files.launch("postgres", arguments, at=self._files.cluster)
        try:
            self._child = start(launch)
        except OSError as error:
            raise self._failure(str(error)) from error

    def exit_status(self) -> int | None:
        """Return the exit status of an ended server; nothing while it runs."""
        return self._child.poll() if self._child else 0

    def is_ready(self) -> bool:
        """Tell whether this very process, not an earlier one, takes connections."""
        try:
            lines = (self._files.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
        return ready and lines[0] == str(self.pid)

    def ask_to_stop(self) -> None:
        """Tell the server to shut down, and do not wait for it."""
        if self._child is not None:
            self._child.send_signal(STOPPING[0][0])

    def stop(self) -> None:
        """Shut the server down, giving no time to its clients; harmless if it is."""
        if self._child is not None:
            stop(self._child, *STOPPING)
            self._child = None
        self._held.close()

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o711)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._held.enter_context(exclusive(self._folder / "lock"))
            cluster = self._folder / "cluster"
            account = server_account(cluster)
            self._files = ClusterFiles(
                folder=self._folder,
                programs=postgres_programs(account, folder=self._folder),
                log=self.log,
                account=account,
            )
            self._password = read_password(self._files)
            stop_orphan(
                cluster / "postmaster.pid",
                program="postgres",
                folder=cluster,
                signals=STOPPING_ORPHAN,
            )
        except OSError as error:
            raise self._failure(str(error)) from error
        self._port = free_port()

    def _wait_until_ready(self) -> None:
        ended = wait_until(
            lambda: self.is_ready() or self.exit_status() is not None, seconds=PATIENCE
        )
        if not ended or self.exit_status() is not None:
            raise self._failure(last_lines(self.log))

    def _failure(self, reason: str) -> EmbeddedServerError:
        return EmbeddedServerError(
            Text(
                f"PostgreSQL не запускается в {self._folder}: {reason}",
                f"PostgreSQL does not start in {self._folder}: {reason}",
            )
        )
