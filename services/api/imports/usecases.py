"""Previewing an uploaded file, and committing what was previewed."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.api.http.auth import Actor
from services.api.imports import applying, directory, events, repository
from services.api.imports.closed_years import require_open
from services.api.imports.errors import BadRowsError, InvalidImportError
from services.api.imports.formats import FORMATS
from services.api.imports.holding import require_not_refused
from services.api.imports.lines import Place
from services.api.imports.previewing import Preview, no_counts, read_through
from services.api.imports.records import (
    Action,
    CommitMode,
    Municipality,
    Status,
    StoredImport,
    fault_of,
)
from services.api.imports.refusals import (
    already_committed,
    not_read,
    outdated,
    unknown_import,
)
from services.api.imports.rights import require_format
from services.api.imports.trace import leave_trace
from services.api.imports.uploads import Upload
from shared.contracts.domain_events import DomainEvent
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.permissions import Permission
from shared.persistence.audit import Changes
from shared.persistence.work import Work
from shared.runtime.clock import system_now

FIRST_BAD_ROWS = 10


@dataclass(frozen=True, slots=True)
class Committed:
    """What committing a file has done."""

    id: int
    mode: CommitMode
    committed_at: datetime
    new: int
    changed: int
    unchanged: int
    left_out: int
    academic_years: list[int]
    synthetic: bool


async def begin_preview(
    work: Work, actor: Actor, upload: Upload, *, reason: str | None
) -> Preview:
    """Keep that the file is being read.

    Raises:
        NotFoundError: the municipality is unknown or not the caller's.
        ForbiddenError: writing such rows takes a permission that the caller lacks.
        InvalidImportError: what was said of the file does not go together with its
            format or the caller, or an administrator named no municipality.
    """
    municipality = await _municipality(work, actor, upload.municipality_id)
    reading = upload.reading
    file_format, options = reading.format, reading.options
    require_format(actor, file_format)
    target, roles = file_format.target, file_format.roles
    resolver = await target.prepare(work, municipality, options, roles)
    kept = {"sha256": upload.sha256, "file_format": file_format.code}
    values: dict[str, Any] = {
        **kept,
        "municipality_id": municipality.id,
        "school_id": municipality.only_school,
        "file_name": upload.file_name,
        "options": {**options.stated(), "reason": reason},
        "counts": no_counts(),
        "warnings": [],
        "created_by": actor.user_id,
        "read_at": system_now(),
    }
    import_id = await repository.insert_import(work, values)
    place = Place(
        import_id=import_id,
        municipality_id=municipality.id,
        school_id=municipality.only_school,
        table=target.table,
        roles=roles,
        columns=file_format.columns,
    )
    return Preview(
        place=place,
        reading=reading,
        resolver=resolver,
        kept=kept,
        reason=reason,
        may_correct=actor.may(Permission.YEARS_CORRECT),
    )


async def preview(
    work: Work, actor: Actor, upload: Upload, *, reason: str | None = None
) -> Preview:
    """Keep what committing the file would do, all of it if the file is small.

    Raises:
        NotFoundError, InvalidImportError: as `begin_preview` says.
        UnreadableFileError: something in the middle of a small file cannot be read.
    """
    begun = await begin_preview(work, actor, upload, reason=reason)
    if upload.reading.is_whole:
        await read_through(begun, lambda: nullcontext(work))
    return begun


async def commit(
    work: Work,
    actor: Actor,
    import_id: int,
    mode: CommitMode,
    *,
    reason: str | None = None,
) -> Committed:
    """Write the previewed lines into the results, all as previewed or none.

    Raises:
        ImportNotFoundError: the caller sees no such file.
        NotReadError: it is still being read, or could not be.
        AlreadyCommittedError: it has been committed.
        BadRowsError: it has bad rows, and all rows or nothing was asked for.
        YearLockedError, YearSubmittedError: a year was closed meanwhile, and right or
            reason to correct it are missing.
        ImportOutdatedError: a row it speaks of appeared or changed meanwhile, or would
            be refused by now.
    """
    file = await applying.lock_import(work, import_id)
    if file is None:
        raise unknown_import(import_id)
    _require_previewed(file)
    counts = file.counts
    if mode is CommitMode.ALL_OR_NOTHING and counts[Action.BAD]:
        raise await _bad_rows(work, file)
    file_format = FORMATS[file.file_format]
    require_format(actor, file_format)
    target = file_format.target.table
    reason = reason or file.options.get("reason")
    await require_open(
        work,
        target,
        import_id=import_id,
        municipality_id=file.municipality_id,
        reason=reason,
        may_correct=actor.may(Permission.YEARS_CORRECT),
    )
    await require_not_refused(work, file_format.target, file)
    written = await applying.write_lines(work, target, import_id, reason=reason)
    if written is None or any(written[each] != counts[each] for each in written):
        raise outdated(import_id)
    years = await applying.tell_years(work, target, file, reason)
    told = {str(action): count for action, count in written.items()}
    event = DomainEvent.IMPORT_COMMITTED
    await events.tell(work, event, file, target, years=years, counts=told)
    await repository.update_import(
        work,
        import_id,
        status=Status.COMMITTED,
        committed_at=work.now,
        committed_mode=mode,
    )
    changes: Changes = {
        "status": [file.status, Status.COMMITTED],
        "mode": [None, mode],
    }
    await leave_trace(work, file, "commit", changes, reason=reason)
    return Committed(
        id=import_id,
        mode=mode,
        committed_at=work.now,
        new=written[Action.NEW],
        changed=written[Action.CHANGED],
        unchanged=written[Action.UNCHANGED],
        left_out=counts[Action.BAD],
        academic_years=years,
        synthetic=file.synthetic,
    )


async def _municipality(work: Work, actor: Actor, wanted: int | None) -> Municipality:
    municipality_id = wanted or actor.municipality_id
    if municipality_id is None:
        reason = Text(
            "Укажите муниципалитет: поле municipality_id.",
            "Name the municipality: field municipality_id.",
        )
        fault = Fault(reason=reason, column="municipality_id")
        raise InvalidImportError(reason, faults=[fault])
    found = await directory.read_municipality(work, municipality_id)
    if found is None:
        reason = Text(
            f"Муниципалитета {municipality_id} нет или он вам недоступен.",
            f"There is no municipality {municipality_id}, or it is not accessible to "
            "you.",
        )
        column, value = "municipality_id", str(municipality_id)
        fault = Fault(reason=reason, column=column, value=value)
        raise NotFoundError(reason, faults=[fault])
    return replace(found, only_school=actor.school_id)


def _require_previewed(file: StoredImport) -> None:
    match Status(file.status):
        case Status.PREVIEWED:
            return
        case Status.COMMITTED | Status.UNDONE:
            raise already_committed(file)
        case Status.READING | Status.FAILED:
            raise not_read(file)


async def _bad_rows(work: Work, file: StoredImport) -> BadRowsError:
    lines = await repository.list_lines(
        work, file.id, action=Action.BAD, after=0, limit=FIRST_BAD_ROWS - 1
    )
    faults = [fault_of(each) for line in lines for each in line.faults]
    count, address = file.counts[Action.BAD], f"/v1/imports/{file.id}/lines?action=bad"
    return BadRowsError(
        Text(
            f"Строк с ошибками: {count}, ничего не изменено. Исправьте файл и "
            "загрузите его снова или примените остальные строки: mode=partial. Все "
            f"ошибки: GET {address}.",
            f"Bad rows: {count}; nothing was changed. Correct the file and upload it "
            "again, or commit the other rows: mode=partial. All faults: "
            f"GET {address}.",
        ),
        faults=faults,
    )
