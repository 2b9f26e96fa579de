"""Handing in reports on deadlines, and deciding what becomes of them."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.roadmaps import submission_repository as repository
from services.api.roadmaps.receiving import Report
from services.api.roadmaps.refusals import unknown_deadline
from services.api.scheduling.returns import tell_of_returned_report
from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.deadlines import (
    DeadlineKind,
    DeadlineState,
    DeadlineStep,
    handed_in,
    take_step,
)
from shared.domain.errors import NotFoundError, Text
from shared.domain.stored_files import key_of_report_file
from shared.domain.submissions import require_result
from shared.persistence.audit import Changes, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.stored_files import hold_file
from shared.persistence.work import Work
from shared.runtime.file_store import FileStore

ENTITY = "deadline"
_HAPPENED = {
    DeadlineState.SUBMITTED: DeadlinesHappening.SUBMITTED,
    DeadlineState.RETURNED: DeadlinesHappening.RETURNED,
    DeadlineState.DONE: DeadlinesHappening.DONE,
}


async def submit(
    work: Work,
    actor: Actor,
    number: int,
    expected: Expected,
    *,
    report: Report,
    store: FileStore,
) -> int:
    """Hand a report in; return its number. The municipality's own one closes.

    Files are stored before their rows, so that no row names a file that is missing;
    what a refused report leaves in the store is swept a day later.

    Raises:
        NotFoundError: the caller sees no such deadline, or it is another school's.
        DeadlineWrongStateError: nothing is owed for it now.
        DeadlineFollowsRecordError: it is met by what is done with its record.
        SubmissionRefusedError: there is no result in the report.
        FileStoreUnavailableError: the files cannot be stored.
    """
    row = await _lock(work, actor, number, expected)
    is_municipal = row.school_id is None
    state = handed_in(
        DeadlineState(row.state), kind=DeadlineKind(row.kind), is_municipal=is_municipal
    )
    require_result(report.text, report.links, [file.size for file in report.files])
    for file in sorted(report.files, key=lambda each: each.sha256):
        key = key_of_report_file(row.municipality_id, file.sha256)
        await hold_file(work, key)
        await store.put(key, file.content)
    today = work.today_in(row.time_zone)
    submission = await repository.insert_submission(work, row, report, today=today)
    done_on = None
    if is_municipal:
        await repository.decide(work, number, DeadlineStep.ACCEPT, None)
        done_on = today
    handed: Changes = {
        "links": [None, len(report.links)],
        "files": [None, [file.sha256.hex() for file in report.files]],
    }
    await _write(work, row, DeadlineStep.SUBMIT, state, done_on=done_on, more=handed)
    return submission


async def accept(
    work: Work, actor: Actor, number: int, expected: Expected, comment: str | None
) -> None:
    """Accept the report that waits; its deadline was met on the day it was sent.

    Raises:
        NotFoundError: the caller sees no such deadline.
        DeadlineWrongStateError: no report waits.
    """
    step = DeadlineStep.ACCEPT
    row = await _lock(work, actor, number, expected)
    state = take_step(DeadlineState(row.state), step, kind=DeadlineKind(row.kind))
    report = await repository.decide(work, number, step, comment)
    await _write(work, row, step, state, done_on=report.submitted_on, reason=comment)


async def send_back(
    work: Work, actor: Actor, number: int, expected: Expected, comment: str
) -> None:
    """Return the report that waits, saying what it lacks.

    Raises:
        NotFoundError: the caller sees no such deadline.
        DeadlineWrongStateError: no report waits.
    """
    step = DeadlineStep.RETURN
    row = await _lock(work, actor, number, expected)
    state = take_step(DeadlineState(row.state), step, kind=DeadlineKind(row.kind))
    await repository.decide(work, number, step, comment)
    await _write(work, row, step, state, reason=comment)
    await tell_of_returned_report(work, number, comment)


async def open_file(
    work: Work, number: int, store: FileStore
) -> tuple[Any, AsyncIterator[bytes]]:
    """Return what is known of a file, and its bytes.

    Raises:
        NotFoundError: the caller sees no such file.
        FileStoreUnavailableError: it cannot be read.
    """
    row = await repository.read_file(work, number)
    if row is None:
        raise NotFoundError(
            Text(
                f"Файла {number} нет или он вам недоступен.",
                f"There is no file {number}, or it is not accessible to you.",
            )
        )
    return row, await store.read(key_of_report_file(row.municipality_id, row.sha256))


async def _lock(work: Work, actor: Actor, number: int, expected: Expected) -> AnyRow:
    row = await repository.lock_deadline(work, number)
    # A school may come to see its partners' deadlines, but reports on its own.
    if row is None or actor.school_id not in (None, row.school_id):
        raise unknown_deadline(number)
    expected.check(row.revision)
    return row


async def _write(
    work: Work,
    row: AnyRow,
    step: DeadlineStep,
    state: DeadlineState,
    *,
    done_on: date | None = None,
    reason: str | None = None,
    more: Changes | None = None,
) -> None:
    await repository.write_state(work, row.id, state, done_on)
    await record_change(
        work,
        ENTITY,
        step,
        {"state": [row.state, state], **(more or {})},
        municipality_id=row.municipality_id,
        entity_id=row.id,
        school_id=row.school_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.DEADLINES_CHANGED,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        payload={"happened": _HAPPENED[state], "deadlines": [row.id]},
    )
