"""A span for every request, which what follows from it joins."""

from typing import Final

from opentelemetry.trace import Status, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.traces import is_traced, span_of_request

UNTRACED: Final = ("/health/", "/metrics")  # asked every few seconds
FAILED: Final = 500


class TracedRequests:
    """Begins spans; an address is told as its pattern, never with its values."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request within its span."""
        if (
            scope["type"] != "http"
            or not is_traced()
            or scope["path"].startswith(UNTRACED)
        ):
            await self._app(scope, receive, send)
            return
        status = FAILED

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"]
        with span_of_request(method, Headers(scope=scope)) as span:
            try:
                await self._app(scope, receive, send_noted)
            finally:
                route = scope.get("route")
                path = "" if route is None else route.path
                span.update_name(f"{method} {path}".rstrip())
                span.set_attributes(
                    {
                        "http.request.method": method,
                        "http.route": path,
                        "http.response.status_code": status,
                        "podyom.request_id": scope["state"].get("request_id", ""),
                    }
                )
                if status >= FAILED:
                    span.set_status(Status(StatusCode.ERROR))
