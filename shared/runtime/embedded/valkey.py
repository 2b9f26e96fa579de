"""A Valkey of our own, from the program of a wheel."""

import contextlib
import os
import secrets
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.domain.errors import Text
from shared.runtime.embedded.cluster import server_environment
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.installation import valkey_server
from shared.runtime.embedded.orphans import exclusive, stop_orphan
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.processes import (
    Launch,
    last_lines,
    start,
    stop,
    wait_until,
)

PATIENCE = 30.0
STOPPING = ((signal.SIGTERM, 1.0), (signal.SIGKILL, 0.5))
STOPPING_ORPHAN = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0))
PROGRAM = "valkey-server"


class EmbeddedValkey:
    """A server that lives in a folder and as long as this object is entered.

    It listens on 127.0.0.1 with a password and a port that stays the same over
    restarts, and appends every write to a file that it reads again at its start; the
    last second may be lost, since PostgreSQL, not the queue, is the book.

    Usable from the main thread only (see `processes.start`).
    """

    name = "valkey"

    def __init__(self, folder: Path, *, log: Path | None = None) -> None:
        # The real path, since that is what the system calls a server's folder.
        self._folder = folder.resolve()
        self.log = (log or folder / "valkey.log").absolute()
        self._child: subprocess.Popen[bytes] | None = None
        self._held = contextlib.ExitStack()
        self._port = 0
        self._password = ""

    @property
    def url(self) -> str:
        """Return the address, with the password; valid once entered."""
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

    @property
    def pid(self) -> int:
        """Return the server's process number; 0 before it started."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> Self:
        """Start the server, as `start` does."""
        self.start()
        return self

    def start(self) -> None:
        """Start the server and wait until it takes connections.

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
        launch = Launch(
            # The folder is named for who looks at the list of processes.
            command=[str(valkey_server()), "-", "--dir", str(self._folder)],
            folder=self._folder,
            log=self.log,
            environment=server_environment(os.environ),
            given=self._configuration().encode(),
            death_signal=signal.SIGTERM,
        )
        try:
            self._child = start(launch)
            self._pid_file.write_text(f"{self._child.pid}\n", "utf-8")
        except OSError as error:
            raise self._failure(str(error)) from error

    def exit_status(self) -> int | None:
        """Return the exit status of an ended server; nothing while it runs."""
        return self._child.poll() if self._child else 0

    def is_ready(self) -> bool:
        """Tell whether the server takes connections."""
        return self.exit_status() is None and answers(LOOPBACK, self._port)

    def ask_to_stop(self) -> None:
        """Tell the server to shut down, and do not wait for it."""
        if self._child is not None:
            self._child.send_signal(STOPPING[0][0])

    def stop(self) -> None:
        """Shut the server down, its file written; harmless if it is down."""
        if self._child is not None:
            stop(self._child, *STOPPING)
            self._child = None
            self._pid_file.unlink(missing_ok=True)
        self._held.close()

    @property
    def _pid_file(self) -> Path:
        return self._folder / "server.pid"

    def _configuration(self) -> str:
        return "\n".join(
            (
                f"bind {LOOPBACK}",
                f"port {self._port}",
                f"requirepass {self._password}",
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "set-proc-title no",
                "",
            )
        )

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._held.enter_context(exclusive(self._folder / "lock"))
        except OSError as error:
            raise self._failure(str(error)) from error
        stop_orphan(
            self._pid_file,
            program=PROGRAM,
            folder=self._folder,
            signals=STOPPING_ORPHAN,
        )
        self._password = secrets.token_urlsafe(24)
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
                f"Valkey не запускается в {self._folder}: {reason}",
                f"Valkey does not start in {self._folder}: {reason}",
            )
        )
