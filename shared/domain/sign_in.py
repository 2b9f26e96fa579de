"""How long a login, or an address, waits after tries to sign in that failed."""

from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)  # failed tries count for so long
TRIES_PER_LOGIN = 10
TRIES_PER_ADDRESS = 100  # a whole district may sit behind one address
FIRST_WAIT = timedelta(minutes=1)


def wait_after(failures: int, *, allowed: int) -> timedelta:
    """Return how long the next try must wait after the last of so many failed ones.

    It doubles with every failure from the last allowed one on, up to the window.

    >>> [wait_after(n, allowed=10).total_seconds() for n in (9, 10, 11, 13, 14)]
    [0.0, 60.0, 120.0, 480.0, 900.0]
    """
    if failures < allowed:
        return timedelta(0)
    # Beyond a few doublings the window is the limit in any case.
    doublings = min(failures - allowed, 10)
    return min(FIRST_WAIT * (1 << doublings), WINDOW)


def allowed_at(
    failures: int, last_failed_at: datetime | None, *, allowed: int
) -> datetime | None:
    """Return when the next try is allowed; None if nothing stands in its way."""
    if last_failed_at is None or failures < allowed:
        return None
    return last_failed_at + wait_after(failures, allowed=allowed)
