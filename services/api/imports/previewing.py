"""Reading a file through: what its rows would do is kept batch by batch.

A small file is read in the transaction of its request. A large one is read after the
answer, each batch in a transaction of its own: how far it has come can be asked, and
whoever reads gives a sign of life with each batch.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from sqlalchemy import select

from services.api.imports import repository
from services.api.imports.closed_years import refuse_closed
from services.api.imports.holding import refuse_clashing
from services.api.imports.lines import Place, keep_lines
from services.api.imports.reading import Reading
from services.api.imports.records import Action, Status, stored_fault
from services.api.imports.targets import Resolver
from services.api.imports.trace import OwnedImport, leave_trace
from shared.domain.errors import DomainError, Fault, Text
from shared.persistence.engine import Database
from shared.persistence.tables.results import ImportRow
from shared.persistence.work import Origin, Work, begin, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

Transactions: TypeAlias = Callable[[], AbstractAsyncContextManager[Work]]

LIFE = timedelta(seconds=60)  # without a sign of it, a reading is taken for dead
SWEEP_SECONDS = 20.0

_INTERRUPTED = Text(
    "Чтение файла прервано, ничего не изменено. Загрузите файл снова.",
    "Reading the file was interrupted; nothing was changed. Upload the file again.",
)


class _SweptError(Exception):
    """The reading had been taken for dead before it ended."""


@dataclass(frozen=True, slots=True)
class _Dead:
    id: int
    municipality_id: int
    school_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A file that is being read, and what its rows are resolved by."""

    place: Place
    reading: Reading
    resolver: Resolver
    kept: dict[str, Any]  # what the audit is told of the file
    reason: str | None = None  # why data of closed years are changed
    may_correct: bool = False


async def read_through(preview: Preview, transactions: Transactions) -> None:
    """Keep what committing the file would do, row by row, and say that it is known.

    Rows are read while those before them are written.

    Raises:
        UnreadableFileError: something in the middle of the file cannot be read.
    """
    reading, resolver = preview.reading, preview.resolver
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    batch = await reading.next_batch(resolver)
    while batch is not None:
        following = asyncio.create_task(reading.next_batch(resolver))
        try:
            async with transactions() as work:
                counts += await keep_lines(work, preview.place, batch)
                skipped += batch.skipped
                await _note(work, preview, counts=_shown(counts, skipped))
        finally:
            await asyncio.wait([following])
        batch = following.result()
    place = preview.place
    async with transactions() as work:
        counts.update(await refuse_clashing(work, preview.reading.format.target, place))
        if not (preview.reason and preview.may_correct):
            may_correct = preview.may_correct
            counts.update(await refuse_closed(work, place, may_correct=may_correct))
        await _finish(work, preview, _shown(counts, skipped))


async def read_in_background(
    preview: Preview, database: Database, *, actor_id: int, origin: Origin
) -> None:
    """Read a large file through; whatever happens, its status says so in the end."""

    @asynccontextmanager
    async def transaction() -> AsyncIterator[Work]:
        async with begin(database, origin=origin) as work:
            await work.enter_as_system(preview.place.municipality_id)
            work.user_id = actor_id
            yield work

    place = preview.place
    faults = [Fault(reason=_INTERRUPTED)]
    try:
        await read_through(preview, transaction)
    except _SweptError:
        log.warning("import_was_swept", import_id=place.import_id)
    except DomainError as error:
        faults = [*error.faults] or [Fault(reason=error.detail)]
        await _fail(transaction, place, faults)
    except asyncio.CancelledError:
        await asyncio.shield(_fail(transaction, place, faults))
        raise
    except Exception as error:  # noqa: BLE001 (its text may quote what the file holds)
        kind = type(error).__name__
        log.warning("import_not_read", import_id=place.import_id, error=kind)
        await _fail(transaction, place, faults)
    finally:
        await preview.reading.close()


async def fail_interrupted(database: Database) -> None:
    """Say of files whose reading gave no sign of life that it was interrupted."""
    async with begin_as_system(database) as work:
        dead = select(ImportRow.id, ImportRow.municipality_id, ImportRow.school_id)
        dead = dead.where(
            ImportRow.status == Status.READING, ImportRow.read_at < system_now() - LIFE
        )
        locked = dead.with_for_update(skip_locked=True)
        for file in (await work.session.execute(locked)).all():
            await _write_failure(work, _Dead(*file), [Fault(reason=_INTERRUPTED)])


async def _note(work: Work, preview: Preview, **values: Any) -> None:
    meter = preview.reading.meter
    is_wanted = await repository.update_reading(
        work,
        preview.place.import_id,
        rows_read=meter.read,
        rows_total=max(meter.total, meter.read),
        read_at=system_now(),
        **values,
    )
    if not is_wanted:
        raise _SweptError


async def _finish(work: Work, preview: Preview, counts: dict[str, Any]) -> None:
    place = preview.place
    warnings = [stored_fault(fault) for fault in preview.resolver.warnings()]
    status = Status.PREVIEWED
    await _note(work, preview, counts=counts, warnings=warnings, status=status)
    changes = {
        name: [None, value]
        for name, value in {**preview.kept, "counts": counts, "status": status}.items()
    }
    await leave_trace(work, place, "create", changes, reason=preview.reason)


async def _fail(transactions: Transactions, place: Place, faults: list[Fault]) -> None:
    async with transactions() as work:
        await _write_failure(work, place, faults)


async def _write_failure(work: Work, file: OwnedImport, faults: list[Fault]) -> None:
    told = [stored_fault(fault) for fault in faults]
    status = Status.FAILED
    is_wanted = await repository.update_reading(
        work, file.id, status=status, warnings=told, counts=no_counts()
    )
    if is_wanted:
        await repository.delete_lines(work, file.id)
        changes = {"status": [Status.READING, status]}
        await leave_trace(work, file, "fail", changes)


def no_counts() -> dict[str, Any]:
    """Return the counts of a file of which no row has been read."""
    return _shown(Counter(), Counter())


def _shown(counts: Counter[str], skipped: Counter[str]) -> dict[str, Any]:
    return {
        **{action.value: counts[action] for action in Action},
        "skipped": skipped.total(),
        "skipped_by": dict(skipped),
    }
