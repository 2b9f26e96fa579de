"""Hearing of events at the moment they are committed.

PostgreSQL tells whoever listens; see the trigger on `api.outbox`. What is said while
nobody listens is lost, so whoever listens also looks into the outbox by itself.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError

from shared.contracts.events import EventKind
from shared.persistence.engine import Database

log = structlog.stdlib.get_logger()

CHANNEL: Final = "podyom_events"
RECONNECT_SECONDS: Final = 2.0
KNOWN: Final = frozenset(EventKind)

Heard = Callable[[EventKind, int], None]


async def listen_to_events(database: Database, heard: Heard) -> None:
    """Call `heard` with each event's kind and municipality until cancelled.

    Equal events of one transaction are heard once. A lost connection is made anew,
    and what was missed meanwhile is not said again.
    """
    while True:
        try:
            await _listen(database, heard)
        except (DBAPIError, OSError) as error:
            log.warning("events_unheard", error=str(error).splitlines()[0])
        await asyncio.sleep(RECONNECT_SECONDS)


async def _listen(database: Database, heard: Heard) -> None:
    """Listen on a connection of its own until that is lost."""
    lost = asyncio.Event()

    def hear(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
        kind, _, municipality_id = payload.partition(" ")
        # A newer program may tell of what this one does not know.
        if kind in KNOWN:
            heard(EventKind(kind), int(municipality_id))

    async with database.connect() as connection:
        pooled = await connection.get_raw_connection()
        driver: Any = pooled.driver_connection
        try:
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(CHANNEL, hear)
            log.info("listening_to_events")
            await lost.wait()
        finally:
            # It listens as long as it lives: it must not go back to the pool.
            await connection.invalidate()
