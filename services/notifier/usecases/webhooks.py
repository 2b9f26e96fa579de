"""Delivering events to the endpoints of other systems.

A process that dies leaves its leases to run out, and another then sends under the same
id: an event is delivered at least once.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import httpx
import structlog

from services.notifier.channels.couriers import DeliveryError
from services.notifier.channels.event_bodies import body_of
from services.notifier.channels.posting import SECONDS, Answer, calling, post
from services.notifier.channels.signatures import SigningKey, signed_headers
from services.notifier.planning.webhook_retries import DISABLED_AFTER
from services.notifier.repository import webhook_handing as handing
from services.notifier.repository import webhook_outcomes as outcomes
from services.notifier.repository import webhook_queue as queue
from services.notifier.repository.webhook_outcomes import Call
from services.notifier.usecases.webhook_calls import ended, forgotten
from services.notifier.usecases.webhook_looks import (
    CallOvertakenError,
    HeldCall,
    LastLooks,
)
from shared.domain.webhook_keys import Scheme
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

LEASE: Final = timedelta(seconds=60)
MOST_AT_ONCE: Final = 64
MOST_OF_ENDPOINT: Final = 4
AGAIN_SECONDS: Final = 0.5
FORGET_EVERY: Final = timedelta(hours=1)

Keys = dict[int, list[tuple[Scheme, str]]]


@dataclass(slots=True)
class WebhookRoom:
    """Calls endpoints, many at once and few of each, until `is_stopping`.

    `ring` is called when a call has ended, since another may then be made.
    """

    engine: Database
    allows_private: bool = False
    seconds: float = SECONDS
    ring: Callable[[], None] = lambda: None
    is_stopping: bool = False
    _flights: set[asyncio.Task[None]] = field(default_factory=set)
    _ended: list[Call] = field(default_factory=list)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _client: httpx.AsyncClient | None = None
    _forgets_at: datetime | None = None
    _looks: LastLooks = field(init=False)

    def __post_init__(self) -> None:
        self._looks = LastLooks(self.engine)

    async def round(self) -> bool:
        """Hand out what is new, and call where it is due; tell whether there is more.

        It does not wait for the calls.
        """
        at = system_now()
        async with begin_as_system(self.engine) as work:
            is_full = await handing.hand_out(work, at=at)
            await handing.settle(work, at=at)
            await handing.replay(work, at=at)
            if self._forgets_at is None or self._forgets_at <= at:
                await queue.forget(work, at=at)
                self._forgets_at = at + FORGET_EVERY
        return await self._take(at) or is_full

    async def _take(self, at: datetime) -> bool:
        free = MOST_AT_ONCE - len(self._flights)
        if free <= 0 or self.is_stopping:
            return False
        until = at + LEASE
        async with begin_as_system(self.engine) as work:
            owed = await queue.take(
                work, at=at, until=until, most=MOST_OF_ENDPOINT, limit=free
            )
            found = await queue.read_keys(
                work, [each.endpoint_id for each in owed], at=at
            )
        keys: Keys = defaultdict(list)
        for endpoint_id, scheme, secret in found:
            keys[endpoint_id].append((scheme, secret))
        for each in owed:
            held = HeldCall(each, until, keys[each.endpoint_id])
            flight = asyncio.create_task(self._deliver(held))
            self._flights.add(flight)
            flight.add_done_callback(self._land)
        return False

    def _land(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled() and (error := flight.exception()):
            log.error("webhook_unrecorded", error=type(error).__name__)
        self.ring()

    async def _deliver(self, held: HeldCall) -> None:
        started_at = system_now()
        owed, until = held.owed, held.until
        if owed.note is None:
            self._ended.append(forgotten(owed, until, started_at))
        else:
            try:
                result = await self._call(held, body_of(owed.note))
            except CallOvertakenError:
                return
            chance = random.random()  # noqa: S311 (spreads load, guards nothing)
            self._ended.append(ended(owed, until, started_at, result, chance=chance))
        await self._record()

    async def _call(self, held: HeldCall, body: str) -> Answer | DeliveryError:
        owed = held.owed
        keys = [SigningKey(scheme, secret) for scheme, secret in held.keys]
        headers = signed_headers(owed.webhook_id, body, keys, at=system_now())
        try:
            async with asyncio.timeout(self.seconds):
                return await post(
                    await self._connected(),
                    owed.url,
                    body,
                    headers,
                    allows_private=self.allows_private,
                    before=partial(self._looks.look, held),
                )
        except CallOvertakenError:
            raise
        except DeliveryError as error:
            return error
        except TimeoutError:
            return DeliveryError(f"no answer within {self.seconds:g} s")
        except Exception as error:  # one endpoint never stops the others
            log.exception("webhook_failed", number=owed.number)
            return DeliveryError(type(error).__name__)

    async def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            opening = calling(MOST_AT_ONCE)
            self._client = await self._open.enter_async_context(opening)
        return self._client

    async def _record(self) -> None:
        """Write all calls that have ended by now, however long the database is away."""
        async with self._writing:
            batch, self._ended = self._ended, []
            while batch:
                try:
                    async with begin_as_system(self.engine) as work:
                        await outcomes.record(
                            work, batch, disabled_after=DISABLED_AFTER
                        )
                except Exception as error:
                    if not is_outage(error):
                        raise
                    log.warning("record_postponed", error=type(error).__name__)
                    await asyncio.sleep(AGAIN_SECONDS)
                else:
                    return

    async def idle(self) -> None:
        """Return once the calls in hand have ended and are written."""
        while self._flights:
            await asyncio.wait(self._flights)

    async def close(self) -> None:
        """End the calls in hand; what they were is tried again after their leases."""
        for flight in self._flights:
            flight.cancel()
        await asyncio.gather(*self._flights, return_exceptions=True)
        await self._open.aclose()
        self._client = None
