"""Finding the operation of a request by its path, at a cost that does not grow.

The framework tries the patterns of all routes in turn. Here they are looked up by the
number of their segments and their first name, so that a handful remains to be tried;
and who comes by the wrong method is told all the right ones, not those of one route.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter, iter_route_contexts
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from services.api.http.storable import check_query, checked_body
from shared.domain.errors import Fault, InvalidInputError, Text

METHOD_NOT_ALLOWED: Final = 405
PARAMETER: Final = re.compile(r"\{\w+\}")
Place = tuple[int, str]


def _place_of(path: str) -> Place:
    """Return how many segments a path has, and the first below the version."""
    segments = path.split("/")
    name = segments[2] if len(segments) > 2 else ""  # noqa: PLR2004 ("", "v1", name)
    return len(segments), name


def _literal_length(route: APIRoute) -> int:
    """Return how much of the pattern of a route is no parameter."""
    return len(PARAMETER.sub("", route.path))


def operations_of(routers: Iterable[APIRouter]) -> list[APIRoute]:
    """Return the operations of routers, those of routers that they include too.

    Raises:
        ValueError: a router is included under a prefix, which its routes do not know.
    """
    found = []
    for router in routers:
        for context in iter_route_contexts(router.routes):
            route = context.original_route
            if not isinstance(route, APIRoute) or route.path != context.path:
                raise ValueError(f"{context.path}: give the prefix to its router.")
            found.append(route)
    return found


class Dispatch(BaseRoute):
    """All operations of the api as one route, which comes before the framework's own.

    Patterns are those of `APIRoute` without convertors: a parameter is one segment, and
    never the first below the version.
    """

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._routes: dict[Place, list[APIRoute]] = {}
        self._parameters: dict[str, frozenset[str]] = {}
        for route in routes:
            self._routes.setdefault(_place_of(route.path), []).append(route)
            names = frozenset(query_names(route.dependant))
            self._parameters[route.unique_id] = names
        for near in self._routes.values():
            near.sort(key=_literal_length, reverse=True)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route by path and method.

        Raises:
            HTTPException: the path is there, but not with this method.
        """
        if scope["type"] != "http":
            return Match.NONE, {}
        allowed: set[str] = set()
        owner: str | None = None
        for route in self._routes.get(_place_of(scope["path"]), []):
            # The address that names most is first, and has its own methods only: what
            # is at /feeds/{token}.ics or at /methods/check is no row of that name.
            if owner not in {None, route.path}:
                continue
            found = route.path_regex.match(scope["path"])
            if found is None:
                continue
            owner = route.path
            methods = route.methods or set()
            if scope["method"] in methods:
                return Match.FULL, {
                    "route": route,
                    "endpoint": route.endpoint,
                    "path_params": found.groupdict(),
                }
            allowed |= methods
        if allowed:
            headers = {"Allow": ", ".join(sorted(allowed))}
            raise HTTPException(METHOD_NOT_ALLOWED, headers=headers)
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the route that was found.

        Raises:
            InvalidInputError: the query has a parameter that the route does not know,
                or a text, there or in the body, cannot be kept.
        """
        route: APIRoute = scope["route"]
        if scope["query_string"]:
            _refuse_unknown(scope["query_string"], self._parameters[route.unique_id])
            check_query(scope["query_string"])
        if route.body_field is not None:
            receive = await checked_body(scope, receive)
        await route.app(scope, receive, send)


def query_names(dependant: Dependant) -> Iterable[str]:
    """Yield the names of the query parameters of a route and all it depends on."""
    for field in dependant.query_params:
        model: Any = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields: Mapping[str, Any] = model.model_fields
            yield from (each.alias or name for name, each in fields.items())
        else:
            yield field.alias
    for below in dependant.dependencies:
        yield from query_names(below)


def _refuse_unknown(query: bytes, known: frozenset[str]) -> None:
    """Refuse what the route would overlook: a filter with a typo would find all."""
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    unknown = sorted({name for name, _ in given} - known)
    if not unknown:
        return
    names = ", ".join(sorted(known))
    reason = Text(
        f"Такого параметра здесь нет. Есть: {names}.",
        f"There is no such parameter here. There are: {names}.",
    )
    if not known:
        reason = Text(
            "Параметров здесь нет: уберите его.",
            "There are no parameters here: leave it out.",
        )
    raise InvalidInputError(
        Text(
            "Неизвестные параметры запроса: " + ", ".join(unknown),
            "Unknown query parameters: " + ", ".join(unknown),
        ),
        faults=[Fault(column=f"query.{name}", reason=reason) for name in unknown],
    )
