"""Saying that an operation or a parameter goes (RFC 9745), and when (RFC 8594).

It is declared where the route is, and stands in the description and in every answer:

    @router.get("/old", **deprecated_route(GOING))
    async def old(mode: Annotated[str, Query(**deprecated_parameter(GOING))] = "") ...
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DECLARED: Final = "x-deprecation"
WHOLE: Final = ""  # the operation itself, not one of its parameters


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when something should not be used, when it goes, and what to do instead.

    Moments have a time zone. `note` is the address of how to move on.
    """

    since: datetime
    note: str
    sunset: datetime | None = None

    def declared(self) -> dict[str, Any]:
        """Return what the description tells."""
        sunset = None if self.sunset is None else self.sunset.date().isoformat()
        told = {"since": self.since.date().isoformat(), "sunset": sunset}
        return {DECLARED: {**told, "note": self.note}}

    def write(self, headers: MutableHeaders) -> None:
        """Tell it in an answer."""
        headers["Deprecation"] = f"@{int(self.since.timestamp())}"
        headers.append("Link", f'<{self.note}>; rel="deprecation"; type="text/html"')
        if self.sunset is not None:
            moment = self.sunset.astimezone(UTC)
            headers["Sunset"] = format_datetime(moment, usegmt=True)
            headers.append("Link", f'<{self.note}>; rel="sunset"; type="text/html"')


def deprecated_route(deprecation: Deprecation) -> dict[str, Any]:
    """Return what a route is declared with besides its other arguments."""
    return {"deprecated": True, "openapi_extra": _Declaration(deprecation)}


def deprecated_parameter(deprecation: Deprecation) -> dict[str, Any]:
    """Return what `Query` of a parameter is declared with besides its other ones."""
    return {"deprecated": True, "json_schema_extra": _Declaration(deprecation)}


class _Declaration(dict[str, Any]):
    """What the description tells, and what it was made of."""

    def __init__(self, deprecation: Deprecation) -> None:
        super().__init__(deprecation.declared())
        self.deprecation = deprecation


class Deprecations:
    """All that is declared to go, by operation and parameter."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._declared: dict[str, Mapping[str, Deprecation]] = {}
        for route in routes:
            if found := dict(_declared_of(route)):
                self._declared[route.unique_id] = found

    def pairs(self) -> list[tuple[str, str]]:
        """Return operation and parameter of each; `WHOLE` stands for all of it."""
        return [
            (operation, parameter)
            for operation, found in sorted(self._declared.items())
            for parameter in sorted(found)
        ]

    def met_by(self, scope: Scope) -> Mapping[str, Deprecation]:
        """Return what of it a request uses, once its route has been found."""
        route = scope.get("route")
        if not self._declared or not isinstance(route, APIRoute):
            return {}
        found = self._declared.get(route.unique_id, {})
        given = parse_qsl(scope["query_string"].decode("latin-1"), True)  # noqa: FBT003 (blank values too)
        names = {WHOLE, *(name for name, _value in given)}
        return {name: each for name, each in found.items() if name in names}


def _declared_of(route: APIRoute) -> Iterator[tuple[str, Deprecation]]:
    if isinstance(route.openapi_extra, _Declaration):
        yield WHOLE, route.openapi_extra.deprecation
    for name, field in _parameters(route.dependant):
        if isinstance(field.json_schema_extra, _Declaration):
            yield name, field.json_schema_extra.deprecation


def _parameters(dependant: Dependant) -> Iterator[tuple[str, FieldInfo]]:
    for field in dependant.query_params:
        model: Any = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, each in model.model_fields.items():
                yield each.alias or name, each
        else:
            yield field.alias, field.field_info
    for below in dependant.dependencies:
        yield from _parameters(below)


class DeprecationHeaders:
    """Middleware that tells of what is to go whoever still uses it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start" and "route" in scope:
                deprecations: Deprecations = scope["app"].state.api.traffic.deprecations
                met = deprecations.met_by(scope)
                if met:
                    # What goes first is what there is least time for.
                    first = min(met.values(), key=_urgency)
                    first.write(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_told)


def _urgency(deprecation: Deprecation) -> datetime:
    return deprecation.sunset or datetime.max.replace(tzinfo=UTC)
