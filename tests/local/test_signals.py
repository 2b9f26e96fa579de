"""A wish to stop is heard wherever it comes, and heard once."""

import signal
import subprocess
import sys

from tests.support.processes import ROOT

SECONDS = 20

# The signal comes while Python runs a finalizer, where exceptions are ignored.
IN_A_FINALIZER = """
import sys, time
from services.local.signals import StopRequested, stop_on_signals

class Slow:
    def __del__(self):
        print("finalizing", flush=True)
        time.sleep(0.6)

stop_on_signals()
sys.unraisablehook = lambda ignored: print("ignored", flush=True)
try:
    thing = Slow()
    del thing
    time.sleep(30)
except StopRequested:
    print("heard", flush=True)
"""

# More signals come while the first is being obeyed.
WHILE_CLEANING_UP = """
import time
from services.local.signals import StopRequested, stop_on_signals

stop_on_signals()
try:
    try:
        print("waiting", flush=True)
        time.sleep(30)
    finally:
        print("cleaning", flush=True)
        time.sleep(1)
        print("cleaned", flush=True)
except StopRequested:
    print("heard", flush=True)
"""


def outcome_of(script: str, *signals_after: str) -> list[str]:
    """Run a script and send SIGTERM after each of these lines; return all lines."""
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.strip() in signals_after:
                process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
    return lines


def test_a_signal_amid_a_finalizer_is_not_lost() -> None:
    assert outcome_of(IN_A_FINALIZER, "finalizing") == [
        "finalizing",
        "ignored",
        "heard",
    ]


def test_a_second_signal_does_not_interrupt_the_cleaning_up() -> None:
    lines = outcome_of(WHILE_CLEANING_UP, "waiting", "cleaning")
    assert lines == ["waiting", "cleaning", "cleaned", "heard"]
