"""Writing what was changed beside the change itself, in the same transaction."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.work import Work

Changes = Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed of one thing; a school's, or the municipality's own."""

    changes: Changes
    entity_id: int | None = None
    school_id: int | None = None


# For statements that write many changes at once: the last columns of their entries.
BULK_ORIGIN = (
    "CAST(:reason AS text), CAST(:import_id AS bigint), CAST(:actor_id AS bigint),"
    " CAST(:request_id AS text), CAST(:address AS text), CAST(:now AS timestamptz)"
)


def bulk_origin(
    work: Work, import_id: int, *, reason: str | None = None
) -> dict[str, Any]:
    """Return the parameters that `BULK_ORIGIN` asks for."""
    return {
        "reason": reason,
        "import_id": import_id,
        "actor_id": work.user_id,
        "request_id": work.origin.request_id,
        "address": work.origin.address,
        "now": work.now,
    }


def created(values: Mapping[str, Any]) -> Changes:
    """Return the changes that bring these values about where nothing was."""
    return {name: [None, value] for name, value in values.items() if value is not None}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Return old and new values of the fields of `after` that differ from `before`."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }


async def record_change(
    work: Work,
    entity: str,
    action: str,
    changes: Changes,
    *,
    municipality_id: int | None,
    entity_id: int | None = None,
    school_id: int | None = None,
    reason: str | None = None,
    import_id: int | None = None,
) -> None:
    """Write an entry that is kept if, and only if, the change is.

    `entity` is in the singular for one thing, a table's name for a set of rows.
    Changes hold neither passwords nor names of persons: what is written here stays.
    """
    await record_changes(
        work,
        entity,
        action,
        [Change(changes=changes, entity_id=entity_id, school_id=school_id)],
        municipality_id=municipality_id,
        reason=reason,
        import_id=import_id,
    )


async def record_changes(
    work: Work,
    entity: str,
    action: str,
    changes: Iterable[Change],
    *,
    municipality_id: int | None,
    reason: str | None = None,
    import_id: int | None = None,
) -> None:
    """Write an entry for each of several things that one action changed."""
    same = {
        "municipality_id": municipality_id,
        "entity": entity,
        "action": action,
        "reason": reason,
        "actor_id": work.user_id,
        "request_id": work.origin.request_id,
        "import_id": import_id,
        "address": work.origin.address,
        "at": work.now,
    }
    entries = [
        {
            **same,
            "school_id": change.school_id,
            "entity_id": change.entity_id,
            "changes": json.loads(json.dumps(change.changes, default=str)),
        }
        for change in changes
    ]
    # Returning their numbers would ask for the right to read, which a school may lack.
    if entries:
        await work.session.execute(insert(AuditEntryRow).inline().values(entries))
