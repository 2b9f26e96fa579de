"""Answers that are read while they come, from an application in the same process."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

PATIENCE = 20.0  # seconds; reached only where something is broken


@dataclass
class Stream:
    """An answer that has begun; `headers` are lower-case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)

    async def next(self) -> dict[str, str] | None:
        """Return the fields of the next event, None at the end.

        A comment is an event without fields.
        """
        async with asyncio.timeout(PATIENCE):
            piece = await self.pieces.get()
        if piece is None:
            return None
        lines = piece.decode().strip().splitlines()
        pairs = (line.partition(": ") for line in lines)
        return {name: value for name, _, value in pairs if name}

    async def take(self, message: Mapping[str, Any]) -> None:
        """Note what the application sends."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            self.begun.set()
            return
        if message.get("body"):
            await self.pieces.put(message["body"])
        if not message.get("more_body"):
            await self.pieces.put(None)


@asynccontextmanager
async def streaming(
    app: FastAPI, path: str, headers: Mapping[str, str], query: str = ""
) -> AsyncIterator[Stream]:
    """Ask for the path and yield the answer as it begins; at the end hang up."""
    stream = Stream()
    hung_up = asyncio.Event()
    asked = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await hung_up.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("podyom.test", 80),
    }
    task = asyncio.create_task(app(scope, receive, stream.take))
    try:
        async with asyncio.timeout(PATIENCE):
            await stream.begun.wait()
        yield stream
    finally:
        hung_up.set()
        async with asyncio.timeout(PATIENCE):
            with suppress(asyncio.CancelledError):
                await task
