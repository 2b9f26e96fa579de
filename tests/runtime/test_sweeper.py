"""Rounds of work: at once, when rung, after failures, until stopped."""

import asyncio
from collections.abc import Callable

from shared.runtime.sweeper import Sweeper

LONG = 3600.0  # seconds; no test waits for it


class Rounds:
    """Counts rounds and does in each what the test says."""

    def __init__(self, act: Callable[[int], bool]) -> None:
        self.count = 0
        self.done = asyncio.Event()
        self._act = act

    async def __call__(self) -> bool:
        """Work one round."""
        self.count += 1
        self.done.set()
        return self._act(self.count)


def sweeper(rounds: Rounds, *, period: float = LONG) -> Sweeper:
    return Sweeper("test", rounds, period=period, outages=(OSError,))


async def test_it_begins_at_once_and_goes_on_while_work_is_waiting() -> None:
    def stop_at_fifth(count: int) -> bool:
        if count == 5:
            sweep.stop()
        return count < 5

    rounds = Rounds(stop_at_fifth)
    sweep = sweeper(rounds)
    await sweep.run()
    assert rounds.count == 5


async def test_a_ring_starts_a_round_even_if_it_came_during_another() -> None:
    def ring_once(count: int) -> bool:
        if count == 1:
            sweep.ring()
        else:
            sweep.stop()
        return False

    rounds = Rounds(ring_once)
    sweep = sweeper(rounds)
    await sweep.run()
    assert rounds.count == 2


async def test_it_looks_again_without_a_ring() -> None:
    def stop_at_third(count: int) -> bool:
        if count == 3:
            sweep.stop()
        return False

    rounds = Rounds(stop_at_third)
    sweep = sweeper(rounds, period=0.01)
    await sweep.run()
    assert rounds.count == 3


async def test_a_failed_round_is_repeated_whatever_failed() -> None:
    def fail_twice(count: int) -> bool:
        sweep.ring()  # else the next round waits a moment
        if count == 1:
            raise ConnectionRefusedError
        if count == 2:
            raise KeyError("a mistake of ours")
        sweep.stop()
        return False

    rounds = Rounds(fail_twice)
    sweep = sweeper(rounds)
    await sweep.run()
    assert rounds.count == 3


async def test_a_stop_ends_a_sweep_that_waits() -> None:
    rounds = Rounds(lambda _count: False)
    sweep = sweeper(rounds)
    task = asyncio.create_task(sweep.run())
    await rounds.done.wait()
    sweep.stop()
    await task
    assert rounds.count == 1
