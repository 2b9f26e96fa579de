"""How many requests callers have left, counted in Valkey for all processes together.

A window of a minute moves along with time (a sliding window counter: two figures for
each caller). High limits are taken in shares, so that a busy caller costs a question
every few requests: a thousandth of the limit at a time, which lapses after a second.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

log = structlog.stdlib.get_logger()

WINDOW_SECONDS: Final = 60
SHARES: Final = 1_000  # of a limit; a limit below is counted one by one
SHARE_SECONDS: Final = 1.0
MOST_SHARES: Final = 4_096  # that are remembered
PATIENCE_SECONDS: Final = 0.25  # for an answer, and for a connection
PAUSE_SECONDS: Final = 1.0  # after a failure nobody else waits
CONNECTIONS: Final = 16
PREFIX: Final = "podyom:rate"


@dataclass(slots=True)
class Standing:
    """Whether a caller may go on; how much is left, and in how many seconds is more."""

    is_allowed: bool
    limit: int
    remaining: int
    seconds: int


@dataclass(slots=True)
class _Share:
    """What was taken at once and may be used up without asking again."""

    limit: int
    left: int
    until: float
    remaining: int
    seconds: int

    def is_good_for(self, limit: int, now: float) -> bool:
        return self.left > 0 and self.limit == limit and now < self.until


class RateLimiter:
    """Counts requests; where Valkey does not answer, it says that it cannot tell."""

    def __init__(
        self, url: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        # It says nothing of this one in its types.
        pooled: dict[str, Any] = {"connection_pool": self._pool}
        storage = RedisStorage(
            "async+redis://", implementation="redispy", key_prefix=PREFIX, **pooled
        )
        self._windows = SlidingWindowCounterRateLimiter(storage)
        self._clock = clock
        self._shares: OrderedDict[str, _Share] = OrderedDict()
        self._away_until: float | None = None

    async def hit(self, caller: str, limit: int) -> Standing | None:
        """Count a request of the caller; `limit` is in requests a minute.

        Returns None where that cannot be told for now; nobody waits long to hear it.
        """
        now = self._clock()
        share = self._shares.get(caller)
        if share is not None and share.is_good_for(limit, now):
            share.left -= 1
            return _standing(share)
        if self._away_until is not None and now < self._away_until:
            return None
        try:
            standing = await self._ask(caller, limit, now)
        except (RedisError, OSError) as error:
            self._note_outage(now, error)
            return None
        if self._away_until is not None:
            self._away_until = None
            log.info("rate_limits_counted_again")
        return standing

    async def close(self) -> None:
        """Let the connections go."""
        await self._pool.aclose()

    async def _ask(self, caller: str, limit: int, now: float) -> Standing:
        item = RateLimitItemPerMinute(limit)
        cost = max(1, limit // SHARES)
        is_allowed = await self._windows.hit(item, caller, cost=cost)
        if not is_allowed and cost > 1:
            cost = 1
            is_allowed = await self._windows.hit(item, caller)
        window = await self._windows.get_window_stats(item, caller)
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        if not is_allowed:
            return Standing(is_allowed=False, limit=limit, remaining=0, seconds=seconds)
        share = _Share(limit, cost - 1, now + SHARE_SECONDS, window.remaining, seconds)
        if cost > 1:
            self._keep(caller, share)
        return _standing(share)

    def _keep(self, caller: str, share: _Share) -> None:
        self._shares[caller] = share
        self._shares.move_to_end(caller)
        if len(self._shares) > MOST_SHARES:
            self._shares.popitem(last=False)

    def _note_outage(self, now: float, error: Exception) -> None:
        if self._away_until is None:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            log.warning("rate_limits_not_counted", error=reason)
        self._away_until = now + PAUSE_SECONDS


def _standing(share: _Share) -> Standing:
    remaining = max(0, share.remaining + share.left)
    return Standing(
        is_allowed=True, limit=share.limit, remaining=remaining, seconds=share.seconds
    )
