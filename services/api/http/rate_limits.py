"""Letting each caller send so many requests a minute, and telling how many are left.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10. Where the counts cannot
be read, requests go through: a limit is there to keep the service up.
"""

from typing import Final, cast

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.http.callers import ADDRESS, CALLER, Caller
from services.api.http.errors import on_domain_error
from services.api.http.state import ApiState
from shared.domain.errors import Text, TooManyRequestsError
from shared.runtime.rate_limiter import WINDOW_SECONDS, Standing

# Those who look after the system ask for its health and metrics, whoever else asks.
LIMITED: Final = ("/v1/", "/ims/", "/.well-known/")


class RateLimitExceededError(TooManyRequestsError):
    """The caller has sent more requests in a minute than it may; wait.

    `Retry-After` says how many seconds. `RateLimit` in every answer says how many
    requests are left, `RateLimit-Policy` how many there are. Whoever does not say who
    they are share the limit of their address.
    """

    code = "rate_limit_exceeded"
    title = Text("Слишком много запросов", "Too many requests")


class RateLimitMetrics:
    """How often the limits were met, and how often they could not be told."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.refused = Counter(
            "podyom_rate_limited",
            "Requests refused for a limit, by what was counted",
            ["by"],
            registry=registry,
        )
        self.unchecked = Counter(
            "podyom_rate_limit_unchecked",
            "Requests let through because their counts could not be read",
            registry=registry,
        )


class RateLimited:
    """Middleware that counts the requests of each caller."""

    def __init__(self, app: ASGIApp, metrics: RateLimitMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or tell its sender to wait."""
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED):
            await self._app(scope, receive, send)
            return
        state = cast("ApiState", scope["app"].state.api)
        caller = state.traffic.callers.caller_of(scope)
        scope.setdefault("state", {})[CALLER] = caller
        limit = _limit_of(caller, state)
        if not limit:
            await self._app(scope, receive, send)
            return
        standing = await state.traffic.limiter.hit(caller.key, limit)
        if standing is None:
            self._metrics.unchecked.inc()
            await self._app(scope, receive, send)
            return
        told = _telling(send, caller, standing)
        if standing.is_allowed:
            await self._app(scope, receive, told)
            return
        self._metrics.refused.labels(caller.kind).inc()
        refusal = await on_domain_error(Request(scope), _refusal(standing))
        await refusal(scope, receive, told)


def _limit_of(caller: Caller, state: ApiState) -> int:
    limits = state.settings.rate_limits
    if caller.kind == ADDRESS:
        return limits.of_addresses
    return caller.rate_limit or limits.of_accounts


def _telling(send: Send, caller: Caller, standing: Standing) -> Send:
    """Return what sends an answer with the fields that tell of the limit."""
    name = f'"{caller.kind}"'
    policy = f"{name};q={standing.limit};w={WINDOW_SECONDS}"
    left = f"{name};r={standing.remaining};t={standing.seconds}"
    told = ((b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode()))

    async def send_told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *told]
        await send(message)

    return send_told


def _refusal(standing: Standing) -> RateLimitExceededError:
    seconds = standing.seconds
    return RateLimitExceededError(
        Text(
            f"Больше {standing.limit} запросов в минуту. Повторите через {seconds} с.",
            f"More than {standing.limit} requests a minute. Try again in {seconds} s.",
        ),
        retry_after=seconds,
    )
