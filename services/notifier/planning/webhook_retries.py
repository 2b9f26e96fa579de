"""When an event that was not accepted is tried again, and when an endpoint is given up.

The schedule is the one that Standard Webhooks recommends.
"""

from datetime import timedelta
from typing import Final

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER: Final = 0.2  # of the pause, half of it either way
LONGEST_WISH: Final = timedelta(days=1)
DISABLED_AFTER: Final = timedelta(days=5)


def pause_after(
    attempts: int, *, chance: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """Return the pause after so many failed attempts; None after the tenth.

    Without jitter the ten attempts take 75 hours and 35 minutes. `chance`, from 0 to
    1, keeps what failed together from coming back together. What the other side asks
    for is kept, up to `LONGEST_WISH`.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[max(attempts, 1) - 1] * (1 - JITTER / 2 + JITTER * chance)
    if retry_after is None:
        return pause
    return max(pause, min(retry_after, LONGEST_WISH))
