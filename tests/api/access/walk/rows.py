"""Rows that paths may name: at home, at a neighbour's school, and abroad."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.support.routes import DATASET, Operation

# What paths, queries and bodies call a school, a municipality.
SCHOOL, MUNICIPALITY = "school_id", "municipality_id"
OK = 200
NOBODYS = 10**9  # no row of any table has this number

# What a path names that is no row of a tenant's.
WORDS = {
    "channel": "webhook",
    "dataset": DATASET,
    "kind": "digest",
    "code": "not_found",
    "academic_year": "2018",
    "token": "bm90aGluZw.bm90aGluZw",
    "partition": "1",
    "number": "1",
}
# Where the rows that a path names are listed, unless at the address above them.
LISTED_AT = {
    "/v1/conditions/{run_id}": "/v1/condition-runs",
    "/v1/conditions/{run_id}/schools/{school_id}": "/v1/schools",
    "/v1/rankings/{run_id}": "/v1/ranking-runs",
    "/v1/rankings/{run_id}/schools/{school_id}": "/v1/schools",
}
# Rows that only their owners are shown: id, municipality and school, of each account.
ASKED_FOR = {
    "/v1/feeds/{feed_id}": (
        "SELECT id, municipality_id, school_id FROM api.feeds"
        " WHERE user_id <> ALL (:walkers)"
    ),
    "/v1/inbox/{message_id}": (
        "SELECT m.id, u.municipality_id, u.school_id FROM notifier.inbox_messages m"
        " JOIN api.users u ON u.id = m.recipient_id WHERE u.id <> ALL (:walkers)"
    ),
    "/v1/me/sessions/{session_id}": (
        "SELECT s.id, u.municipality_id, u.school_id FROM api.sessions s"
        " JOIN api.users u ON u.id = s.user_id WHERE u.id <> ALL (:walkers)"
    ),
}
OF_SCHOOL = "municipality_id, id FROM api.schools"
OF_RESULT = "municipality_id, school_id FROM api.assessment_results"
WHOLE = "id, NULL FROM api.municipalities"
# Rows that are shown with what they belong to, and have no list of their own.
PART_OF_OTHERS = {
    "/v1/submission-files/{file_id}": (
        "SELECT id, municipality_id, school_id FROM api.submission_files"
        " WHERE id <> ALL (:walkers)"
    ),
    **{
        f"/ims/oneroster/{address}/{{sourced_id}}": (
            f"SELECT {named}, {place} WHERE cardinality(CAST(:walkers AS bigint[])) > 0"
        )
        for address, named, place in (
            ("rostering/v1p2/orgs", "'school-' || id", OF_SCHOOL),
            ("rostering/v1p2/schools", "'school-' || id", OF_SCHOOL),
            ("rostering/v1p2/academicSessions", "'year-' || id || '-2020'", WHOLE),
            ("rostering/v1p2/terms", "'term-' || id || '-2020-1'", WHOLE),
            ("rostering/v1p2/gradingPeriods", "'quarter-' || id || '-2020-1'", WHOLE),
            ("gradebook/v1p2/assessmentLineItems", "'result-' || id", OF_RESULT),
        )
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """A thing that a path can name, and whose it is."""

    key: str
    municipality_id: int | None
    schools: frozenset[int]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the accounts of the walk stand."""

    region_id: int
    municipality_id: int
    school_id: int
    partner_id: int  # a school that the home school has an agreement with
    neighbour_id: int  # another school of the same municipality
    abroad_id: int
    school_abroad_id: int


