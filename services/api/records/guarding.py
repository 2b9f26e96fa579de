"""Whether a row may still be changed, by its state or that of what it belongs to."""

from collections.abc import Mapping
from typing import Any

from services.api.datasets.recording import Recording
from services.api.records import repository
from shared.persistence.work import Work


async def require_possible(
    work: Work, recording: Recording, values: Mapping[str, Any]
) -> None:
    """Refuse a new row where the one that it belongs to is not to be changed.

    Raises:
        ConflictError: as the dataset's guard has it.
    """
    if recording.guarded_by is not None:
        await require_changeable(work, recording, values)


async def require_changeable(
    work: Work, recording: Recording, *rows: Mapping[str, Any]
) -> None:
    """Refuse to change or remove a row; `rows` are the row before and, maybe, after.

    What it belongs to stays as it is until the transaction ends.

    Raises:
        ConflictError: as the dataset's guard has it.
    """
    guard, column = recording.guard, recording.guarded_by
    if guard is None:
        return
    if column is None:
        guard(rows[0])
        return
    table = recording.references[column].__table__
    for number in sorted({row[column] for row in rows}):
        owner = await repository.lock_row(work, table, number)  # type: ignore[arg-type] # it is a Table
        if owner is not None:
            guard(owner)
