"""Servers that outlived their launcher: found, and stopped before a new start."""

import contextlib
import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from shared.domain.errors import Text
from shared.runtime.embedded.errors import EmbeddedServerError, FolderInUseError
from shared.runtime.embedded.processes import wait_until

PROC = Path("/proc")


@contextlib.contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold a folder for one launcher; the system frees it whatever way that ends.

    Raises:
        FolderInUseError: Another launcher that is still running holds it.
    """
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(
                Text(
                    f"Папка {lock.parent} занята: её сервер уже запущен другой"
                    " программой. Остановите её или укажите другую папку.",
                    f"The folder {lock.parent} is in use: its server has already been"
                    " started by another program. Stop that one or choose another"
                    " folder.",
                )
            ) from None
        yield


def serves(pid: int, *, program: str, folder: Path) -> bool:
    """Tell whether a process is the given server, at work on the given folder.

    A number that was given to another process since, and a dead process that nobody
    has collected, are not.
    """
    if PROC.is_dir():
        try:
            command = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")[0]
            at_work_in = (PROC / str(pid) / "cwd").readlink()
        except OSError:
            return False
        return Path(os.fsdecode(command)).name == program and at_work_in == folder
    listed = subprocess.run(  # noqa: S603 - a number is all we add
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607 - its usual name
        check=False,
        capture_output=True,
    ).stdout
    return program.encode() in listed and os.fsencode(folder) in listed


def read_pid(path: Path) -> int | None:
    """Return the process number in a pid file's first line, if there is one."""
    try:
        return int(path.read_text("utf-8", "replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def stop_orphan(
    pid_file: Path,
    *,
    program: str,
    folder: Path,
    signals: tuple[tuple[signal.Signals, float], ...],
) -> None:
    """Stop the server that the pid file names, if it is still at work on the folder.

    Only for the holder of the folder's lock: then no launcher owns that server. A pid
    file whose process is anything else is removed, since its number may have been
    given to a stranger for whom the server would wait.

    Raises:
        EmbeddedServerError: The server cannot be stopped.
    """
    pid = read_pid(pid_file)
    if pid is None:
        return

    def is_gone() -> bool:
        return not serves(pid, program=program, folder=folder)

    for number, seconds in signals:
        if is_gone():
            break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
        wait_until(is_gone, seconds=seconds)
    if not is_gone():
        raise EmbeddedServerError(
            Text(
                f"В папке {folder} работает {program} (процесс {pid}), оставшийся от"
                f" прежнего запуска. Остановите его: kill {pid}",
                f"A {program} left by an earlier start (process {pid}) is at work on"
                f" {folder}. Stop it: kill {pid}",
            )
        )
    pid_file.unlink(missing_ok=True)
