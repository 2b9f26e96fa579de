"""How the launcher hears that it is to stop."""

import signal
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(KeyboardInterrupt):
    """Somebody asked the launcher to stop.

    A KeyboardInterrupt, since that is what event loops let through.
    """


def stop_on_signals() -> None:
    """Raise StopRequested in the main thread at the first of the signals."""
    for number in STOPPING:
        # Who started us with nohup wants us to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def ignore_signals() -> None:
    """Let nobody interrupt the stopping, which takes ten seconds at most."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _stop(_number: int, _frame: FrameType | None) -> None:
    ignore_signals()
    raise StopRequested
