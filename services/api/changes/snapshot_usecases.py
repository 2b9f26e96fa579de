"""Beginning a copy at a number of the feed, and reading it piece by piece.

No transaction is kept open for a copy. A piece shows what stands in it when it is read;
whatever has changed since the snapshot has a number after its own, so that the feed
from there makes of all pieces together the present state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from services.api.changes import snapshot_repository as repository
from services.api.changes.schemas import SnapshotIn
from services.api.changes.usecases import readable_datasets
from services.api.datasets.dataset import Dataset
from services.api.datasets.places import FED
from services.api.datasets.traces import trace_reading
from services.api.http.auth import Actor
from shared.domain.errors import NotFoundError, Text
from shared.persistence.feed import read_state
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now


class SnapshotNotFoundError(NotFoundError):
    """There is no such snapshot of the caller's, or it has no such partition."""

    code = "snapshot_not_found"
    title = Text("Снимок не найден", "Snapshot not found")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a dataset: by numbers of rows, or by municipality and year."""

    dataset: Dataset
    bounds: Mapping[str, Any]


async def begin_snapshot(work: Work, actor: Actor, wanted: SnapshotIn) -> AnyRow:
    """Divide the datasets wanted, as they are after the last number of the feed.

    Raises:
        InvalidInputError: there is no such dataset.
        DatasetNotReadableError: the caller may not read one that was asked for.
    """
    codes = readable_datasets(actor, wanted.datasets or ())
    # First of all: what comes later has a later number, and is in the feed.
    state = await read_state(work)
    partitions = [
        {"dataset": code, **bounds}
        for code in codes
        for bounds in await repository.divide(
            work, FED[code], wanted.rows_per_partition
        )
    ]
    return await repository.write_snapshot(
        work, actor.user_id, state, partitions, now=system_now()
    )


async def find_snapshot(work: Work, snapshot_id: int) -> AnyRow:
    """Return a snapshot of the caller's.

    Raises:
        SnapshotNotFoundError: there is none.
    """
    found = await repository.find_snapshot(work, snapshot_id)
    if found is None:
        raise SnapshotNotFoundError(
            Text(
                f"Снимка {snapshot_id} нет. Создайте новый: POST /v1/snapshots.",
                f"There is no snapshot {snapshot_id}. Take one: POST /v1/snapshots.",
            )
        )
    return found


async def find_piece(
    work: Work, actor: Actor, snapshot_id: int, partition: int
) -> Piece:
    """Return a piece of a snapshot, counted from 1.

    Raises:
        SnapshotNotFoundError: there is none.
        DatasetNotReadableError: the caller may not read the dataset any more.
    """
    pieces = (await find_snapshot(work, snapshot_id)).partitions
    if not 1 <= partition <= len(pieces):
        raise SnapshotNotFoundError(
            Text(
                f"Частей в снимке {len(pieces)}, части {partition} нет.",
                f"The snapshot has {len(pieces)} partitions, not one {partition}.",
            )
        )
    bounds = dict(pieces[partition - 1])
    code = bounds.pop("dataset")
    readable_datasets(actor, [code])
    return Piece(FED[code], bounds)


async def write_piece(work: Work, actor: Actor, piece: Piece, target: IO[bytes]) -> int:
    """Write a line of JSON for each row; return how many there are."""
    dataset = piece.dataset
    start = f'{{"type":"row","dataset":"{dataset.code}","row":'.encode()
    rows = 0
    async for batch in repository.read_piece(work, dataset, piece.bounds):
        target.writelines(start + content.encode() + b"}\n" for content in batch)
        rows += len(batch)
    await trace_reading(
        work,
        dataset,
        rows=rows,
        how="snapshot",
        municipality_id=actor.municipality_id,
        school_id=actor.school_id,
    )
    return rows
