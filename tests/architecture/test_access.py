"""Every route says in its signature who may call it."""

from pathlib import Path

from fastapi.routing import APIRoute

from services.api.app import create_app
from services.api.exports.routes import readable_dataset
from shared.domain.permissions import GRANTS, Permission, Role
from shared.runtime.settings import ApiSettings, Mode
from tests.support.routes import (
    BY_DATASET,
    OPEN_TO_ACCOUNTS,
    OPEN_TO_ALL,
    asks_who_calls,
    dependencies,
    permissions_of,
    routes_of,
)

# No route asks for these: they say how far a change goes that another one allows.
ASKED_INSIDE = {Permission.YEARS_CORRECT}


def routes() -> list[APIRoute]:
    settings = ApiSettings(
        database_url="postgresql://nowhere",
        redis_url="redis://nowhere",
        secret_key="x" * 64,
        mode=Mode.PRODUCTION,
        host="127.0.0.1",
        port=8000,
        data_dir=Path("data"),
    )
    return routes_of(create_app(settings))


def test_every_route_needs_a_permission_or_is_listed_as_open() -> None:
    for route in routes():
        permissions = permissions_of(route)
        if route.operation_id in OPEN_TO_ALL:
            assert not asks_who_calls(route), route.operation_id
        elif route.operation_id in OPEN_TO_ACCOUNTS:
            assert asks_who_calls(route), route.operation_id
        elif route.operation_id in BY_DATASET:
            assert readable_dataset in dependencies(route.dependant), route.operation_id
        else:
            assert len(permissions) == 1, route.operation_id
            assert isinstance(permissions[0], Permission)


def test_operation_ids_are_unique_and_readable() -> None:
    ids = [route.operation_id for route in routes()]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert all(name and name.replace("_", "").isalpha() for name in ids)


# Where others look for it (RFC 8615), and what is about the running system.
VERSIONED_OR_NOT = ("/v1/", "/.well-known/", "/health/", "/metrics", "/ims/oneroster/")


def test_every_route_is_versioned_or_about_health() -> None:
    for route in routes():
        assert route.path.startswith(VERSIONED_OR_NOT), route.path


def test_every_permission_is_asked_for_by_some_route() -> None:
    asked = {permission for route in routes() for permission in permissions_of(route)}
    assert asked == set(Permission) - ASKED_INSIDE


def test_every_role_has_permissions_and_the_administrator_all() -> None:
    assert set(GRANTS) == set(Role)
    assert GRANTS[Role.ADMINISTRATOR] == set(Permission)
    of_schools_alone = {Permission.OBJECTIVITY_EXPLAIN, Permission.RANKINGS_OBJECT}
    assert (
        GRANTS[Role.SCHOOL_EDITOR] - of_schools_alone
        < GRANTS[Role.MUNICIPAL_COORDINATOR]
    )
