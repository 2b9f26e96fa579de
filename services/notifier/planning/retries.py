"""When a mail that was not accepted is tried again."""

from datetime import timedelta

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
MOST_ATTEMPTS = 100  # four days at the longest delay, as mail servers do (RFC 5321)


def delay_after(attempts: int) -> timedelta | None:
    """Return the pause after the given number of failed attempts; None to give up.

    It doubles from `FIRST_DELAY` up to `LONGEST_DELAY`: 10 s, 20 s, 40 s, …, 1 h.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    # Beyond the tenth doubling the longest delay has been reached.
    doubled: timedelta = FIRST_DELAY * 2 ** min(max(attempts - 1, 0), 10)
    return min(doubled, LONGEST_DELAY)
