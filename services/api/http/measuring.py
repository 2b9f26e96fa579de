"""How many requests are served, how long they take, and how many are being served."""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
UNKNOWN: Final = "unknown"  # an address that no operation has
DIED: Final = 500  # what a caller is told who gets no answer of ours


class RequestMetrics:
    """Metrics of HTTP; an address is counted as its pattern, never with its values."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.total = Counter(
            "podyom_http_requests",
            "Requests answered, by operation and status",
            ["method", "path", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "podyom_http_request_seconds",
            "Seconds from a request to the end of its answer",
            ["method", "path"],
            buckets=SECONDS,
            registry=registry,
        )
        self.running = Gauge(
            "podyom_http_requests_running",
            "Requests that are being answered",
            registry=registry,
        )


class MeasuredRequests:
    """Counts and times all requests."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = DIED
        begun = time.perf_counter()

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.running.track_inprogress():
            try:
                await self._app(scope, receive, send_noted)
            finally:
                route = scope.get("route")
                path = UNKNOWN if route is None else route.path
                method = scope["method"]
                self._metrics.total.labels(method, path, status).inc()
                taken = time.perf_counter() - begun
                self._metrics.seconds.labels(method, path).observe(taken)
