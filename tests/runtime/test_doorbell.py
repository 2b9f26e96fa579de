"""Listening to a queue."""

import asyncio
from typing import Any

import pytest

from shared.contracts.jobs import NOTIFIER_QUEUE, Job, JobName
from shared.runtime.doorbell import listen
from shared.runtime.queue import ArqQueue


class Bell:
    """Remembers who rang."""

    def __init__(self) -> None:
        self.rung: asyncio.Queue[int] = asyncio.Queue()

    async def remind(self, _ctx: dict[str, Any], municipality_id: int) -> None:
        """Take a job."""
        self.rung.put_nowait(municipality_id)

    def listen(self, url: str) -> asyncio.Task[None]:
        """Start listening."""
        return asyncio.create_task(
            listen(
                url,
                NOTIFIER_QUEUE,
                [(JobName.REMIND, self.remind)],
                context={},
                poll_seconds=0.02,
                job_seconds=5,
            )
        )


async def ring(url: str, municipality_id: int) -> None:
    queue = ArqQueue(url)
    job_id = f"remind:{municipality_id}"
    await queue.enqueue([Job(NOTIFIER_QUEUE, JobName.REMIND, municipality_id, job_id)])
    await queue.close()


async def test_a_job_rings(redis_url: str) -> None:
    bell = Bell()
    task = bell.listen(redis_url)
    await ring(redis_url, 7)
    async with asyncio.timeout(30):
        # What other tests have left in the queue rings too.
        while await bell.rung.get() != 7:
            pass
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
