"""A line in the log for each request that may change something, or that failed."""

import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FAILED: Final = 500

log = structlog.stdlib.get_logger()


class LoggedRequests:
    """Logs requests by their patterns: addresses and bodies may be personal data."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and say what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = FAILED
        begun = time.perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            if status >= FAILED or scope["method"] not in READING:
                route = scope.get("route")
                log.info(
                    "request_served",
                    method=scope["method"],
                    route=None if route is None else route.path,
                    status=status,
                    milliseconds=round((time.perf_counter() - begun) * 1000),
                )
