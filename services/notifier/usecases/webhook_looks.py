"""A last look at calls of endpoints, once connected and before anything is sent."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from services.notifier.repository import webhook_queue as queue
from services.notifier.repository.webhook_queue import OwedEvent
from shared.domain.webhook_keys import Scheme
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

Keys = Sequence[tuple[Scheme, str]]


class CallOvertakenError(Exception):
    """The endpoint is another than it was, or wants no call: nothing was sent."""


@dataclass(slots=True, eq=False)
class HeldCall:
    """A call as it was taken: what of, held until when, signed by which keys."""

    owed: OwedEvent
    until: datetime
    keys: Keys = field(repr=False)
    stands: bool = False


@dataclass(slots=True)
class LastLooks:
    """Looks at calls; those that come while one look is on share the next."""

    engine: Database
    _waiting: list[HeldCall] = field(default_factory=list)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self, call: HeldCall) -> None:
        """Return if the call is still to be made as it was taken.

        Otherwise it is given back, to be taken anew or to wait. While the database is
        away nothing is sent: the lease runs out.

        Raises:
            CallOvertakenError: it is not to be made.
        """
        self._waiting.append(call)
        try:
            async with self._looking:
                if call in self._waiting:
                    batch, self._waiting = self._waiting, []
                    await self._look(batch)
        finally:
            if call in self._waiting:
                self._waiting.remove(call)
        if not call.stands:
            raise CallOvertakenError

    async def _look(self, calls: Sequence[HeldCall]) -> None:
        try:
            async with begin_as_system(self.engine) as work:
                standing = await _standing(work, calls)
                for call in calls:
                    if call not in standing:
                        await queue.give_back(work, call.owed.id, until=call.until)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("look_failed", error=type(error).__name__)
        else:
            for call in standing:
                call.stands = True


async def _standing(work: Work, calls: Sequence[HeldCall]) -> list[HeldCall]:
    """Return the calls that are as they were taken, by what is committed now."""
    at = system_now()
    held = [(call.owed.id, call.until) for call in calls]
    urls = await queue.read_standing(work, held, at=at)
    keys: defaultdict[int, list[tuple[Scheme, str]]] = defaultdict(list)
    ids = [call.owed.endpoint_id for call in calls]
    for endpoint_id, scheme, secret in await queue.read_keys(work, ids, at=at):
        keys[endpoint_id].append((scheme, secret))
    return [
        call
        for call in calls
        if urls.get(call.owed.id) == call.owed.url
        and keys[call.owed.endpoint_id] == [*call.keys]
    ]
