"""Every role on every route: allowed as declared, and never shown what is foreign.

A new route is walked of itself. What its path names is looked up in the list above it;
`rows.py` says where that is otherwise, `preparation.py` makes rows that are missing.
"""

from collections.abc import Iterator

import httpx
import pytest

from shared.domain.permissions import GRANTS, Role
from shared.domain.tree import LEVELS, Level
from tests.api.access.walk.conftest import World
from tests.api.access.walk.requests import NOWHERE, Aim, names_rows, refusal, send, told
from tests.api.access.walk.rows import (
    ASKED_FOR,
    MUNICIPALITY,
    SCHOOL,
    Row,
    named_rows,
    places_in,
)
from tests.support.routes import Access, Operation

DENIED, UNAUTHENTICATED = 403, 401
# Whoever walks would lose the way, or the time that the others walk in.
ONLY_ONCE = {"end_my_other_sessions", "change_my_password", "move_clock"}
# Here another school is named: a partner, what a decision is about, where a way leads.
OF_PARTNERS = (
    "/v1/mentoring-agreements",
    "/v1/school-distances",
    "/v1/schools",
    "/v1/audit",
    "/v1/decision-subjects",
    "/v1/tandems",
)
# Paths that the walk surely meets rows of; more are met as they are there.
MET = (
    "/v1/accounts/{account_id}",
    "/v1/api-tokens/{token_id}",
    "/v1/clients/{row_id}",
    "/v1/conditions/{run_id}",
    "/v1/imports/{import_id}",
    "/v1/inbox/{message_id}",
    "/v1/invitations/{invitation_id}",
    "/v1/me/sessions/{session_id}",
    "/v1/mentoring-agreements/{agreement_id}",
    "/v1/method-periods/{period_id}",
    "/v1/methods/{method_id}",
    "/v1/municipalities/{municipality_id}",
    "/v1/plan-imports/{import_id}",
    "/v1/programmes/{programme_id}",
    "/v1/ranking-publications/{publication_id}",
    "/v1/rankings/{run_id}",
    "/v1/results/{result_id}",
    "/v1/schools/{school_id}",
    "/v1/tandems/{tandem_id}",
    "/v1/webhook-endpoints/{endpoint_id}",
)
# A list that itself is of one thing; its rows are as foreign as that.
LISTED_WITH_WHAT_IS_ABOVE = {
    "/v1/accounts/{account_id}/identities/{identity_id}",
    "/v1/clients/{row_id}/credentials/{credential_id}",
    "/v1/mentoring-agreements/{agreement_id}/scans/{scan_id}",
    "/v1/programmes/{programme_id}/amendments/{amendment_id}",
    "/v1/programmes/{programme_id}/reports/{report_id}",
    "/v1/ranking-publications/{publication_id}/objections/{objection_id}",
}
# What schools read of their neighbours by design, and why; they never change it.
READ_BY_NEIGHBOURS = {
    "/v1/mentor-offers/{row_id}": "the district's bank is there to be chosen from",
}
# Paths whose rows belong to no school of another, and why.
OF_NO_NEIGHBOUR = {
    "/v1/conditions/{run_id}": "a run is the municipality's",
    "/v1/method-periods/{period_id}": "all schools are scored by the same",
    "/v1/methods/{method_id}": "all schools are scored by the same",
    "/v1/municipalities/{municipality_id}": "all of its schools see it",
    "/v1/plan-imports/{import_id}": "a plan is the municipality's",
    "/v1/programmes/{programme_id}": "all schools of the municipality see it",
    "/v1/ranking-publications/{publication_id}": "all of its schools may object",
    "/v1/rankings/{run_id}": "a run is the municipality's",
}


def walked(world: World) -> Iterator[Operation]:
    """Yield what can be asked again and again."""
    return (each for each in world.operations if each.name not in ONLY_ONCE)


def is_granted(operation: Operation, role: Role) -> bool:
    return operation.permission is None or operation.permission in GRANTS[role]


@pytest.mark.parametrize("role", LEVELS)
async def test_a_route_is_open_to_those_who_have_its_permission(
    world: World, role: Role
) -> None:
    for operation in walked(world):
        answer = await send(world.app, world.walkers[role], operation, NOWHERE)
        label = f"{operation.name}: {answer.status_code} {answer.text}"
        if is_granted(operation, role):
            assert answer.status_code not in {UNAUTHENTICATED, DENIED, 500}, label
            continue
        assert answer.status_code == DENIED, label
        code, detail = refusal(answer)
        assert code == "forbidden", label
        assert f"'{operation.permission}'" in detail, label


