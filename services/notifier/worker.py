"""The notifier's tasks: planning and inboxes, channels, webhooks, the doorbell."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.notifier.channels.couriers import Channel
from services.notifier.channels.links import LinkMaker
from services.notifier.channels.mail import MailChannel, Sender
from services.notifier.channels.messenger import MessengerChannel
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.exchange.usecases import ExchangeRoom
from services.notifier.jobs import RING, Ring, remind
from services.notifier.usecases.channel_tests import make_asked_tests
from services.notifier.usecases.delivering import DeliveryRoom
from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from services.notifier.usecases.resending import resend_wished
from services.notifier.usecases.webhook_notices import tell_owners
from services.notifier.usecases.webhooks import WebhookRoom
from shared.contracts.jobs import NOTIFIER_QUEUE, JobName
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.listening import listen_to_changes
from shared.runtime.doorbell import listen
from shared.runtime.file_store import FileStore
from shared.runtime.sweeper import Sweeper

OUTAGES = (DBAPIError, OSError)
SWEEP_SECONDS = 5.0
EVENT_SECONDS = 2.0
GRACE_SECONDS = 2.5  # for the mail that is being sent when told to stop
POLL_SECONDS = 0.5
JOB_SECONDS = 10.0  # a job only rings


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """What the notifier works with."""

    engine: AsyncEngine
    rules: ReminderRules
    sender: Sender
    redis_url: str
    smtp_connections: int
    calls_private: bool
    links: LinkMaker | None
    files: FileStore

    async def run(self, stop: asyncio.Event) -> None:
        """Plan and deliver until `stop` is set, then finish the current mail.

        The sweeps find all work in the database; the doorbell only makes them look
        at once.
        """
        planner = Planner(self.engine, self.rules, domain=self.sender.domain)
        own = self._own_channels()
        rooms = self._rooms(own)
        senders = [
            Sweeper(
                each.channel.name,
                each.send_batch,
                period=SWEEP_SECONDS,
                outages=OUTAGES,
            )
            for each in rooms
        ]

        async def plan_and_post() -> bool:
            if await resend_wished(self.engine) + await planner.plan_round():
                for each in senders:
                    each.ring()
            await post_all(self.engine, self.rules, self.links)
            await make_asked_tests(self.engine, own)
            return False

        hooks, events = self._webhooks()
        plans = Sweeper("plans", plan_and_post, period=SWEEP_SECONDS, outages=OUTAGES)
        pushes = Sweeper(
            "exchange",
            self._exchange().push_round,
            period=SWEEP_SECONDS,
            outages=OUTAGES,
        )
        sweepers = (plans, pushes, events, *senders)

        def ring(municipality_id: int) -> None:
            planner.owe(municipality_id)
            plans.ring()

        bells = [
            asyncio.create_task(self._listen(ring), name="doorbell"),
            asyncio.create_task(
                listen_to_changes(self.engine, lambda _: events.ring()), name="feed"
            ),
        ]
        sweeps = [asyncio.create_task(each.run()) for each in sweepers]
        await _until(stop, [*bells, *sweeps])
        hooks.is_stopping = True
        for room in rooms:
            room.is_stopping = True
        for each in sweepers:
            each.stop()
        for bell in bells:
            bell.cancel()
        in_hand = [*sweeps, asyncio.create_task(hooks.idle())]
        await asyncio.wait(in_hand, timeout=GRACE_SECONDS)
        await _end([*bells, *in_hand])
        await hooks.close()

    def _webhooks(self) -> tuple[WebhookRoom, Sweeper]:
        """Return what calls other systems' endpoints, and what keeps it going."""
        room = WebhookRoom(self.engine, allows_private=self.calls_private)
        mail = MailChannel(self.sender, couriers=1)

        async def call_endpoints() -> bool:
            is_full = await room.round()
            await tell_owners(self.engine, mail, domain=self.sender.domain)
            return is_full

        sweeper = Sweeper(
            "events", call_endpoints, period=EVENT_SECONDS, outages=OUTAGES
        )
        room.ring = sweeper.ring
        return room, sweeper

    def _exchange(self) -> ExchangeRoom:
        return ExchangeRoom(
            engine=self.engine, files=self.files, allows_private=self.calls_private
        )

    def _own_channels(self) -> dict[str, Channel]:
        """Return the channels that accounts set for themselves, by name."""
        channels: tuple[Channel, ...] = (
            WebhookChannel(self.calls_private),
            MessengerChannel(self.calls_private),
        )
        return {each.name: each for each in channels}

    def _rooms(self, own: Mapping[str, Channel]) -> list[DeliveryRoom]:
        mail = MailChannel(self.sender, self.smtp_connections)
        return [
            DeliveryRoom(self.engine, self.rules, each, self.links)
            for each in (mail, *own.values())
        ]

    async def _listen(self, ring: Ring) -> None:
        await listen(
            self.redis_url,
            NOTIFIER_QUEUE,
            [(JobName.REMIND, remind)],
            context={RING: ring},
            poll_seconds=POLL_SECONDS,
            job_seconds=JOB_SECONDS,
        )


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for `stop`, or for a task that ends although none should."""
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel what still runs; raise what made a task fail."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
