"""Delivering messages over a channel: taken on lease, handed over, recorded at once.

A process that dies leaves its leases to run out, and another then sends with the same
key: of each courier, only the message whose acceptance was not yet recorded is
transmitted twice. What changes after a message was written and before a courier begins
with it lets it be written anew.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from services.notifier.channels.couriers import (
    Channel,
    Courier,
    DeliveryError,
    Parcel,
    Receipt,
    ServerAwayError,
    TemporaryDeliveryError,
)
from services.notifier.channels.links import LinkMaker
from services.notifier.planning.retries import Away
from services.notifier.repository import deliveries as repository
from services.notifier.repository.attempts import Attempt, record_unaddressed
from services.notifier.repository.endpoints import (
    ENDPOINTS,
    GONE,
    Endpoint,
    Owner,
    owner_of,
    read_endpoints,
    strand,
)
from services.notifier.usecases.letters import Letter
from services.notifier.usecases.recording import Recorder
from services.notifier.usecases.results import ended, unreachable
from services.notifier.usecases.taking import Taken, take
from services.notifier.usecases.traces import span_of_delivery
from services.notifier.usecases.trips import Trip
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

BATCH = 100
LEASE = timedelta(seconds=60)
MARGIN = timedelta(seconds=5)  # to record the last message before the lease runs out
RELEASE_SECONDS = 0.5


@dataclass(slots=True)
class DeliveryRoom:
    """Sends messages over one channel, batch by batch, until `is_stopping`.

    A server that is away is looked for after pauses that become longer.
    """

    engine: Database
    rules: ReminderRules
    channel: Channel
    links: LinkMaker | None = None
    is_stopping: bool = False
    _away: Away = field(default_factory=Away)
    _couriers: list[Courier] = field(default_factory=list)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def send_batch(self) -> bool:
        """Send a batch; return whether more may be waiting.

        Connections are kept from one full batch to the next.
        """
        if self._away.lasts_at(system_now()):
            return False
        until = system_now() + LEASE
        async with begin_as_system(self.engine) as work:
            taken, endpoints = await self._take(work, until)
        trip = Trip(deque(taken.letters), until, endpoints)
        goes_on = False
        try:
            await self._send(trip)
            is_left = bool(trip.waiting or trip.aside)
            goes_on = trip.reason is None and (taken.is_full or is_left)
        finally:
            left = [*trip.waiting, *trip.aside]
            await self._give_back(left, until, trip.reason)
            if not goes_on:
                await self.close()
        return goes_on

    async def _take(
        self, work: Work, until: datetime
    ) -> tuple[Taken, Mapping[Owner, Endpoint]]:
        """Take letters, and where channels of one's own lead."""
        name, at, links = self.channel.name, system_now(), self.links
        if name in ENDPOINTS:
            stranded = await strand(work, name, at=at, most=BATCH)
            await record_unaddressed(work, stranded, at=at, reason=GONE)
        taken = await take(
            work, name, self.rules, at=at, limit=BATCH, until=until, links=links
        )
        owed = [letter.owed for letter in taken.letters]
        if name not in ENDPOINTS or not owed:
            return taken, {}
        return taken, await read_endpoints(work, name, owed)

    async def close(self) -> None:
        """Take leave of the other side."""
        opened, self._open = self._open, AsyncExitStack()
        self._couriers.clear()
        await opened.aclose()

    async def _send(self, trip: Trip) -> None:
        wanted = min(self.channel.couriers, len(trip.waiting))
        while len(self._couriers) < wanted:
            opening = self.channel.courier()
            self._couriers.append(await self._open.enter_async_context(opening))
        recorder = Recorder(self.engine, trip)
        async with asyncio.TaskGroup() as group:
            for courier in self._couriers[:wanted]:
                group.create_task(self._carry(courier, trip, recorder))

    async def _carry(self, courier: Courier, trip: Trip, recorder: Recorder) -> None:
        """Hand over one message after the other."""
        least = timedelta(seconds=self.channel.seconds) + MARGIN
        while trip.waiting and trip.reason is None and not self.is_stopping:
            if trip.until - system_now() < least:
                return
            started_at = system_now()
            try:
                async with asyncio.timeout(self.channel.seconds):
                    is_new = await courier.connect()
            except (ServerAwayError, TimeoutError) as error:
                await self._note_away(trip, recorder, error, started_at)
                return
            if is_new:
                await recorder.look()  # connecting may have taken a while
                if not trip.waiting or trip.until - system_now() < least:
                    return
            # What was begun stays leased, since its fate may be unknown.
            letter = trip.waiting.popleft()
            try:
                with span_of_delivery(self.channel.name, letter.owed) as span:
                    attempt = await self._attempt(courier, letter, trip)
                    span.set_attribute("podyom.outcome", attempt.outcome)
            except ServerAwayError as error:
                trip.waiting.appendleft(letter)
                await self._note_away(trip, recorder, error, started_at)
                return
            if attempt.was_answered:
                self._away.is_over()
            await recorder.record(attempt)

    async def _note_away(
        self, trip: Trip, recorder: Recorder, error: Exception, started_at: datetime
    ) -> None:
        """Let nobody begin another letter, and log it with one that waits."""
        if trip.reason is not None or not trip.waiting:
            return
        letter = trip.waiting[0]
        attempt = unreachable(letter, error, started_at)
        trip.reason = attempt.reply
        self._away.was_met(attempt.ended_at)
        log.warning("server_refuses", channel=self.channel.name)
        await recorder.record(attempt)

    async def _attempt(self, courier: Courier, letter: Letter, trip: Trip) -> Attempt:
        """Hand one message over and tell what became of it.

        Raises:
            ServerAwayError: the server takes nothing at all now; nothing was sent.
        """
        started_at = system_now()
        endpoint = trip.endpoints.get(owner_of(letter.owed))
        result: Receipt | DeliveryError
        try:
            async with asyncio.timeout(self.channel.seconds):
                result = await courier.send(_parcel(letter, endpoint))
        except ServerAwayError:
            raise
        except DeliveryError as error:
            result = error
        except TimeoutError:
            reason = f"no answer within {self.channel.seconds:.0f} s"
            result = TemporaryDeliveryError(reason)
        except Exception as error:  # one message never stops the others
            log.exception("delivery_failed", message_id=letter.owed.id)
            result = TemporaryDeliveryError(type(error).__name__)
        return ended(letter, result, started_at, leased_until=trip.until)

    async def _give_back(
        self, letters: Iterable[Letter], until: datetime, reason: str | None
    ) -> None:
        """Let others have what was not begun; a lease that remains runs out."""
        ids = [letter.owed.id for letter in letters]
        if not ids:
            return
        try:
            async with (
                asyncio.timeout(RELEASE_SECONDS),
                begin_as_system(self.engine) as work,
            ):
                await repository.release(work, ids, leased_until=until, reason=reason)
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("release_failed", count=len(ids))


def _parcel(letter: Letter, endpoint: Endpoint | None) -> Parcel:
    owed = letter.owed
    address = owed.email if endpoint is None else endpoint.url
    return Parcel(
        key=owed.message_id,
        kind=owed.kind,
        language=owed.language or "ru",
        name=owed.recipient_name or "",
        address=address or "",
        secret=None if endpoint is None else endpoint.secret,
        message=letter.message,
        notices=letter.notices,
        dated_at=letter.dated_at,
        unsubscribe_url=letter.unsubscribe_url,
    )
