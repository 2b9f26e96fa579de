"""Counting requests in Valkey, one by one or in shares."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest_asyncio

from shared.runtime.rate_limiter import RateLimiter


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time that it shows."""
        return self.now


@pytest_asyncio.fixture
async def limiter(redis_url: str) -> AsyncIterator[RateLimiter]:
    limiter = RateLimiter(redis_url)
    yield limiter
    await limiter.close()


async def test_a_low_limit_is_counted_one_by_one(limiter: RateLimiter) -> None:
    caller = uuid4().hex
    told = [await limiter.hit(caller, 3) for _ in range(4)]
    assert [(each.is_allowed, each.remaining) for each in told if each] == [
        (True, 2),
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    assert all(each and 1 <= each.seconds <= 60 for each in told)


async def test_a_high_limit_is_taken_in_shares_that_lapse(redis_url: str) -> None:
    clock, caller = Hand(), uuid4().hex
    one, other = RateLimiter(redis_url, clock=clock), RateLimiter(redis_url)
    left = [await one.hit(caller, 5_000) for _ in range(5)]
    assert [each.remaining for each in left if each] == [4999, 4998, 4997, 4996, 4995]
    taken = await other.hit(caller, 5_000)
    assert taken is not None
    assert taken.remaining == 4_994  # its own share is still to be used
    assert await one.hit(caller, 5_000) is not None
    clock.now += 2
    late = await one.hit(caller, 5_000)
    assert late is not None
    assert late.remaining == 5_000 - 5 - 5 - 5 - 1
    await one.close()
    await other.close()


async def test_where_nothing_answers_nobody_is_refused_and_few_ask() -> None:
    clock = Hand()
    limiter = RateLimiter("redis://127.0.0.1:1", clock=clock)
    assert [await limiter.hit("anybody", 1) for _ in range(3)] == [None] * 3
    clock.now += 2
    assert await limiter.hit("anybody", 1) is None
    await limiter.close()
