"""Forgets answers that were kept for repeated posts, once they are a day old."""

import asyncio
import contextlib
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.idempotency import forget_old
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

PAUSE_SECONDS: Final = 3600.0


class Sweeper:
    """A background task of the api; nothing rests on when it runs.

    What is too old counts as forgotten already, whether or not it is still there.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with what has become too old meanwhile."""
        self._task = asyncio.create_task(self._run(), name="idempotency-sweeper")

    async def stop(self) -> None:
        """End the task after the sweep in hand."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.sweep()
            except (OSError, DBAPIError) as error:
                log.warning("sweep_postponed", error=str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Forget what is too old; return how many answers that were."""
        async with begin_as_system(self._engine) as work:
            return await forget_old(work, now=system_now())
