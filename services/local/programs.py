"""One of our own processes, as the launcher starts and stops it."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.local.errors import FailedProcessError
from shared.domain.errors import Text
from shared.runtime.embedded.processes import Launch, last_lines, start, stop

ROOT = Path(__file__).resolve().parents[2]
LARGEST_LOG = 10_000_000  # bytes; a longer one makes room at the next start
POLL_SECONDS = 0.05


@dataclass(kw_only=True)
class Program:
    """A command that runs in the checkout's root, with its output in a log."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(repr=False)
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Return the process number; 0 before the first start."""
        return self._child.pid if self._child else 0

    def start(self) -> None:
        """Start the process with room in its log."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.launch()

    def launch(self) -> None:
        """Start the process, again after it ended.

        Raises:
            FailedProcessError: It cannot be started.
        """
        launch = Launch(
            command=self.command,
            folder=ROOT,
            log=self.log,
            environment=self.environment,
        )
        try:
            self._child = start(launch)
        except OSError as error:
            raise FailedProcessError(
                Text(
                    f"{self.name}: процесс не запускается: {error}",
                    f"{self.name}: the process does not start: {error}",
                )
            ) from error

    def exit_status(self) -> int | None:
        """Return the exit status of an ended process; nothing while it runs."""
        return self._child.poll() if self._child else 0

    def ask_to_stop(self) -> None:
        """Let the process finish what it does; do not wait for it."""
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Kill what is left of the process and its children."""
        if self._child is not None:
            stop(self._child, (signal.SIGKILL, 1.0))
            self._child = None


def run_to_end(program: Program, *, meanwhile: Callable[[], None]) -> None:
    """Run a program that is to end by itself, calling `meanwhile` while it works.

    Raises:
        FailedProcessError: It ended with a failure; its last lines are the reason.
    """
    program.log.unlink(missing_ok=True)
    try:
        program.start()
        status = wait_for_end(program, meanwhile=meanwhile)
    finally:
        program.stop()
    if status != 0:
        tail = last_lines(program.log)
        raise FailedProcessError(
            Text(
                f"{program.name}: ошибка (код {status}), конец {program.log}:\n{tail}",
                f"{program.name} failed (exit code {status}), the end of"
                f" {program.log}:\n{tail}",
            )
        )


def wait_for_end(program: Program, *, meanwhile: Callable[[], None]) -> int:
    """Wait for the end of a program that was started; return its exit status."""
    while (status := program.exit_status()) is None:
        meanwhile()
        time.sleep(POLL_SECONDS)
    return status
