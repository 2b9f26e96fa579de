"""Reading the targets of a programme."""

from collections.abc import Sequence

from sqlalchemy import select

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.programmes import TargetIndicatorRow, TargetRangeRow
from shared.persistence.work import Work

_RANGE = TargetRangeRow.__table__.c
SORTS: Sortable = {
    "id": _RANGE.id,
    "year": _RANGE.year,
    "indicator_id": _RANGE.indicator_id,
}


async def find_target(
    work: Work, target_id: int, *, lock: bool = False
) -> AnyRow | None:
    """Return a target that the caller may see, locked until the transaction ends."""
    statement = (
        select(
            *_RANGE,
            TargetIndicatorRow.programme_id,
            TargetIndicatorRow.code.label("indicator_code"),
        )
        .join(TargetIndicatorRow, TargetIndicatorRow.id == _RANGE.indicator_id)
        .where(_RANGE.id == target_id)
    )
    if lock:
        statement = statement.with_for_update(of=TargetRangeRow)
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def list_targets(
    work: Work, *, programme_id: int | None, paging: NumberedPaging
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` targets of the programmes that the caller may see."""
    statement = select(*_RANGE, TargetIndicatorRow.programme_id).join(
        TargetIndicatorRow, TargetIndicatorRow.id == _RANGE.indicator_id
    )
    if programme_id is not None:
        statement = statement.where(TargetIndicatorRow.programme_id == programme_id)
    return await read_numbered_page(work, statement, paging, key=_RANGE.id, by=SORTS)
