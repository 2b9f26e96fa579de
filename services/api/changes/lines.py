"""Answers of many lines of JSON each, the last of which says that it is whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TypeAlias

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.api.changes.schemas import EndOut
from services.api.changes.snapshot_usecases import Piece, write_piece
from services.api.http.auth import Actor, BearerToken, authenticate, require
from services.api.http.conditional import CACHE_CONTROL, VARY
from services.api.http.state import state_of
from services.api.http.work import transaction
from shared.domain.permissions import Permission
from shared.persistence.feed import read_state
from shared.persistence.work import Work, begin_as_system

NDJSON: Final = "application/x-ndjson"
HEADERS: Final = {"Cache-Control": CACHE_CONTROL, "Vary": VARY}
LINES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Lines of JSON; the last one is of the type `end`",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}
FindPiece: TypeAlias = Callable[[Work, Actor], Awaitable[Piece]]
KEPT_IN_MEMORY: Final = 1 << 20  # bytes; what is larger lies on the disk
PIECE: Final = 1 << 16  # bytes


@dataclass(frozen=True, slots=True)
class LinesReader:
    """Reads pieces with the caller's rights, in a transaction that ends before more."""

    request: Request
    token: str | None

    async def answer(self, find: FindPiece) -> StreamingResponse:
        """Return the rows of a piece, and up to where the feed tells of them.

        Raises:
            UnauthenticatedError: nobody is signed in.
            ForbiddenError: the caller lacks a permission.
            NotFoundError: there is no such piece.
            InvalidInputError: there is no such dataset.
        """
        # Sent once it is complete: a slow reader would keep the database waiting.
        file = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 (closed when sent)
        try:
            async with transaction(self.request) as work:
                actor = await authenticate(self.request, work, self.token)
                await require(Permission.CHANGES_READ)(actor)
                rows = await write_piece(work, actor, await find(work, actor), file)
            end = EndOut(rows=rows, number=await _numbered(self.request))
            file.write(end.model_dump_json().encode() + b"\n")
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return StreamingResponse(_pieces(file), media_type=NDJSON, headers=HEADERS)


def lines_reading() -> Callable[..., Awaitable[LinesReader]]:
    """Return the dependency of an operation that answers with a piece."""

    async def read_with(request: Request, token: BearerToken) -> LinesReader:
        return LinesReader(request, token)

    # As those of `require`, so that a test can walk all routes.
    read_with.permission = Permission.CHANGES_READ  # type: ignore[attr-defined]
    return read_with


async def _numbered(request: Request) -> int:
    """Return a number up to which everything is told that was committed by now."""
    state = state_of(request)
    await state.feed.catch_up()
    async with begin_as_system(state.engine) as work:
        return (await read_state(work)).last_number


async def _pieces(file: "SpooledTemporaryFile[bytes]") -> AsyncIterator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
