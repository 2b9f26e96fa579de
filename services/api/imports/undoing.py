"""Taking back what a committed file has written, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from services.api.http.auth import Actor
from services.api.imports import applying, events, repository
from services.api.imports.closed_years import require_open
from services.api.imports.errors import NotCommittedError, UndoBlockedError
from services.api.imports.formats import FORMATS
from services.api.imports.holding import require_restorable
from services.api.imports.records import Status, StoredImport
from services.api.imports.refusals import unknown_import
from services.api.imports.rights import require_format
from services.api.imports.statements import statements_of
from services.api.imports.targets import TargetTable
from services.api.imports.trace import leave_trace
from shared.contracts.domain_events import DomainEvent
from shared.domain.errors import Fault, Text
from shared.domain.permissions import Permission
from shared.persistence.audit import Changes, bulk_origin
from shared.persistence.work import Work

MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a file back has done."""

    id: int
    undone_at: datetime
    removed: int
    restored: int
    academic_years: list[int]
    synthetic: bool


async def undo(
    work: Work, actor: Actor, import_id: int, *, reason: str | None = None
) -> Undone:
    """Put back the values that the file replaced, and remove the rows that it made.

    Raises:
        ImportNotFoundError: the caller sees no such file.
        NotCommittedError: it is not committed, or was undone.
        YearLockedError, YearSubmittedError: a year was closed meanwhile, and right or
            reason to correct it are missing.
        UndoBlockedError: something that it wrote was changed since, or is named
            elsewhere.
    """
    file = await applying.lock_import(work, import_id)
    if file is None:
        raise unknown_import(import_id)
    if file.status != Status.COMMITTED:
        raise _not_committed(file)
    file_format = FORMATS[file.file_format]
    require_format(actor, file_format)
    target = file_format.target.table
    await require_open(
        work,
        target,
        import_id=import_id,
        municipality_id=file.municipality_id,
        reason=reason,
        may_correct=actor.may(Permission.YEARS_CORRECT),
    )
    await _require_untouched(work, target, import_id)
    await require_restorable(work, file_format.target, file)
    removed, restored = await _take_back(work, target, import_id, reason)
    years = await applying.tell_years(work, target, file, reason)
    counts = {"removed": removed, "restored": restored}
    event = DomainEvent.IMPORT_UNDONE
    await events.tell(work, event, file, target, years=years, counts=counts)
    await repository.update_import(
        work,
        import_id,
        status=Status.UNDONE,
        undone_at=work.now,
        undo_reason=reason,
    )
    changes: Changes = {"status": [file.status, Status.UNDONE]}
    await leave_trace(work, file, "undo", changes, reason=reason)
    return Undone(import_id, work.now, removed, restored, years, file.synthetic)


async def _require_untouched(work: Work, target: TargetTable, import_id: int) -> None:
    parameters = {"import_id": import_id, "limit": MOST_FAULTS}
    found = await work.session.execute(
        statements_of(target).find_changed_since, parameters
    )
    if changed := found.all():
        raise _blocked(import_id, changed)


async def _take_back(
    work: Work, target: TargetTable, import_id: int, reason: str | None
) -> tuple[int, int]:
    statements = statements_of(target)
    origin = bulk_origin(work, import_id, reason=reason)
    try:
        async with work.session.begin_nested():
            removed = await applying.run_bulk(work, statements.remove, origin)
            restored = await applying.run_bulk(work, statements.restore, origin)
    except IntegrityError as error:
        raise _named_elsewhere(import_id) from error
    return removed, restored


def _not_committed(file: StoredImport) -> NotCommittedError:
    if file.status == Status.UNDONE:
        when = file.undone_at and file.undone_at.isoformat(timespec="seconds")
        return NotCommittedError(
            Text(
                f"Загрузка {file.id} уже отменена {when}.",
                f"Import {file.id} was undone at {when}.",
            )
        )
    return NotCommittedError(
        Text(
            f"Загрузка {file.id} не применялась: отменять нечего.",
            f"Import {file.id} was not committed: there is nothing to undo.",
        )
    )


def _blocked(import_id: int, changed: Sequence[Any]) -> UndoBlockedError:
    later = sorted({row.later_import for row in changed} - {None})
    listed = ", ".join(str(each) for each in later)
    advice = (
        Text(
            f" Сначала отмените загрузки, которые были позже: {listed}.",
            f" Undo the later imports first: {listed}.",
        )
        if later
        else Text("", "")
    )
    total = changed[0].total
    return UndoBlockedError(
        Text(
            f"После загрузки {import_id} изменены записи, которые она внесла: {total}. "
            f"Ничего не отменено.{advice.ru}",
            f"Since import {import_id}, records that it wrote have been changed: "
            f"{total}. Nothing was undone.{advice.en}",
        ),
        faults=[_fault(row) for row in changed],
    )


def _fault(row: Any) -> Fault:
    if row.id is None:
        reason = Text("Запись удалена.", "The record was deleted.")
    elif row.later_import is not None:
        reason = Text(
            f"Запись {row.id} изменена загрузкой {row.later_import}.",
            f"Record {row.id} was changed by import {row.later_import}.",
        )
    else:
        reason = Text(
            f"Запись {row.id} исправлена вручную.",
            f"Record {row.id} was corrected by hand.",
        )
    return Fault(reason=reason, sheet=row.sheet, row=row.row)


def _named_elsewhere(import_id: int) -> UndoBlockedError:
    return UndoBlockedError(
        Text(
            f"На записи, которые внесла загрузка {import_id}, уже ссылаются другие. "
            "Ничего не отменено.",
            f"Records that import {import_id} wrote are named by others by now. "
            "Nothing was undone.",
        )
    )
