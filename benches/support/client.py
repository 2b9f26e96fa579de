"""A client that costs little, so that what is measured is the server."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from benches.support.bench import Server
from shared.runtime.embedded.ports import LOOPBACK

CONNECTIONS = 16
ROUNDS = 7
SECONDS = 2.0  # of each turn
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is sent over and over; the answer must have this status."""

    server: Server
    target: str
    token: str | None = None
    status: int = 200

    @property
    def sent(self) -> bytes:
        """The bytes of the request."""
        lines = [f"GET {self.target} HTTP/1.1", "Host: podyom.test"]
        if self.token is not None:
            lines.append(f"Authorization: Bearer {self.token}")
        return "\r\n".join([*lines, "", ""]).encode()


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the answer before it is complete."""

    def __init__(self, call: Call, end: float) -> None:
        self.count = 0
        self.done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._sent = call.sent
        self._line = f"HTTP/1.1 {call.status} ".encode()
        self._end = end
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._sent)

    def data_received(self, data: bytes) -> None:
        received = self._received = self._received + data
        head, found, body = received.partition(END_OF_HEAD)
        if not found or len(body) < _length(head):
            return
        if not received.startswith(self._line):
            self._transport.close()
            self.done.set_exception(RuntimeError(received[:500].decode("utf-8")))
            return
        self._received = b""
        self.count += 1
        if time.perf_counter() < self._end:
            self._transport.write(self._sent)
        else:
            self._transport.close()
            self.done.set_result(self.count)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("The server hung up."))


def _length(head: bytes) -> int:
    """Return the length of the body, as the head of the answer says it."""
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


async def rate(call: Call, seconds: float = SECONDS) -> float:
    """Return answers per second to many connections that each wait for theirs."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections = []
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(
            lambda: _Connection(call, began + seconds), LOOPBACK, call.server.port
        )
        connections.append(connection)
    counts = await asyncio.gather(*(each.done for each in connections))
    return sum(counts) / (time.perf_counter() - began)


async def rates(*calls: Call) -> list[float]:
    """Return the median rate of each call; they take turns, so that all share luck."""
    for call in calls:
        await rate(call, SECONDS / 2)  # to fill caches and pools
    turns: Sequence[list[float]] = [
        [await rate(call) for call in calls] for _ in range(ROUNDS)
    ]
    return [statistics.median(of_call) for of_call in zip(*turns, strict=True)]
