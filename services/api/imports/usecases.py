"""Previewing an uploaded file, and committing what was previewed."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.api.http.auth import Actor
from services.api.imports import applying, repository
from services.api.imports.errors import (
    AlreadyCommittedError,
    BadRowsError,
    ImportNotFoundError,
    ImportOutdatedError,
    InvalidImportError,
)
from services.api.imports.mark_results import Lookup
from services.api.imports.preview import Action, Line, Target, compare, resolve_file
from services.api.imports.records import (
    CommitMode,
    Municipality,
    StoredImport,
    fault_of,
    stored_fault,
)
from services.api.imports.trace import leave_trace
from services.api.imports.uploads import VPR, Upload
from shared.contracts.events import EventKind
from shared.domain.errors import Fault, NotFoundError, Text
from shared.domain.result_rules import Procedure
from shared.domain.sittings import Season
from shared.persistence.audit import Changes, created
from shared.persistence.outbox import record
from shared.persistence.work import Work

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


async def preview(work: Work, actor: Actor, upload: Upload) -> int:
    """Keep what committing the file would do, and return the file's id.

    Raises:
        NotFoundError: the municipality is unknown or not the caller's.
        InvalidImportError: the procedure does not give such results, or an
            administrator named no municipality.
    """
    municipality = await _municipality(work, actor, upload.options.municipality_id)
    procedure = await _procedure(work, upload.options.procedure)
    lookup = Lookup(
        await repository.read_directory(work, municipality.id),
        await repository.read_subject_spellings(work),
    )
    season = _season(procedure, upload.options.season)
    target = Target(municipality.name, lookup, procedure, season, today=work.now.date())
    file = await asyncio.to_thread(resolve_file, upload.rows, target)
    existing = await repository.read_existing(
        work, municipality.id, procedure.code, file.academic_years
    )
    lines = await asyncio.to_thread(compare, file, existing)
    values = {
        "municipality_id": municipality.id,
        "file_format": upload.options.file_format,
        "file_name": upload.file_name,
        "sha256": upload.sha256,
        "options": {"procedure": procedure.code, "season": upload.options.season},
        "counts": _counts(lines, file.skipped),
        "warnings": [stored_fault(fault) for fault in file.warnings],
        "created_by": actor.user_id,
    }
    import_id = await repository.insert_import(work, values)
    await repository.insert_lines(work, municipality.id, import_id, lines)
    kept = {name: values[name] for name in ("sha256", "file_format", "counts")}
    changes = created(kept | {"status": "previewed"})
    await leave_trace(
        work, import_id, "create", changes, municipality_id=municipality.id
    )
    return import_id


async def commit(work: Work, import_id: int, mode: CommitMode) -> Committed:
    """Write the previewed lines into the results, all as previewed or none.

    Raises:
        ImportNotFoundError: the caller sees no such file.
        AlreadyCommittedError: it has been committed.
        BadRowsError: it has bad rows, and all rows or nothing was asked for.
        ImportOutdatedError: a result it speaks of appeared or changed meanwhile.
    """
    file = await applying.lock_import(work, import_id)
    if file is None:
        raise unknown_import(import_id)
    if file.status == "committed":
        raise _already_committed(file)
    counts = file.counts
    if mode is CommitMode.ALL_OR_NOTHING and counts[Action.BAD]:
        raise await _bad_rows(work, file)
    written = {
        Action.NEW: await applying.insert_new(
            work, import_id, file.options["procedure"]
        ),
        Action.CHANGED: await applying.update_changed(work, import_id),
        Action.UNCHANGED: await applying.count_still_unchanged(work, import_id),
    }
    if any(counts[action] != count for action, count in written.items()):
        raise _outdated(import_id)
    years = await applying.read_years(work, import_id)
    await applying.mark_committed(work, import_id, mode=mode)
    changes: Changes = {"status": [file.status, "committed"], "mode": [None, mode]}
    owner = file.municipality_id
    await leave_trace(work, import_id, "commit", changes, municipality_id=owner)
    for year in years:
        await record(
            work,
            EventKind.RESULTS_CHANGED,
            municipality_id=file.municipality_id,
            academic_year=year,
            payload={"import_id": import_id},
        )
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


def unknown_import(import_id: int) -> ImportNotFoundError:
    """Say that there is no such file, for whatever reason."""
    return ImportNotFoundError(
        Text(
            f"Загрузки {import_id} нет или она вам недоступна.",
            f"There is no import {import_id}, or it is not accessible to you.",
        )
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
    found = await repository.read_municipality(work, municipality_id)
    if found is None:
        reason = Text(
            f"Муниципалитета {municipality_id} нет или он вам недоступен.",
            f"There is no municipality {municipality_id}, or it is not accessible to "
            "you.",
        )
        column, value = "municipality_id", str(municipality_id)
        fault = Fault(reason=reason, column=column, value=value)
        raise NotFoundError(reason, faults=[fault])
    return found


async def _procedure(work: Work, code: str) -> Procedure:
    marked = await repository.read_marked_procedures(work)
    if code in marked:
        return marked[code]
    listed = ", ".join(sorted(marked))
    reason = Text(
        f"Файл с отметками может относиться к процедурам: {listed}.",
        f"A file of marks can be of these procedures: {listed}.",
    )
    fault = Fault(reason=reason, column="procedure", value=code)
    raise InvalidImportError(reason, faults=[fault])


def _season(procedure: Procedure, stated: Season | None) -> Season | None:
    # Only the ВПР was moved to autumn in some years, which its rows' years tell.
    return stated or (None if procedure.code == VPR else Season.SPRING)


def _counts(lines: list[Line], skipped: Counter[str]) -> dict[str, Any]:
    found = Counter(line.action for line in lines)
    return {
        **{action.value: found[action] for action in Action},
        "skipped": skipped.total(),
        "skipped_by": dict(skipped),
    }


def _already_committed(file: StoredImport) -> AlreadyCommittedError:
    when = file.committed_at and file.committed_at.isoformat(timespec="seconds")
    return AlreadyCommittedError(
        Text(
            f"Загрузка {file.id} уже применена {when}. Чтобы загрузить исправленный "
            "файл, отправьте его снова: POST /v1/imports.",
            f"Import {file.id} was committed at {when}. To upload a corrected file, "
            "send it again: POST /v1/imports.",
        )
    )


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


def _outdated(import_id: int) -> ImportOutdatedError:
    return ImportOutdatedError(
        Text(
            f"После просмотра загрузки {import_id} её результаты изменились или "
            "появились; ничего не применено. Загрузите файл снова и проверьте, что "
            "изменится.",
            f"Since import {import_id} was previewed, its results have changed or "
            "appeared; nothing was committed. Upload the file again and check what "
            "will change.",
        )
    )
