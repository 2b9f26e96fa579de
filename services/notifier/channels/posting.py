"""One call of another system's address: guarded, bounded, without redirects."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import httpx

from services.notifier.channels.addresses import resolve
from services.notifier.channels.couriers import (
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from shared.contracts.traces import headers_of_trace
from shared.domain.endpoints import EndpointRefusedError, webhook_endpoint
from shared.runtime.clock import system_now

SECONDS = 15.0  # for one call, resolving included
STEP_SECONDS = 5.0  # to connect, and between two pieces
READ_BYTES = 2_000  # of the answer: it is only logged


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: how it begins, and how long it wants to be left."""

    code: int
    said: str
    retry_after: timedelta | None


@asynccontextmanager
async def calling(connections: int = 100) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client without cookies, proxies and redirects.

    No connection serves two calls: it was made to one name, and another name may have
    the same address.
    """
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=0)
    async with httpx.AsyncClient(
        trust_env=False, follow_redirects=False, timeout=STEP_SECONDS, limits=limits
    ) as client:
        yield client


async def post(
    client: httpx.AsyncClient,
    url: str,
    body: str,
    headers: dict[str, str],
    *,
    allows_private: bool,
    before: Callable[[], Awaitable[None]] | None = None,
) -> Answer:
    """Post JSON; `allows_private` lets plain http and the own network be called.

    `before` runs once connected: what it raises ends the call, and nothing is sent.

    Raises:
        PermanentDeliveryError: the address is none that is called.
        TemporaryDeliveryError: there was no answer.
    """
    request = await _request(client, url, body, headers, allows_private=allows_private)
    if before is not None:
        request.extensions["trace"] = partial(_trace, before)
    try:
        answer = await client.send(request, stream=True)
        try:
            said = await _beginning(answer)
        finally:
            await answer.aclose()
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise TemporaryDeliveryError(reason) from error
    wish = wish_of(answer.headers.get("retry-after"))
    return Answer(answer.status_code, said, wish)


async def _trace(before: Callable[[], Awaitable[None]], step: str, _: object) -> None:
    if step.endswith(".send_request_headers.started"):
        await before()


async def _request(
    client: httpx.AsyncClient,
    url: str,
    body: str,
    headers: dict[str, str],
    *,
    allows_private: bool,
) -> httpx.Request:
    try:
        endpoint = webhook_endpoint(url)
    except EndpointRefusedError as error:
        raise PermanentDeliveryError(error.detail.en) from error
    if endpoint.scheme != "https" and not allows_private:
        raise PermanentDeliveryError("only https is called")
    address = await resolve(endpoint.host, endpoint.port, allows_private=allows_private)
    called = f"[{address}]" if ":" in address else address
    return client.build_request(
        "POST",
        f"{endpoint.scheme}://{called}:{endpoint.port}{endpoint.target}",
        content=body.encode(),
        headers={
            "Host": endpoint.origin.partition("://")[2],
            "Content-Type": "application/json",
            "User-Agent": "Podyom",
            **headers,
            **headers_of_trace(),
        },
        # The certificate must be the name's, though the address is called.
        extensions={"sni_hostname": endpoint.host},
    )


async def _beginning(answer: httpx.Response) -> str:
    """Return the first words of an answer, whatever its length."""
    read = b""
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) >= READ_BYTES:
            break
    return " ".join(read[:READ_BYTES].decode("utf-8", "replace").split())


def wish_of(header: str | None) -> timedelta | None:
    """Return the pause that `Retry-After` asks for: in seconds, or until a date."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - system_now(), timedelta())
