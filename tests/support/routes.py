"""Every route of the application, with what it asks of its callers."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.api.datasets.definitions import DATASETS
from services.api.exports.routes import readable_dataset
from services.api.http.auth import authenticate, signed_token
from services.api.http.publishing import PublicRoute
from shared.domain.permissions import Permission

# Whoever calls these has nothing to prove; a new entry is a decision.
OPEN_TO_ALL = {
    "accept_invitation",
    "create_access_token",
    "create_oidc_token",
    "create_token",
    "list_problem_types",
    "read_authorization_server",
    "read_feed",
    "read_liveness",
    "read_metrics",  # with a token of its own, which is no account's
    "read_problem_type",
    "read_readiness",
    "read_reminder_link",
    "read_unsubscribe_link",
    "use_reminder_link",
    "use_unsubscribe_link",
}
# Whoever is signed in may call these.
OPEN_TO_ACCOUNTS = {
    "change_my_password",
    "end_my_other_sessions",
    "end_my_session",
    "list_export_datasets",
    "list_my_sessions",
    "read_clock",
    "read_export_template",
    "read_me",
}
# These ask for the permission of the dataset that the path names.
BY_DATASET = {"export_dataset"}
DATASET = "schools"


class Access(Enum):
    """Who may call a route."""

    EVERYBODY = auto()
    ACCOUNTS = auto()
    PERMITTED = auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """A route with its description; `permission` is there if `access` asks for one."""

    name: str
    method: str
    path: str
    described: dict[str, Any]
    access: Access
    permission: Permission | None

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Return the parameters by name, without those of all routes."""
        return {
            each["name"]: each
            for each in self.described.get("parameters", ())
            if "name" in each
        }


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return every route that the application answers."""
    found = [
        context.original_route
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
    ]
    assert len(found) > 30
    return found


def dependencies(dependant: Dependant) -> Iterator[object]:
    """Yield what is called before the route's own function."""
    for below in dependant.dependencies:
        yield below.call
        yield from dependencies(below)


def permissions_of(route: APIRoute) -> list[Permission]:
    """Return the permissions that the route's signature asks for."""
    if isinstance(route, PublicRoute):
        return [route.permission]
    calls = dependencies(route.dependant)
    return [call.permission for call in calls if hasattr(call, "permission")]


def operations_of(app: FastAPI) -> list[Operation]:
    """Return every described operation with what it asks for."""
    described = {
        operation["operationId"]: (path, operation)
        for path, methods in app.openapi()["paths"].items()
        for operation in methods.values()
    }
    return [
        _operation(route, *described[str(route.operation_id)])
        for route in routes_of(app)
    ]


def _operation(route: APIRoute, path: str, described: dict[str, Any]) -> Operation:
    name = str(route.operation_id)
    method = next(iter(route.methods or ()))
    access, permission = Access.PERMITTED, None
    if name in OPEN_TO_ALL or isinstance(route, PublicRoute):
        access = Access.EVERYBODY
    elif name in OPEN_TO_ACCOUNTS:
        access = Access.ACCOUNTS
    elif name in BY_DATASET:
        permission = DATASETS[DATASET].permission
    else:
        (permission,) = permissions_of(route)
    return Operation(name, method, path, described, access, permission)


def asks_who_calls(route: APIRoute) -> bool:
    """Tell whether the route finds out whose account calls it."""
    calls = list(dependencies(route.dependant))
    return bool({authenticate, signed_token, readable_dataset} & {*calls})
