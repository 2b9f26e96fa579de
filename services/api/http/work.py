"""The transaction of a request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request

from services.api.http.request_ids import request_id_of
from services.api.http.state import state_of
from shared.persistence.work import Origin, Work, begin

READING = frozenset({"GET", "HEAD"})  # leaves nothing for the relay


async def open_work(request: Request) -> AsyncIterator[Work]:
    """Open the request's transaction; it commits before the answer is sent."""
    state = state_of(request)
    address = None if request.client is None else request.client.host
    origin = Origin(request_id_of(request), address)
    async with begin(state.engine, origin=origin) as work:
        yield work
    if request.method not in READING:
        state.relay.ring()


# For what opens its transaction itself.
transaction = asynccontextmanager(open_work)

# With FastAPI's default scope the commit would come after the answer.
RequestWork = Annotated[Work, Depends(open_work, scope="function")]
