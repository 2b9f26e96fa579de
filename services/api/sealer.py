"""Puts the entries of the audit into their chains, soon after they are committed.

Were the chain part of the change's own transaction, all writers of a municipality
would wait for each other. So an entry is committed with its change, and its seal
follows within seconds.
"""

import asyncio
import contextlib

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.audit_chain import seal_batch
from shared.persistence.work import begin_as_system

log = structlog.stdlib.get_logger()

BATCH = 5000
EVERY_SECONDS = 2.0


class Sealer:
    """A background task of the api; of several processes one seals at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for unsealed entries every few seconds."""
        self._task = asyncio.create_task(self._run(), name="sealer")

    async def stop(self) -> None:
        """End the task after its batch; what remains is sealed after the next start."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), EVERY_SECONDS)
                return
            try:
                await self.seal_all()
            except (ConnectionError, OSError, DBAPIError) as error:
                log.warning("sealing_postponed", error=type(error).__name__)

    async def seal_all(self) -> int:
        """Seal what is unsealed until it is done or the task is to end."""
        sealed = 0
        while not self._stopping.is_set():
            async with begin_as_system(self._engine) as work:
                batch = await seal_batch(work, BATCH)
            sealed += batch
            if batch < BATCH:
                break
        return sealed
