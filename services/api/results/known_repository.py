"""Results of a school at any time, and what the audit has of them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, cast, func, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.api.results.records import StoredResult
from services.api.results.repository import RESULT
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_RESULT = AssessmentResultRow.__table__.c
_ENTRY = AuditEntryRow.__table__.c
_ROWS = func.coalesce(_ENTRY.row_ids, array([cast(_ENTRY.entity_id, BigInteger)]))


@dataclass(frozen=True, slots=True)
class EntryOfResult:
    """What an entry of the audit says of one result."""

    at: datetime
    action: str
    changes: Mapping[str, Sequence[Any]]
    reason: str | None
    import_id: int | None
    actor_id: int | None
    actor_role: str | None


async def sees_school(work: Work, school_id: int) -> bool:
    """Tell whether the caller sees the school."""
    found = select(SchoolRow.id).where(SchoolRow.id == school_id)
    return await work.session.scalar(found) is not None


async def list_ids(
    work: Work,
    school_id: int,
    wanted: Mapping[str, Any],
    *,
    as_of: datetime,
    after: int,
    limit: int,
) -> list[int]:
    """Return up to `limit + 1` numbers of results that may have been known then.

    Those that are there now, by what is wanted; and whatever has been changed or
    removed since.
    """
    present = select(_RESULT.id).where(
        _RESULT.school_id == school_id,
        _RESULT.created_at <= as_of,
        *(_RESULT[name] == value for name, value in wanted.items()),
    )
    changed = select(func.unnest(_ROWS)).where(
        _ENTRY.entity == RESULT,
        _ENTRY.school_id == school_id,
        _ENTRY.at > as_of,
        _ENTRY.action != "create",
    )
    found = union(present, changed).subquery("found")
    (number,) = found.c
    rows = await work.session.scalars(
        select(number).where(number > after).order_by(number).limit(limit + 1)
    )
    return list(rows)


async def read_results(work: Work, ids: Sequence[int]) -> dict[int, StoredResult]:
    """Return those of the results that are there now."""
    rows = await work.session.execute(select(*_RESULT).where(_RESULT.id.in_(ids)))
    return {row["id"]: StoredResult(**row) for row in rows.mappings()}


async def list_entries(
    work: Work, school_id: int, ids: Sequence[int]
) -> dict[int, list[EntryOfResult]]:
    """Return what the audit has of each of these results, oldest first."""
    statement = (
        select(
            _ENTRY.at,
            _ENTRY.action,
            _ENTRY.reason,
            _ENTRY.import_id,
            _ENTRY.actor_id,
            UserRow.role.label("actor_role"),
            _ENTRY.entity_id,
            _ENTRY.changes,
            _ENTRY.row_changes,
        )
        .outerjoin(UserRow, UserRow.id == _ENTRY.actor_id)
        .where(
            _ENTRY.entity == RESULT,
            _ENTRY.school_id == school_id,
            or_(
                _ENTRY.entity_id.in_(ids),
                _ENTRY.row_ids.overlap(cast([*ids], ARRAY(BigInteger))),
            ),
        )
        .order_by(_ENTRY.number)
    )
    wanted = set(ids)
    found: defaultdict[int, list[EntryOfResult]] = defaultdict(list)
    for row in await work.session.execute(statement):
        for number, changes in _changes_of(row):
            if number in wanted:
                found[number].append(
                    EntryOfResult(
                        at=row.at,
                        action=row.action,
                        changes=changes,
                        reason=row.reason,
                        import_id=row.import_id,
                        actor_id=row.actor_id,
                        actor_role=row.actor_role,
                    )
                )
    return found


def _changes_of(row: Any) -> list[tuple[int, Mapping[str, Sequence[Any]]]]:
    """Return the changes of each row that an entry tells of: see `audit_sets`."""
    if row.row_changes is None:
        return [(row.entity_id, row.changes)]
    by_row: dict[str, dict[str, Any]] = json.loads(row.row_changes)
    return [
        (int(number), _from_nothing(values) if row.action == "create" else values)
        for number, values in by_row.items()
    ]


def _from_nothing(values: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    return {name: (None, value) for name, value in values.items() if value is not None}
