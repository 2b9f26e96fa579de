"""What every request goes through on its way in, and every answer on its way out."""

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from services.api.http.conditional import ConditionalRequests
from services.api.http.counted_uses import CountedUses
from services.api.http.deprecation import DeprecationHeaders
from services.api.http.links import NextPageLinks
from services.api.http.measuring import MeasuredRequests, RequestMetrics
from services.api.http.rate_limits import RateLimited, RateLimitMetrics
from services.api.http.request_ids import RequestIds
from services.api.http.request_logs import LoggedRequests
from services.api.http.tracing import TracedRequests


def add_layers(app: FastAPI, registry: CollectorRegistry) -> None:
    """Put them around the application; the last one is the outermost."""
    app.add_middleware(NextPageLinks)
    app.add_middleware(ConditionalRequests)
    app.add_middleware(DeprecationHeaders)
    app.add_middleware(CountedUses)
    app.add_middleware(RateLimited, metrics=RateLimitMetrics(registry))
    app.add_middleware(LoggedRequests)
    app.add_middleware(RequestIds)
    app.add_middleware(TracedRequests)
    app.add_middleware(MeasuredRequests, metrics=RequestMetrics(registry))
