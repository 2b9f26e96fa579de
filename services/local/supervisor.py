"""Keeps the processes of the system running until it is told to stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, Protocol

from services.local.errors import FailedProcessError
from shared.domain.errors import Text
from shared.runtime.embedded.processes import last_lines, wait_until

POLL_SECONDS = 0.05


class Supervised(Protocol):
    """A process that can be started again."""

    name: str
    log: Path

    def start(self) -> None:
        """Start it for the first time, and wait until others may use it."""

    def launch(self) -> None:
        """Start its process again, and do not wait."""

    def exit_status(self) -> int | None:
        """Return the exit status of an ended process; nothing while it runs."""

    def ask_to_stop(self) -> None:
        """Tell it to stop, and do not wait."""

    def stop(self) -> None:
        """Stop it by force where need be; harmless if it has stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How deaths are answered; seconds.

    A death within `quick` of the start follows the last one with a pause twice as
    long, from `first_pause` to `longest_pause`; after `deaths` of them in a row the
    whole system gives up.
    """

    quick: float = 10.0
    first_pause: float = 0.2
    longest_pause: float = 8.0
    deaths: int = 8

    def pause(self, quick_deaths: int) -> float:
        """Return the pause before the next start.

        Example:
            0.2, 0.4, 0.8 after the first, second and third quick death.
        """
        doubled: float = self.first_pause * 2 ** max(0, quick_deaths - 1)
        return min(self.longest_pause, doubled)


@dataclass(slots=True)
class _Watched:
    process: Supervised
    started: float
    quick_deaths: int = 0
    due: float | None = None


@dataclass(slots=True)
class _Group:
    grace: float
    watched: list[_Watched] = field(default_factory=list)


class Supervisor:
    """Starts groups of processes, restarts what dies, stops them in reverse order."""

    def __init__(
        self, *, say: Callable[[Text], None], patience: Patience | None = None
    ) -> None:
        self._say = say
        self._patience = patience or Patience()
        self._groups: list[_Group] = []

    def start(self, *processes: Supervised, grace: float) -> None:
        """Start a group, which at its stop has `grace` seconds to end by itself."""
        group = _Group(grace)
        self._groups.append(group)
        for process in processes:
            watched = _Watched(process, time.monotonic())
            group.watched.append(watched)
            process.start()
            watched.started = time.monotonic()

    def check(self) -> None:
        """Start again what has died, each after its pause.

        Raises:
            FailedProcessError: One dies again and again.
        """
        for group in self._groups:
            for watched in group.watched:
                self._check(watched, now=time.monotonic())

    def watch(self) -> NoReturn:
        """Check for ever.

        Raises:
            FailedProcessError: One dies again and again.
        """
        while True:
            self.check()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop the groups, the last started first; inside a group all at once."""
        while self._groups:
            group = self._groups.pop()
            processes = [watched.process for watched in group.watched]
            for process in processes:
                process.ask_to_stop()
            wait_until(lambda: not _running(processes), seconds=group.grace)  # noqa: B023 - called in this turn only
            for process in processes:
                process.stop()

    def _check(self, watched: _Watched, *, now: float) -> None:
        status = watched.process.exit_status()
        if status is None:
            return
        if watched.due is None:
            self._note_death(watched, status=status, now=now)
        elif now >= watched.due:
            watched.process.launch()
            watched.started, watched.due = now, None

    def _note_death(self, watched: _Watched, *, status: int, now: float) -> None:
        was_quick = now - watched.started < self._patience.quick
        watched.quick_deaths = watched.quick_deaths + 1 if was_quick else 1
        process = watched.process
        if watched.quick_deaths >= self._patience.deaths:
            raise _given_up(process, deaths=watched.quick_deaths)
        pause = self._patience.pause(watched.quick_deaths)
        watched.due = now + pause
        self._say(
            Text(
                f"{process.name}: процесс завершился (код {status}), новый запуск"
                f" через {pause:.1f} с",
                f"{process.name} ended (exit code {status}), starting it again in"
                f" {pause:.1f} s",
            )
        )


def _running(processes: list[Supervised]) -> bool:
    return any(process.exit_status() is None for process in processes)


def _given_up(process: Supervised, *, deaths: int) -> FailedProcessError:
    tail = last_lines(process.log)
    return FailedProcessError(
        Text(
            f"{process.name}: {deaths} раз подряд завершился сразу после запуска,"
            f" конец {process.log}:\n{tail}",
            f"{process.name} ended {deaths} times in a row soon after its start, the"
            f" end of {process.log}:\n{tail}",
        )
    )
