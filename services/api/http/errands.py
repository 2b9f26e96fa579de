"""Work that a request begins and that goes on after its answer."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


class Errands:
    """The errands of one process.

    `heavy` is taken by those that need much memory, so that there is one at a time.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.heavy = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Begin an errand, and return at once."""
        task = asyncio.create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until all of them are done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def break_off(self) -> None:
        """Cancel all of them, and wait until each has put its things in order."""
        # One that has not begun would not even learn that it was cancelled.
        await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await self.finish()


@asynccontextmanager
async def errands() -> AsyncIterator[Errands]:
    """Yield a place for errands; those that are left at the end are broken off."""
    begun = Errands()
    try:
        yield begun
    finally:
        await begun.break_off()
