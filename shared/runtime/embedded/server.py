"""What the embedded servers have in common: how one is started, watched and stopped."""

import contextlib
import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError
from shared.runtime.embedded.processes import last_lines, stop, wait_until

Steps = tuple[tuple[signal.Signals, float], ...]


class EmbeddedServer(ABC):
    """A server that lives in a folder and as long as this object is entered.

    It listens on 127.0.0.1 with a password and with a port that stays the same over
    restarts. Usable from the main thread only (see `processes.start`).
    """

    name: str
    title: ClassVar[str]  # as people call it
    patience: ClassVar[float]  # seconds until it has to be ready
    stopping: ClassVar[Steps]  # signals, and the seconds that each is given

    def __init__(self, folder: Path, *, log: Path | None = None) -> None:
        # The real path, since that is what the system calls a server's folder.
        self._folder = folder.resolve()
        self.log = (log or folder / f"{self.name}.log").absolute()
        self._child: subprocess.Popen[bytes] | None = None
        self._held = contextlib.ExitStack()
        self._port = 0
        self._password = ""

    @property
    @abstractmethod
    def url(self) -> str:
        """Return the address, with the password; valid once entered."""

    @property
    def pid(self) -> int:
        """Return the number of the server's first process; 0 before it started."""
        return self._child.pid if self._child else 0

    def __enter__(self) -> Self:
        """Start the server, as `start` does."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server and give the folder free."""
        self.stop()

    def start(self) -> None:
        """Prepare the folder, start the server and wait until it is ready.

        Raises:
            EmbeddedServerError: It cannot be started; the message says why.
        """
        with contextlib.ExitStack() as undo:
            undo.callback(self.stop)
            self._prepare()
            self.launch()
            self._wait_until_ready()
            undo.pop_all()

    @abstractmethod
    def launch(self) -> None:
        """Start the server's process, again on the same port; do not wait for it."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether this very process, not an earlier one, takes connections."""

    def exit_status(self) -> int | None:
        """Return the exit status of an ended server; nothing while it runs."""
        return self._child.poll() if self._child else 0

    def ask_to_stop(self) -> None:
        """Tell the server to shut down, and do not wait for it."""
        if self._child is not None:
            self._child.send_signal(self.stopping[0][0])

    def stop(self) -> None:
        """Shut the server down, giving no time to its clients; harmless if it is."""
        if self._child is not None:
            stop(self._child, *self.stopping)
            self._child = None
            self._clear_away()
        self._held.close()

    @abstractmethod
    def _prepare(self) -> None:
        """Make the folder ready, alone in it, and choose port and password."""

    @abstractmethod
    def _clear_away(self) -> None:
        """Remove what tells of a running server, while the folder is still held."""

    def _wait_until_ready(self) -> None:
        ended = wait_until(
            lambda: self.is_ready() or self.exit_status() is not None,
            seconds=self.patience,
        )
        if not ended or self.exit_status() is not None:
            raise self._failure(last_lines(self.log))

    def _failure(self, reason: str) -> EmbeddedServerError:
        return EmbeddedServerError(
            Text(
                f"{self.title} не запускается в {self._folder}: {reason}",
                f"{self.title} does not start in {self._folder}: {reason}",
            )
        )
