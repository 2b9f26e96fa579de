"""Counting who uses which operation."""

import re
from typing import Final, cast

from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.http.deprecation import WHOLE
from services.api.http.state import ApiState
from services.api.http.usage_counts import Use
from shared.runtime.clock import system_now

# Who was refused for being nobody, or for being too fast, has not used anything.
UNUSED: Final = frozenset({401, 429})
NOT_ANSWERED: Final = 500
# What is about the running system has no version, and is not counted.
VERSION: Final = re.compile(r"/(v[0-9][^/]*)/")


class CountedUses:
    """Middleware that counts the uses of all operations of a version."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = NOT_ANSWERED

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, send_noted)
        if status not in UNUSED:
            self._count(scope)

    def _count(self, scope: Scope) -> None:
        route = scope.get("route")
        if not isinstance(route, APIRoute):
            return
        version = VERSION.search(route.path)
        if version is None:
            return
        traffic = cast("ApiState", scope["app"].state.api).traffic
        user_id = traffic.callers.user_of(scope)
        now = system_now()
        for parameter in {WHOLE, *traffic.deprecations.met_by(scope)}:
            traffic.usage.add(Use(user_id, route.unique_id, version[1], parameter), now)
