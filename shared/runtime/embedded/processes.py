"""Child processes that do not outlive the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the operating system that a server runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a child is started.

    `folder` is its working directory, `log` the file that its output is appended to,
    `given` what it reads from its standard input, `death_signal` what Linux sends it
    when its parent is gone. Without an `account` it runs as the parent does.
    """

    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(repr=False)
    account: Account | None = None
    given: bytes = field(default=b"", repr=False)
    death_signal: signal.Signals = signal.SIGKILL


def start(launch: Launch) -> subprocess.Popen[bytes]:
    """Start a child in its own session, tied to the life of this process.

    Linux sends the death signal when the *thread* that forked ends, so only the main
    thread may call this. Elsewhere a child of a killed parent stays until the next
    start finds it.

    Raises:
        RuntimeError: From a thread other than the main one.
        OSError: The program, its folder or its log cannot be used.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("A child must be started from the main thread.")
    account = launch.account
    with launch.log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 - the commands are our own
            launch.command,
            cwd=launch.folder,
            env=dict(launch.environment),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_tie(launch.death_signal),  # noqa: PLW1509 - main thread only
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(launch.given)
            child.stdin.close()
    return child


def stop(
    child: subprocess.Popen[bytes], *steps: tuple[signal.Signals, float]
) -> int | None:
    """Send each signal in turn and wait its seconds; in the end kill the whole group.

    Returns the exit status; nothing if even a killed child does not go.
    """
    for number, seconds in steps:
        if child.poll() is None:
            child.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(1)
    return child.returncode


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent ends."""
    _tie(death_signal, parent=os.getppid())()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll a condition; the answer is whether it came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


def last_lines(log: Path, *, count: int = 12) -> str:
    """Return the end of a log file; nothing if there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-count:])


def _tie(
    death_signal: signal.Signals, *, parent: int | None = None
) -> Callable[[], None]:
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None).prctl
    expected = os.getpid() if parent is None else parent

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != expected:
            os.kill(os.getpid(), death_signal)

    return tie
