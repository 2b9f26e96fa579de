"""Who calls, how often they may and do, and what of it is to go."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi.routing import APIRoute

from services.api.http.callers import Callers
from services.api.http.deprecation import Deprecations
from services.api.http.usage_counts import UsageCounts
from shared.runtime.rate_limiter import RateLimiter
from shared.runtime.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is known of the requests of one process."""

    callers: Callers
    limiter: RateLimiter
    usage: UsageCounts
    deprecations: Deprecations


@asynccontextmanager
async def traffic_of(
    settings: ApiSettings, routes: Iterable[APIRoute]
) -> AsyncIterator[Traffic]:
    """Yield what watches over the requests to these routes."""
    limiter = RateLimiter(settings.redis_url)
    callers = Callers(settings.secret_key)
    try:
        yield Traffic(callers, limiter, UsageCounts(), Deprecations(routes))
    finally:
        await limiter.close()