async def test_without_a_token_everything_but_the_door_is_shut(
    world: World, anybody: httpx.AsyncClient
) -> None:
    for operation in world.operations:
        answer = await send(world.app, anybody, operation, NOWHERE)
        is_refused = (
            answer.status_code == UNAUTHENTICATED
            and refusal(answer)[0] == "unauthenticated"
        )
        is_open = operation.access is Access.EVERYBODY
        assert is_refused is not is_open, f"{operation.name}: {answer.text}"


@pytest.mark.parametrize("role", LEVELS)
async def test_foreign_rows_are_like_rows_that_do_not_exist(
    world: World, role: Role
) -> None:
    client = world.walkers[role]
    for operation in walked(world):
        is_public = operation.access is Access.EVERYBODY  # the same for all
        if is_public or not is_granted(operation, role):
            continue
        if not names_rows(world.app, operation):
            continue
        nothing = await send(world.app, client, operation, NOWHERE, optional=True)
        for aim in foreign_aims(world, operation, role):
            answer = await send(world.app, client, operation, aim, optional=True)
            assert told(answer, aim) == told(nothing, aim), operation.name


def foreign_aims(world: World, operation: Operation, role: Role) -> Iterator[Aim]:
    """Yield aims at what the role may not see."""
    level, places, rows = LEVELS[role], world.places, world.rows
    named = [path for path, _parameter in named_rows(operation.path)]
    if level is not Level.EVERYTHING:
        found = {path: rows.abroad(path) for path in named}
        yield Aim(_there(found), places.school_abroad_id, places.abroad_id)
    if level is Level.SCHOOL:
        found = {path: rows.of_neighbour(path) for path in named}
        is_shown = operation.method == "GET" and READ_BY_NEIGHBOURS.keys() & {*named}
        if all(found.values()) and not is_shown:
            yield Aim(_there(found), school_id=places.neighbour_id)
    if any(path in ASKED_FOR for path in named):
        yield Aim(_there({path: rows.at_home(path) for path in named}))


def _there(found: dict[str, Row | None]) -> dict[str, Row]:
    return {path: row for path, row in found.items() if row is not None}


@pytest.mark.parametrize("role", LEVELS)
async def test_what_is_listed_and_read_is_of_the_own_part_of_the_tree(
    world: World, role: Role
) -> None:
    places, level = world.places, LEVELS[role]
    seen = 0
    for operation in walked(world):
        if operation.method != "GET" or not is_granted(operation, role):
            continue
        found = {
            path: world.rows.at_home(path) for path, _ in named_rows(operation.path)
        }
        aim = Aim(_there(found), places.school_id, places.municipality_id)
        answer = await send(world.app, world.walkers[role], operation, aim)
        if operation.path.startswith("/v1/me") or not _is_json(answer):
            continue
        if answer.status_code == 200:
            seen += 1
        for name, number in places_in(answer.json()):
            shown = f"{operation.name} shows {role} {name} {number}"
            if name == MUNICIPALITY and level is not Level.EVERYTHING:
                assert number == places.municipality_id, shown
            if name.endswith(SCHOOL) and level is Level.SCHOOL:
                partner = operation.path.startswith(OF_PARTNERS)
                own = {places.school_id} | ({places.partner_id} if partner else set())
                assert number in own, shown
    assert seen > 20


def test_the_walk_meets_rows_of_every_kind(world: World) -> None:
    rows = world.rows
    missing = [
        f"{path}: {what}"
        for path in MET
        for what, row in (
            ("none at home", rows.at_home(path)),
            ("none abroad", rows.abroad(path)),
            ("none of a neighbour's school", rows.of_neighbour(path)),
        )
        if row is None and not (path in OF_NO_NEIGHBOUR and "neighbour" in what)
    ]
    assert not missing, f"make them in preparation.py: {missing}"
    assert not [path for path in OF_NO_NEIGHBOUR if rows.of_neighbour(path)]


def test_every_path_says_where_its_rows_are_listed(world: World) -> None:
    told = set(world.rows.unlisted) - LISTED_WITH_WHAT_IS_ABOVE
    assert not told, f"add them to LISTED_AT or ASKED_FOR in rows.py: {told}"


def _is_json(answer: httpx.Response) -> bool:
    media_type: str = answer.headers.get("content-type", "")
    return media_type.startswith("application/json")
