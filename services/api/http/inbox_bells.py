"""Who waits for news of an inbox, in this process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from shared.persistence.engine import Database
from shared.persistence.listening import listen_to_inboxes

MOST_EACH: Final = 5  # a person's windows, and a program


class InboxBells:
    """The open streams of each account; rung when its inbox has changed."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: defaultdict[int, set[asyncio.Event]] = defaultdict(set)
        self.is_closed = False

    def has_room(self, user_id: int) -> bool:
        """Tell whether the account may open one more stream."""
        return len(self._waiting.get(user_id, ())) < MOST_EACH

    @contextmanager
    def waiting(self, user_id: int) -> Iterator[asyncio.Event]:
        """Yield what is set when something has changed; the waiter clears it."""
        bell = asyncio.Event()
        self._waiting[user_id].add(bell)
        try:
            yield bell
        finally:
            self._waiting[user_id].discard(bell)
            if not self._waiting[user_id]:
                del self._waiting[user_id]

    def ring(self, user_id: int) -> None:
        """Say that the account's inbox or session has changed."""
        for bell in self._waiting.get(user_id, ()):
            bell.set()

    def close(self) -> None:
        """Let all streams end, since the process is about to."""
        self.is_closed = True
        for user_id in self._waiting:
            self.ring(user_id)


@asynccontextmanager
async def inbox_bells(database: Database) -> AsyncIterator[InboxBells]:
    """Yield bells that the database rings."""
    bells = InboxBells()
    listening = asyncio.create_task(listen_to_inboxes(database, bells.ring))
    try:
        yield bells
    finally:
        bells.close()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
