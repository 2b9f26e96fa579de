"""When a message that was not accepted is tried again, and a server that is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_WISH = timedelta(days=1)
LARGEST_CUT = 0.25  # of the pause
FIRST_LOOK = timedelta(seconds=5)  # for a server that is away
LONGEST_LOOK = timedelta(minutes=2)
MOST_ATTEMPTS = 100  # four days at the longest delay, as mail servers do (RFC 5321)


def delay_after(
    attempts: int, *, chance: float, retry_after: timedelta | None = None
) -> timedelta | None:
    """Return the pause after the given number of failed attempts; None to give up.

    It doubles from `FIRST_DELAY` up to `LONGEST_DELAY`: 10 s, 20 s, 40 s, …, 1 h. Of
    that, up to a quarter is taken away by `chance`, from 0 to 1, so that what failed
    together does not come back together. What the other side asks for is kept, up to
    `LONGEST_WISH`.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    # Beyond the tenth doubling the longest delay has been reached.
    doubled: timedelta = FIRST_DELAY * 2 ** min(max(attempts - 1, 0), 10)
    delay = min(doubled, LONGEST_DELAY) * (1 - LARGEST_CUT * chance)
    if retry_after is None:
        return delay
    return max(delay, min(retry_after, LONGEST_WISH))


@dataclass(slots=True)
class Away:
    """Until when a server that was found away is left alone.

    It is looked for after 5 s, 10 s, 20 s, …, 2 min: whoever waits for mail does not
    wait much longer than the server needs.
    """

    tries: int = 0
    until: datetime | None = None

    def lasts_at(self, now: datetime) -> bool:
        """Tell whether it is too early to look again."""
        return self.until is not None and now < self.until

    def was_met(self, now: datetime) -> None:
        """Note that it was away now."""
        # Beyond the fifth doubling the longest pause has been reached.
        pause = min(FIRST_LOOK * 2 ** min(self.tries, 5), LONGEST_LOOK)
        self.tries += 1
        self.until = now + pause

    def is_over(self) -> None:
        """Note that it is there."""
        self.tries, self.until = 0, None
