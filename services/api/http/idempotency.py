"""Idempotency-Key: a post that is sent again is answered again, not done again.

As in the IETF's draft (draft-ietf-httpapi-idempotency-key-header), with these choices.
A key is its user's and its operation's. What is kept are answers of success, written in
the transaction of the change itself: a refusal changed nothing, so the post is simply
tried anew. If-Match is no part of what is compared: whoever repeats a post after its
success would have read a newer version.
"""

import hashlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from services.api.http.auth import CurrentActor
from services.api.http.uploads import FORM_DIGEST
from services.api.http.work import RequestWork
from shared.domain.errors import ConflictError, InvalidInputError, Text
from shared.persistence import idempotency
from shared.persistence.idempotency import KeptAnswer, Slot
from shared.persistence.work import Work
from shared.runtime.clock import system_now

LONGEST_KEY: Final = 255
KEY: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT_HEADERS: Final = ("content-type", "location", "etag")


class IdempotencyKeyReusedError(InvalidInputError):
    """The key was given to another request before, with other content."""

    code = "idempotency_key_reused"
    title = Text("Ключ уже использован", "The key was used before")


class IdempotencyInProgressError(ConflictError):
    """A request with the same key is being worked on at this moment."""

    code = "idempotency_in_progress"
    retry_after = 1  # seconds, as the detail says
    title = Text("Запрос ещё выполняется", "The request is still in progress")


class _Replay(Exception):  # noqa: N818 (not an error: the answer is there already)
    def __init__(self, kept: KeptAnswer) -> None:
        self.kept = kept


@dataclass(frozen=True, slots=True)
class _Claim:
    work: Work
    slot: Slot
    request_hash: bytes


async def claim(
    request: Request,
    work: RequestWork,
    actor: CurrentActor,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias=KEY,
            min_length=1,
            max_length=LONGEST_KEY,
            pattern=r"^[\x21-\x7e]+$",
            description=(
                "A name of this request that its sender makes up, such as a UUID: sent "
                "again within 24 hours, it is answered as the first time, with the "
                f"header {REPLAYED}, and changes nothing"
            ),
        ),
    ] = None,
) -> None:
    """Take the key for this request, if it has one.

    It comes last among a route's dependencies: rights are asked first, and a file has
    been received.

    Raises:
        IdempotencyKeyReusedError: the key belongs to a request with other content.
        IdempotencyInProgressError: a request with the key has not ended yet.
    """
    if idempotency_key is None:
        return
    operation = request.scope["route"].operation_id
    slot = Slot(actor.user_id, operation, idempotency_key)
    request_hash = await _hash_of(request)
    if not await idempotency.try_lock(work, slot):
        raise _in_progress()
    kept = await idempotency.find(work, slot, now=system_now())
    if kept is None:
        request.state.claim = _Claim(work, slot, request_hash)
    elif kept.request_hash == request_hash:
        raise _Replay(kept)
    else:
        raise _reused()


Once = Annotated[None, Depends(claim)]


class IdempotentRoute(APIRoute):
    """A route whose answers are kept; each of its posts has a parameter `Once`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, before its transaction is committed."""
        return _kept(super().get_route_handler())


def _kept(
    handle: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def handle_once(request: Request) -> Response:
        try:
            response = await handle(request)
        except _Replay as replay:
            kept = replay.kept
            headers = {**kept.headers, REPLAYED: "true"}
            return Response(kept.body, status_code=kept.status, headers=headers)
        claimed: _Claim | None = getattr(request.state, "claim", None)
        if claimed is not None:
            await _keep(claimed, response)
        return response

    return handle_once


async def _keep(claimed: _Claim, response: Response) -> None:
    names = [name for name in KEPT_HEADERS if name in response.headers]
    kept = KeptAnswer(
        claimed.request_hash,
        response.status_code,
        {name: response.headers[name] for name in names},
        bytes(response.body),
    )
    await idempotency.keep(claimed.work, claimed.slot, kept, now=system_now())


async def _hash_of(request: Request) -> bytes:
    """Return SHA-256 of where and what was sent."""
    sent: bytes | None = getattr(request.state, FORM_DIGEST, None)
    if sent is None:
        sent = await request.body()
    target = f"{request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(target + sent).digest()


def _in_progress() -> IdempotencyInProgressError:
    return IdempotencyInProgressError(
        Text(
            "Запрос с этим Idempotency-Key ещё выполняется. Повторите через секунду: "
            "ответ будет тем же, что у первого.",
            "A request with this Idempotency-Key is still in progress. Repeat it in a "
            "second: the answer will be that of the first.",
        )
    )


def _reused() -> IdempotencyKeyReusedError:
    return IdempotencyKeyReusedError(
        Text(
            "С этим Idempotency-Key за последние 24 часа уже отправлен другой запрос. "
            "Для нового запроса придумайте новый ключ.",
            "Another request was sent with this Idempotency-Key in the last 24 hours. "
            "Make up a new key for a new request.",
        )
    )
