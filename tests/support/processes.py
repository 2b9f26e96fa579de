"""Looking at the processes of this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from shared.runtime.embedded.processes import wait_until

ROOT = Path(__file__).resolve().parents[2]
BOUND = 30.0  # seconds; generous, since the machine may be busy


def eventually(condition: Callable[[], bool]) -> bool:
    """Tell whether the condition comes true in bounded time."""
    return wait_until(condition, seconds=BOUND)


def is_running(pid: int) -> bool:
    """Tell whether the process does anything still."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_hard(pid: int) -> None:
    """Kill the process as the system does that runs out of memory."""
    os.kill(pid, signal.SIGKILL)


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a Python program in the checkout's root; its output can be read."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
