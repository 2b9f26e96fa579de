"""Dividing datasets into pieces, and reading a piece."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select

from services.api.datasets.contents import as_json
from services.api.datasets.dataset import Dataset
from services.api.datasets.places import id_of, is_own, within_own
from shared.contracts.events import Topic
from shared.persistence.feed import FeedState
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.feed import SnapshotRow
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import Work

BATCH = 1000  # rows


async def divide(work: Work, dataset: Dataset, size: int) -> list[dict[str, Any]]:
    """Return pieces with about `size` rows of what is the caller's own.

    The last one has no end: it takes in what is added meanwhile. What runs replace is
    divided by municipality and academic year.
    """
    column = id_of(dataset)
    if column is None:
        return await _divide_by_run(work)
    ids = select(column.label("id")).select_from(dataset.rows).where(is_own(dataset))
    known = ids.distinct().subquery()
    place = func.row_number().over(order_by=known.c.id)
    placed = select(known.c.id, ((place - 1) // size).label("piece")).subquery()
    statement = (
        select(func.max(placed.c.id).label("last"), func.count().label("rows"))
        .group_by(placed.c.piece)
        .order_by(placed.c.piece)
    )
    pieces: list[dict[str, Any]] = []
    after = 0
    for row in await work.session.execute(statement):
        pieces.append({"after_id": after, "up_to_id": row.last, "rows": row.rows})
        after = row.last
    last = pieces.pop() if pieces else {"after_id": 0, "rows": 0}
    return [*pieces, {**last, "up_to_id": None}]


async def _divide_by_run(work: Work) -> list[dict[str, Any]]:
    runs = (
        select(CurrentRunRow.municipality_id, CurrentRunRow.year)
        .where(
            CurrentRunRow.topic == Topic.RESULTS,
            within_own(CurrentRunRow.municipality_id),
        )
        .order_by(CurrentRunRow.municipality_id, CurrentRunRow.year)
    )
    return [
        {"municipality_id": run.municipality_id, "academic_year": run.year}
        for run in await work.session.execute(runs)
    ]


async def read_piece(
    work: Work, dataset: Dataset, piece: Mapping[str, Any]
) -> AsyncIterator[Sequence[str]]:
    """Yield the rows of a piece as JSON texts, by the dataset's columns."""
    rows = dataset.select(
        municipality_id=piece.get("municipality_id"),
        academic_year=piece.get("academic_year"),
    ).where(is_own(dataset))
    column = id_of(dataset)
    if column is not None:
        rows = rows.where(column > piece["after_id"])
        if piece["up_to_id"] is not None:
            rows = rows.where(column <= piece["up_to_id"])
    _, content = as_json(rows)
    result = await work.session.stream(
        select(content), execution_options={"yield_per": BATCH}
    )
    async for batch in result.scalars().partitions():
        yield batch


async def write_snapshot(
    work: Work,
    user_id: int,
    state: FeedState,
    partitions: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> AnyRow:
    """Write a snapshot and return it."""
    statement = (
        insert(SnapshotRow)
        .values(
            user_id=user_id,
            feed=state.identity,
            number=state.last_number,
            partitions=list(partitions),
            created_at=now,
        )
        .returning(*_COLUMNS)
    )
    return (await work.session.execute(statement)).one()


_COLUMNS: Any = (
    SnapshotRow.id,
    SnapshotRow.feed,
    SnapshotRow.number,
    SnapshotRow.partitions,
    SnapshotRow.created_at,
)
_SNAPSHOTS: Select[Any] = select(*_COLUMNS)


async def find_snapshot(work: Work, snapshot_id: int) -> AnyRow | None:
    """Return a snapshot of the caller's."""
    found = await work.session.execute(_SNAPSHOTS.where(SnapshotRow.id == snapshot_id))
    row: AnyRow | None = found.one_or_none()
    return row


async def list_snapshots(work: Work, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Return up to `limit + 1` snapshots of the caller's, by number."""
    return await read_page(work, _SNAPSHOTS, SnapshotRow.id, after=after, limit=limit)
