"""Reading the feed in transactions of its own, so that waiting holds none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from fastapi import Request

from services.api.changes.records import Page, Wanted
from services.api.changes.schemas import HeartbeatOut, changes_out
from services.api.changes.usecases import read_page
from services.api.http.auth import BearerToken, authenticate, require, signed_token
from services.api.http.state import state_of
from services.api.http.work import transaction
from shared.domain.permissions import Permission

# Were a notification lost with its connection, somebody would wait in vain.
LOOK_AGAIN_SECONDS: Final = 5.0
HEARTBEAT_SECONDS: Final = 15.0
# Whoever streams signs in anew after so long, and a server can be replaced.
STREAM_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class FeedReader:
    """Reads pages with the caller's rights, as they are at that moment."""

    request: Request
    token: str | None

    async def page(self, wanted: Wanted) -> Page:
        """Return what comes after a number.

        Raises:
            UnauthenticatedError: nobody is signed in.
            ForbiddenError: the caller lacks a permission.
            InvalidInputError: a dataset is unknown.
            ChangesForgottenError: the feed cannot be read on from this number.
        """
        # Whoever has nothing to show costs no look into the database.
        await signed_token(self.request, self.token)
        await state_of(self.request).feed.catch_up()
        async with transaction(self.request) as work:
            actor = await authenticate(self.request, work, self.token)
            await require(Permission.CHANGES_READ)(actor)
            return await read_page(work, actor, wanted)

    async def awaited_page(self, wanted: Wanted, seconds: float) -> Page:
        """Return what comes after a number, once there is something, or time is up."""
        feed = state_of(self.request).feed
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while True:
            # Taken before looking, so that nothing comes unheard in between.
            upcoming = feed.upcoming() if seconds else None
            page = await self.page(wanted)
            left = until - loop.time()
            if page.changes or upcoming is None or left <= 0 or feed.is_closed:
                return page
            await _wait(upcoming, min(left, LOOK_AGAIN_SECONDS))
            wanted = replace(wanted, after=page.next_after)

    async def lines(self, first: Page, wanted: Wanted) -> AsyncIterator[bytes]:
        """Yield changes as they come, a line each, and signs of life between them."""
        feed = state_of(self.request).feed
        loop = asyncio.get_running_loop()
        until = loop.time() + STREAM_SECONDS
        page = first
        while True:
            for change in changes_out(page):
                yield change.model_dump_json().encode() + b"\n"
            if page.is_last:
                beat = HeartbeatOut(feed=page.state.identity, number=page.next_after)
                yield beat.model_dump_json().encode() + b"\n"
            if loop.time() >= until or feed.is_closed:
                return
            wanted = replace(wanted, after=page.next_after)
            page = await self.awaited_page(
                wanted, HEARTBEAT_SECONDS if page.is_last else 0
            )


async def _wait(upcoming: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(upcoming.wait(), seconds)
    except TimeoutError:
        return


def feed_reading() -> Callable[..., Awaitable[FeedReader]]:
    """Return the dependency of the operation that reads the feed."""

    async def read_with(request: Request, token: BearerToken) -> FeedReader:
        return FeedReader(request, token)

    # As those of `require`, so that a test can walk all routes.
    read_with.permission = Permission.CHANGES_READ  # type: ignore[attr-defined]
    return read_with
