"""Every route says in its signature who may call it."""

from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.api.app import create_app
from services.api.exports.routes import readable_dataset
from services.api.http.auth import authenticate
from shared.domain.permissions import GRANTS, Permission, Role
from shared.runtime.settings import ApiSettings, Mode

# Whoever calls these has nothing to prove; a new entry is a decision.
OPEN_TO_ALL = {
    "create_token",
    "list_problem_types",
    "read_liveness",
    "read_problem_type",
    "read_readiness",
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
# No route asks for these: they say how far a change goes that another one allows.
ASKED_INSIDE = {Permission.YEARS_CORRECT}


def application() -> FastAPI:
    return create_app(
        ApiSettings(
            database_url="postgresql://nowhere",
            redis_url="redis://nowhere",
            secret_key="x" * 64,
            mode=Mode.PRODUCTION,
            host="127.0.0.1",
            port=8000,
            data_dir=Path("data"),
        )
    )


def routes() -> list[APIRoute]:
    found = [
        context.original_route
        for context in iter_route_contexts(application().routes)
        if isinstance(context.original_route, APIRoute)
    ]
    assert len(found) > 30
    return found


def dependencies(dependant: Dependant) -> Iterator[object]:
    for below in dependant.dependencies:
        yield below.call
        yield from dependencies(below)


def test_every_route_needs_a_permission_or_is_listed_as_open() -> None:
    for route in routes():
        calls = list(dependencies(route.dependant))
        permissions = [call.permission for call in calls if hasattr(call, "permission")]
        if route.operation_id in OPEN_TO_ALL:
            assert authenticate not in calls, route.operation_id
        elif route.operation_id in OPEN_TO_ACCOUNTS:
            assert authenticate in calls, route.operation_id
        elif route.operation_id in BY_DATASET:
            assert readable_dataset in calls, route.operation_id
        else:
            assert len(permissions) == 1, route.operation_id
            assert isinstance(permissions[0], Permission)


def test_operation_ids_are_unique_and_readable() -> None:
    ids = [route.operation_id for route in routes()]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert all(name and name.replace("_", "").isalpha() for name in ids)


def test_every_route_is_versioned_or_about_health() -> None:
    for route in routes():
        assert route.path.startswith(("/v1/", "/health/")), route.path


def test_every_permission_is_asked_for_by_some_route() -> None:
    asked = {
        call.permission
        for route in routes()
        for call in dependencies(route.dependant)
        if hasattr(call, "permission")
    }
    assert asked == set(Permission) - ASKED_INSIDE


def test_every_role_has_permissions_and_the_administrator_all() -> None:
    assert set(GRANTS) == set(Role)
    assert GRANTS[Role.ADMINISTRATOR] == set(Permission)
    assert GRANTS[Role.SCHOOL_EDITOR] < GRANTS[Role.MUNICIPAL_COORDINATOR]
