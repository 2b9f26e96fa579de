"""Who enters results is heard, and whoever computes waits for a pause."""

import asyncio

from services.scoring.entering import QUIET_SECONDS, Entering

MUNICIPALITY, OTHER = 7, 8


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_what_came_after_the_last_look_is_more_at_once() -> None:
    entering = Entering()
    looked_at = now() - 1.0
    entering.hear(MUNICIPALITY)

    assert await entering.more(MUNICIPALITY, looked_at)


async def test_what_the_last_look_saw_is_not_more_but_is_waited_after() -> None:
    entering = Entering()
    entering.hear(MUNICIPALITY)
    heard_at = now()

    assert not await entering.more(MUNICIPALITY, heard_at)
    assert now() >= heard_at + QUIET_SECONDS - 0.05


async def test_more_during_the_pause_ends_it() -> None:
    entering = Entering()
    entering.hear(MUNICIPALITY)
    waiting = asyncio.create_task(entering.more(MUNICIPALITY, now()))
    await asyncio.sleep(0)
    entering.hear(OTHER)
    await asyncio.sleep(0)
    assert not waiting.done()

    entering.hear(MUNICIPALITY)

    assert await waiting
