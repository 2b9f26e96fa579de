"""Work that is looked for when somebody rings, and every few seconds anyway."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable

import structlog

log = structlog.stdlib.get_logger()

AFTER_FAILURE_SECONDS = 1.0


class Sweeper:
    """Repeats one round of work until told to stop; a failed round is repeated.

    A round returns whether more work is waiting, and then the next one follows at
    once. What a round leaves undone must still be found by the next.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[bool]],
        *,
        period: float,
        outages: tuple[type[Exception], ...],
    ) -> None:
        """Sweep every `period` seconds; `outages` are logged without a trace."""
        self._name = name
        self._work = work
        self._period = period
        self._outages = outages
        self._rung = asyncio.Event()
        self._is_stopping = False

    def ring(self) -> None:
        """Say that there may be work now."""
        self._rung.set()

    def stop(self) -> None:
        """End after the present round."""
        self._is_stopping = True
        self._rung.set()

    async def run(self) -> None:
        """Work until `stop`; the first round comes at once."""
        while not self._is_stopping:
            self._rung.clear()
            name = f"{self._name}-{uuid.uuid4().hex[:12]}"
            with structlog.contextvars.bound_contextvars(job_id=name):
                pause = await self._round()
            if pause is not None and not self._is_stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), pause)

    async def _round(self) -> float | None:
        """Work once; return the seconds until the next time, None if more waits."""
        try:
            return None if await self._work() else self._period
        except self._outages as error:
            log.warning("sweep_postponed", sweep=self._name, error=type(error).__name__)
        except Exception:  # the sweep outlives any single failure
            log.exception("sweep_failed", sweep=self._name)
        return AFTER_FAILURE_SECONDS
