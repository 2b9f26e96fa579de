"""Writing events beside the change they tell of, in the same transaction."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import insert

from shared.contracts.events import EventKind
from shared.contracts.traces import traceparent
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import Work


async def record(
    work: Work,
    kind: EventKind,
    *,
    municipality_id: int,
    school_id: int | None = None,
    academic_year: int | None = None,
    payload: dict[str, Any] | None = None,
) -> int:
    """Write an event that becomes visible when the change does; return its number."""
    statement = (
        insert(OutboxRow)
        .values(
            kind=kind,
            municipality_id=municipality_id,
            school_id=school_id,
            academic_year=academic_year,
            payload=payload or {},
            created_at=work.now,
            trace_parent=traceparent(),
        )
        .returning(OutboxRow.number)
    )
    return (await work.session.execute(statement)).scalar_one()


async def record_for_each(
    work: Work,
    kind: EventKind,
    municipality_ids: Collection[int],
    *,
    payload: dict[str, Any],
) -> None:
    """Write an event that concerns several municipalities, one for each of them."""
    trace_parent = traceparent()
    rows = [
        {
            "kind": kind,
            "municipality_id": municipality_id,
            "payload": payload,
            "created_at": work.now,
            "trace_parent": trace_parent,
        }
        for municipality_id in municipality_ids
    ]
    if rows:
        await work.session.execute(insert(OutboxRow).values(rows))
