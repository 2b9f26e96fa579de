"""How a service begins and ends: a clear line instead of a traceback, and signals."""

import asyncio
import signal
import sys

from shared.domain.errors import Text

UNUSABLE = 2  # exit code: the settings or the database do not allow a start


def refuse(text: Text) -> int:
    """Tell in one line why the program does not start; return its exit code."""
    print(f"{text.ru} / {text.en}", file=sys.stderr)  # noqa: T201 (for the person who starts it)
    return UNUSABLE


def refuse_database(error: Exception) -> int:
    """Tell that the database cannot be used; return the exit code."""
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return refuse(
        Text(
            f"База данных недоступна: {reason}",
            f"the database cannot be used: {reason}",
        )
    )


def stop_signals() -> asyncio.Event:
    """Return an event of the running loop that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
