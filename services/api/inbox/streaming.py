"""An inbox as a stream of server-sent events.

Every look into the database is a transaction of its own, entered anew: a stream sees no
more than its account may see at that moment, and ends with the session.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.api.http.auth import enter
from services.api.http.inbox_bells import InboxBells
from services.api.inbox import repository
from services.api.inbox.schemas import MessageOut
from shared.domain.errors import DomainError
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.paging import AnyRow
from shared.persistence.work import begin

MEDIA_TYPE: Final = "text/event-stream"
# An event as its reader is given it; `data` is JSON.
EVENT: Final = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["message", "unread"]},
        "data": {"type": "string"},
    },
}
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS: Final = 3_000
AT_ONCE: Final = 100  # messages of one look
HEARTBEAT: Final = b": nothing new\n\n"


@dataclass(frozen=True, slots=True)
class Listener:
    """Whose stream it is, and what it is entered with again and again."""

    database: Database
    user_id: int
    token: str
    secret: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is new since the look before; `newest` is the last message's id."""

    messages: list[MessageOut]
    unread_count: int
    newest: int


async def stream(
    listener: Listener,
    bells: InboxBells,
    *,
    after: int | None,
    seconds: float | None = None,
) -> AsyncIterator[bytes]:
    """Yield events: messages newer than `after`, and each new count of unread ones.

    Without `after` it begins with what comes from now on. It ends when the session
    does, after so many `seconds`, when the database is away, and when the process is
    told to stop; whoever reads it connects again with the last id that came.
    """
    if not bells.has_room(listener.user_id):
        return
    clock = asyncio.get_running_loop().time
    ends_at = None if seconds is None else clock() + seconds
    with bells.waiting(listener.user_id) as bell:
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        unread: int | None = None
        while not bells.is_closed:
            bell.clear()
            seen = await _look(listener, after)
            if seen is None:
                return
            for message in seen.messages:
                yield _event("message", message.model_dump_json(), message.id)
            if seen.unread_count != unread:
                unread = seen.unread_count
                counted = json.dumps({"unread_count": unread})
                yield _event("unread", counted, seen.newest)
            after = seen.newest
            if len(seen.messages) == AT_ONCE:
                continue
            left = HEARTBEAT_SECONDS
            if ends_at is not None:
                left = min(left, ends_at - clock())
            if left <= 0:
                return
            if not await _rung(bell, left):
                yield HEARTBEAT


async def _look(listener: Listener, after: int | None) -> Look | None:
    """Read what is new; None where the session has ended or the database is away."""
    try:
        async with begin(listener.database) as work:
            await enter(work, listener.token, secret=listener.secret)
            user_id = listener.user_id
            rows: Sequence[AnyRow] = []
            if after is not None:
                rows = await repository.list_newer(
                    work, user_id, after=after, limit=AT_ONCE
                )
                newest = rows[-1].id if rows else after
            else:
                newest = await repository.newest_id(work, user_id)
            unread_count = await repository.count_unread(work, user_id)
    except DomainError:
        return None
    except Exception as error:
        if not is_outage(error):
            raise
        return None
    messages = [MessageOut.model_validate(row) for row in rows]
    return Look(messages, unread_count, newest)


async def _rung(bell: asyncio.Event, seconds: float) -> bool:
    """Wait for the bell; tell whether it rang in time."""
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return False
    return True


def _event(name: str, data: str, number: int) -> bytes:
    """Return an event; JSON has no line breaks of its own."""
    return f"id: {number}\nevent: {name}\ndata: {data}\n\n".encode()
