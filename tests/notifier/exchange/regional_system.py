"""A regional system on the loopback: keeps rows, answers receipts, fails in ways."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from tests.notifier.channels.hook_sink import Call, read_call, reply


@dataclass
class RegionalSystem:
    """What it has, and how it will behave next.

    `troubles` are taken one for each call: a status to answer, ``"hangs_up"`` before
    anything is kept, ``"forgets_to_answer"`` once all is kept. What has more than
    `most_rows` is too large for it.
    """

    secret: str = ""
    port: int = 0
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    troubles: deque[int | str] = field(default_factory=deque)
    most_rows: int | None = None
    release: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where rows are sent."""
        return f"http://127.0.0.1:{self.port}/rows"

    async def answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take calls over one connection."""
        try:
            while line := await reader.readline():
                call = await read_call(line, reader)
                self.calls.append(call)
                trouble = self.troubles.popleft() if self.troubles else None
                if trouble == "hangs_up":
                    break
                if isinstance(trouble, int):
                    writer.write(reply(trouble, b"trouble", {}))
                    continue
                status, body = self._take(call)
                self.reached.set()
                if trouble == "forgets_to_answer":
                    break
                if self.release is not None:
                    await self.release.wait()
                writer.write(reply(status, body, {}))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _take(self, call: Call) -> tuple[int, bytes]:
        body = Webhook(self.secret).verify(call.body, call.headers)
        key = call.headers["idempotency-key"]
        size = len(body["upserts"]) + len(body["deletes"])
        if self.most_rows is not None and size > self.most_rows:
            return 413, b"too large"
        if key not in self.receipts:
            for row in body["upserts"]:
                self.rows[row["key"]] = row
            for gone in body["deletes"]:
                del self.rows[gone]
            self.receipts[key] = f"№ {len(self.receipts) + 1}"
        return 200, json.dumps({"receipt": self.receipts[key]}).encode()


@asynccontextmanager
async def running_region() -> AsyncIterator[RegionalSystem]:
    """Run it on a free port of the loopback."""
    region = RegionalSystem()
    server = await asyncio.start_server(region.answer, "127.0.0.1", 0)
    region.port = server.sockets[0].getsockname()[1]
    try:
        yield region
    finally:
        if region.release is not None:
            region.release.set()
        server.close()
        await server.wait_closed()
