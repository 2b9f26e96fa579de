"""A real HTTP server on the loopback that takes webhooks, or does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass
class Call:
    """A call as it came; header names are lower-case."""

    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HookSink:
    """What arrived, and what to answer."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    hangs_up: bool = False
    release: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """An address of it."""
        return f"http://127.0.0.1:{self.port}/hook?key=of-ours"

    async def answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take calls over one connection."""
        self.connected.set()
        try:
            while line := await reader.readline():
                self.calls.append(await read_call(line, reader))
                self.reached.set()
                if self.release is not None:
                    await self.release.wait()
                if self.hangs_up:
                    break
                writer.write(reply(self.status, self.body, self.headers))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def reply(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """Return an answer as it goes over the line."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


async def read_call(line: bytes, reader: asyncio.StreamReader) -> Call:
    """Read a call whose first line has been read."""
    target = line.split()[1].decode()
    headers = {}
    while (field_line := await reader.readline()).strip():
        name, _, value = field_line.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(target, headers, body)


@asynccontextmanager
async def running_hooks() -> AsyncIterator[HookSink]:
    """Run a receiver on a free port of the loopback."""
    sink = HookSink()
    server = await asyncio.start_server(sink.answer, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        if sink.release is not None:
            sink.release.set()
        server.close()
        await server.wait_closed()
