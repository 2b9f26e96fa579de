"""A PostgreSQL of our own, from the programs of a wheel."""

import signal
from collections.abc import Mapping
from pathlib import Path

from shared.runtime.embedded.cluster import (
    DATABASE,
    USER,
    ClusterFiles,
    read_password,
)
from shared.runtime.embedded.installation import postgres_programs, server_account
from shared.runtime.embedded.orphans import exclusive, stop_orphan
from shared.runtime.embedded.ports import LOOPBACK, free_port
from shared.runtime.embedded.processes import start
from shared.runtime.embedded.server import EmbeddedServer

# One that was left behind may have more to do than one that we stop in time.
STOPPING_ORPHAN = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0))
STATUS_LINE = 7


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL that makes its cluster when first started.

    `url` names a database owned by a superuser. Committed rows survive the end of the
    server, the launcher or the machine, in any way.
    """

    name = "postgres"
    title = "PostgreSQL"
    patience = 60.0
    # Fast shutdown, then immediate: the write-ahead log mends what that leaves.
    stopping = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 0.5))

    def __init__(
        self,
        folder: Path,
        *,
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, log=log)
        self._settings = dict(settings or {})

    @property
    def url(self) -> str:
        """Return the address, with the password; valid once entered."""
        return (
            f"postgresql://{USER}:{self._password}@{LOOPBACK}:{self._port}/{DATABASE}"
        )

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

    def is_ready(self) -> bool:
        """Tell whether this very process, not an earlier one, takes connections."""
        try:
            lines = (self._files.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
        return ready and lines[0] == str(self.pid)

    def _clear_away(self) -> None:
        """Leave it to PostgreSQL, which removes its own file."""

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
