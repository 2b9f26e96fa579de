"""Scans of the signed document of an agreement, in the file store."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import delete, insert, select

from services.api.http.auth import Actor
from services.api.http.sent_files import SentFile
from services.api.mentoring.locking import lock_agreement
from services.api.mentoring.lookups import no_agreement
from services.api.mentoring.records import LockedAgreement
from services.api.mentoring.trace import leave_trace
from services.api.mentoring.usecases import places_of
from shared.domain.agreement_scans import (
    LONGEST_BEGINNING,
    check_scan,
    check_withdrawal,
)
from shared.domain.errors import ForbiddenError, NotFoundError, Text
from shared.domain.stored_files import key_of_report_file
from shared.persistence.audit import Changes, created
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.stored_files import hold_file
from shared.persistence.tables.agreements import AgreementRow, AgreementScanRow
from shared.persistence.work import Work
from shared.runtime.file_store import FileStore

_SCAN = AgreementScanRow.__table__.c


class ScanForbiddenError(ForbiddenError):
    """The caller is neither a party of the agreement nor its coordinator."""

    code = "agreement_scan_forbidden"
    title = Text("Скан прилагают стороны", "Scans are attached by the parties")


async def attach(
    work: Work, actor: Actor, agreement_id: int, file: SentFile, store: FileStore
) -> AnyRow:
    """Keep a scan of the signed agreement beside those that are there.

    Raises:
        NotFoundError: The caller sees no such agreement.
        ScanForbiddenError: The caller is neither a party nor its coordinator.
        NothingToScanError: It has no number yet.
        ScanRefusedError: The file is empty, too large or of another type.
        FileStoreUnavailableError: It cannot be stored.
    """
    locked = await _lock(work, actor, agreement_id)
    beginning = file.content.read(LONGEST_BEGINNING)
    file.content.seek(0)
    content_type = check_scan(
        file.size, beginning, is_registered=locked.registry_number is not None
    )
    key = key_of_report_file(locked.municipality_id, file.sha256)
    await hold_file(work, key)
    await store.put(key, file.content)
    statement = (
        insert(AgreementScanRow)
        .values(
            municipality_id=locked.municipality_id,
            agreement_id=agreement_id,
            name=file.name,
            content_type=content_type,
            size=file.size,
            sha256=file.sha256,
            added_by=actor.user_id,
            added_at=work.now,
        )
        .returning(*_SCAN)
    )
    row: AnyRow = (await work.session.execute(statement)).one()
    await _trace(
        work,
        locked,
        "attach_scan",
        created({"scan": row.id, "sha256": file.sha256.hex()}),
    )
    return row


async def withdraw(
    work: Work, actor: Actor, agreement_id: int, scan_id: int, reason: str | None
) -> None:
    """Take a scan away; its bytes go with the next sweep if nothing else names them.

    Raises:
        NotFoundError: The caller sees no such agreement, or it has no such scan.
        ScanForbiddenError: The caller is neither a party nor its coordinator.
        ScanReasonRequiredError: The agreement has been in force; no reason is given.
    """
    locked = await _lock(work, actor, agreement_id)
    statement = delete(AgreementScanRow).where(
        _SCAN.agreement_id == agreement_id, _SCAN.id == scan_id
    )
    gone = (await work.session.execute(statement.returning(*_SCAN))).one_or_none()
    if gone is None:
        raise _no_scan(agreement_id, scan_id)
    check_withdrawal(locked.agreement.status, reason)
    await _trace(
        work,
        locked,
        "withdraw_scan",
        {"scan": [scan_id, None], "sha256": [gone.sha256.hex(), None]},
        reason=reason,
    )


async def list_scans(
    work: Work, agreement_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` scans, oldest first.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    seen = select(AgreementRow.id).where(AgreementRow.id == agreement_id)
    if await work.session.scalar(seen) is None:
        raise no_agreement(agreement_id)
    statement = select(*_SCAN).where(_SCAN.agreement_id == agreement_id)
    return await read_page(
        work, statement, AgreementScanRow.id, after=after, limit=limit
    )


async def open_scan(
    work: Work, agreement_id: int, scan_id: int, store: FileStore
) -> tuple[AnyRow, AsyncIterator[bytes]]:
    """Return a scan and its bytes.

    Raises:
        NotFoundError: The caller sees no such scan.
        FileStoreUnavailableError: Its bytes cannot be read.
    """
    statement = select(*_SCAN).where(
        _SCAN.agreement_id == agreement_id, _SCAN.id == scan_id
    )
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        raise _no_scan(agreement_id, scan_id)
    return row, await store.read(key_of_report_file(row.municipality_id, row.sha256))


async def _lock(work: Work, actor: Actor, agreement_id: int) -> LockedAgreement:
    locked = await lock_agreement(work, agreement_id)
    if places_of(actor, locked.agreement):
        return locked
    raise ScanForbiddenError(
        Text(
            "Сканы прилагают и снимают школы договора и их координаторы.",
            "Scans are attached and withdrawn by the schools of the agreement and by "
            "their coordinators.",
        )
    )


async def _trace(
    work: Work,
    locked: LockedAgreement,
    action: str,
    changes: Changes,
    *,
    reason: str | None = None,
) -> None:
    await leave_trace(
        work,
        locked.id,
        action,
        changes,
        municipality_id=locked.municipality_id,
        concerned=locked.concerned,
        status=locked.agreement.status,
        reason=reason,
    )


def _no_scan(agreement_id: int, scan_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"У договора {agreement_id} нет скана {scan_id}.",
            f"The agreement {agreement_id} has no scan {scan_id}.",
        )
    )
