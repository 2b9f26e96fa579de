"""How the launcher hears that it is to stop."""

import signal
import sys
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# An exception that a signal raises is lost where Python ignores exceptions, as in a
# finalizer; so it is raised again until somebody handles it.
REPEAT_SECONDS = 0.3


class StopRequested(KeyboardInterrupt):
    """Somebody asked the launcher to stop.

    A KeyboardInterrupt, since that is what event loops let through.
    """


def stop_on_signals() -> None:
    """Raise StopRequested in the main thread after the first of the signals."""
    signal.signal(signal.SIGALRM, _stop)
    for number in STOPPING:
        # Who started us with nohup wants us to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def ignore_signals() -> None:
    """Let nobody interrupt the stopping, which takes ten seconds at most."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (*STOPPING, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, REPEAT_SECONDS, REPEAT_SECONDS)
    if not _is_being_handled():
        raise StopRequested


def _is_being_handled() -> bool:
    """Tell whether what was interrupted is already cleaning up for the stop."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, StopRequested):
        error = error.__context__
    return error is not None