@dataclass(slots=True)
class Rows:
    """Rows by the path that names them, as the administrator sees them."""

    places: Places
    found: dict[str, list[Row]] = field(default_factory=dict)
    unlisted: list[str] = field(default_factory=list)

    def at_home(self, named: str) -> Row | None:
        """Return a row of the home municipality, of the home school if it can be."""
        return self._first(named, _is_at_home(self.places, of_school=True)) or (
            self._first(named, _is_at_home(self.places, of_school=False))
        )

    def of_neighbour(self, named: str) -> Row | None:
        """Return a row of another school of the home municipality."""
        home = self.places
        return self._first(
            named,
            lambda row: (
                row.municipality_id == home.municipality_id
                and bool(row.schools)
                and not row.schools & {home.school_id, home.partner_id}
            ),
        )

    def abroad(self, named: str) -> Row | None:
        """Return a row of the other municipality, which is in another region."""
        return self._first(
            named, lambda row: row.municipality_id == self.places.abroad_id
        )

    def _first(self, named: str, fits: Any) -> Row | None:
        return next(filter(fits, self.found[named]), None)


def _is_at_home(places: Places, *, of_school: bool) -> Any:
    def fits(row: Row) -> bool:
        mine = places.school_id in row.schools if of_school else not row.schools
        return row.municipality_id == places.municipality_id and mine

    return fits


def named_rows(path: str) -> Iterator[tuple[str, str]]:
    """Yield path and parameter of each row that the path names."""
    parts = path.split("/")
    for number, part in enumerate(parts, start=1):
        if part.startswith("{") and part[1:-1] not in WORDS:
            yield "/".join(parts[:number]), part


async def find_rows(
    admin: httpx.AsyncClient,
    engine: AsyncEngine,
    places: Places,
    operations: list[Operation],
    walkers: list[int],
) -> Rows:
    """Look up the rows of every path."""
    rows = Rows(places)
    queries = ASKED_FOR | PART_OF_OTHERS
    for operation in operations:
        for named, _parameter in named_rows(operation.path):
            if named in rows.found:
                continue
            if query := queries.get(named):
                rows.found[named] = await _asked(engine, query, walkers)
            else:
                listed = await _listed(admin, named, places, operations)
                rows.found[named] = listed or []
                rows.unlisted += [named] if listed is None else []
    return rows


async def _asked(engine: AsyncEngine, query: str, walkers: list[int]) -> list[Row]:
    async with begin_as_system(engine) as work:
        found = await work.session.execute(text(query), {"walkers": walkers})
        return [Row(str(row[0]), row[1], frozenset({row[2]} - {None})) for row in found]


async def _listed(
    admin: httpx.AsyncClient, named: str, places: Places, operations: list[Operation]
) -> list[Row] | None:
    """Return the rows above a path; None if no list is known."""
    address = LISTED_AT.get(named, named.rpartition("/")[0])
    if "{" in address:
        return None
    known = {
        name
        for operation in operations
        if (operation.method, operation.path) == ("GET", address)
        for name in operation.parameters
    }
    rows = []
    for municipality_id in (places.municipality_id, places.abroad_id):
        wanted = {"limit": 500, MUNICIPALITY: municipality_id}
        params = {name: value for name, value in wanted.items() if name in known}
        answer = await admin.get(address, params=params)
        if answer.status_code != OK or "items" not in answer.json():
            return None
        parameter = named.rpartition("/")[2]
        rows += [_row_of(item, parameter) for item in answer.json()["items"]]
    return rows


def _row_of(item: dict[str, Any], parameter: str) -> Row:
    key = next(item[name] for name in ("id", "run_id", "code") if name in item)
    schools = {value for name, value in places_in(item) if name.endswith(SCHOOL)}
    schools |= {item[party]["id"] for party in ("mentor", "mentee") if party in item}
    municipality_id = item.get("municipality_id")
    match parameter:
        case "{school_id}":
            schools = {key}
        case "{municipality_id}":
            municipality_id = key
    return Row(str(key), municipality_id, frozenset(schools))


def places_in(value: Any) -> Iterator[tuple[str, int]]:
    """Yield name and number of each municipality and school that is mentioned."""
    if isinstance(value, list):
        for each in value:
            yield from places_in(each)
    if isinstance(value, dict):
        for name, each in value.items():
            if name.endswith((MUNICIPALITY, SCHOOL)) and isinstance(each, int):
                yield name, each
            yield from places_in(each)
