"""A Valkey of our own, from the program of a wheel."""

import os
import secrets
import signal
from pathlib import Path

from shared.runtime.embedded.cluster import server_environment
from shared.runtime.embedded.installation import valkey_server
from shared.runtime.embedded.orphans import exclusive, stop_orphan
from shared.runtime.embedded.ports import LOOPBACK, answers, free_port
from shared.runtime.embedded.processes import Launch, start
from shared.runtime.embedded.server import EmbeddedServer

STOPPING_ORPHAN = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0))
PROGRAM = "valkey-server"


class EmbeddedValkey(EmbeddedServer):
    """A Valkey that appends every write to a file and reads it again at its start.

    The last second may be lost, since PostgreSQL, not the queue, is the book.
    """

    name = "valkey"
    title = "Valkey"
    patience = 30.0
    stopping = ((signal.SIGTERM, 1.0), (signal.SIGKILL, 0.5))

    @property
    def url(self) -> str:
        """Return the address, with the password; valid once entered."""
        return f"redis://:{self._password}@{LOOPBACK}:{self._port}/0"

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

    def is_ready(self) -> bool:
        """Tell whether the server takes connections."""
        return self.exit_status() is None and answers(LOOPBACK, self._port)

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

    def _clear_away(self) -> None:
        self._pid_file.unlink(missing_ok=True)

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
