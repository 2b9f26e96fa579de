"""Reading and changing the targets of a programme."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from shared.persistence.paging import AnyRow
from shared.persistence.tables.programmes import TargetIndicatorRow, TargetRangeRow
from shared.persistence.work import Work

_RANGE = TargetRangeRow.__table__.c


async def find_target(
    work: Work, target_id: int, *, lock: bool = False
) -> AnyRow | None:
    """Return a target that the caller may see, locked until the transaction ends."""
    statement = (
        select(*_RANGE, TargetIndicatorRow.programme_id)
        .join(TargetIndicatorRow, TargetIndicatorRow.id == _RANGE.indicator_id)
        .where(_RANGE.id == target_id)
    )
    if lock:
        statement = statement.with_for_update(of=TargetRangeRow)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def replace_target(work: Work, target_id: int, values: Mapping[str, Any]) -> None:
    """Write the target's next version."""
    await work.session.execute(
        update(TargetRangeRow)
        .where(TargetRangeRow.id == target_id)
        .values(**values, version=TargetRangeRow.version + 1)
    )
