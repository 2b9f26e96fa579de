"""Hearing of changes at the moment they are committed.

PostgreSQL tells whoever listens; see the triggers on `api.outbox`, on inboxes and on
what is fed. What is said while nobody listens is lost, so whoever listens also looks by
itself.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import EventKind
from shared.persistence.engine import Database

log = structlog.stdlib.get_logger()

EVENTS: Final = "podyom_events"
INBOXES: Final = "podyom_inboxes"
CHANGES: Final = "podyom_changes"
RECONNECT_SECONDS: Final = 2.0
KNOWN: Final = frozenset(EventKind)

Heard = Callable[[EventKind, int], None]


async def listen_to_events(database: Database, heard: Heard) -> None:
    """Call `heard` with each event's kind and municipality until cancelled.

    Equal events of one transaction are heard once. A lost connection is made anew,
    and what was missed meanwhile is not said again.
    """

    def hear(payload: str) -> None:
        kind, _, municipality_id = payload.partition(" ")
        # A newer program may tell of what this one does not know.
        if kind in KNOWN:
            heard(EventKind(kind), int(municipality_id))

    await _keep_listening(database, EVENTS, hear)


async def listen_to_inboxes(database: Database, heard: Callable[[int], None]) -> None:
    """Call `heard` with each account whose inbox or session changed, until cancelled.

    Messages that came or were read, and a session that was revoked, are not told apart.
    """
    await _keep_listening(database, INBOXES, lambda payload: heard(int(payload)))


async def listen_to_changes(database: Database, heard: Callable[[str], None]) -> None:
    """Call `heard` when changes are committed and when they are numbered.

    Which of the two it is, is what it is called with: see the triggers of the feed.
    """
    await _keep_listening(database, CHANGES, heard)


async def _keep_listening(
    database: Database, channel: str, hear: Callable[[str], None]
) -> None:
    while True:
        try:
            await _listen(database, channel, hear)
        except (DBAPIError, OSError) as error:
            kind = type(error).__name__
            log.warning("notifications_unheard", channel=channel, error=kind)
        await asyncio.sleep(RECONNECT_SECONDS)


async def _listen(
    database: Database, channel: str, hear: Callable[[str], None]
) -> None:
    """Listen on a connection of its own until that is lost."""
    lost = asyncio.Event()

    def heard(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        hear(payload)

    async with database.connect() as connection:
        pooled = await connection.get_raw_connection()
        driver: Any = pooled.driver_connection
        try:
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(channel, heard)
            log.info("listening", channel=channel)
            await lost.wait()
        finally:
            # It listens as long as it lives: it must not go back to the pool.
            await connection.invalidate()
