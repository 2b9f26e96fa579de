"""Reading agreements with the names of their schools and their history."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Row, Select, column, func, or_, select, true

from services.api.mentoring.locking import read_plan, registry_number_of
from services.api.mentoring.lookups import no_agreement
from services.api.mentoring.narrowing import AgreementFilter
from services.api.mentoring.records import (
    AgreementRecord,
    Author,
    EventRecord,
    Party,
    SignatureRecord,
    SummaryRecord,
)
from shared.domain.agreement_terms import SharedDataset
from shared.domain.agreements import AgreementStatus, Side
from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import Sortable
from shared.persistence.tables.agreements import (
    AgreementConfirmationRow,
    AgreementEventRow,
    AgreementRow,
    AgreementSignatureRow,
)
from shared.persistence.work import Work

# To the other municipality's users the schools' own rows are hidden.
_LABEL = (
    "code",
    "name",
    "municipality_id",
    "municipality_name",
    column("synthetic", Boolean),
)
_MENTOR = (
    func.tenancy.school_label(AgreementRow.mentor_school_id)
    .table_valued(*_LABEL)
    .lateral("mentor")
)
_MENTEE = (
    func.tenancy.school_label(AgreementRow.mentee_school_id)
    .table_valued(*_LABEL)
    .lateral("mentee")
)
SORTS: Sortable = {
    "id": AgreementRow.__table__.c.id,
    "starts_on": AgreementRow.__table__.c.starts_on,
    "ends_on": AgreementRow.__table__.c.ends_on,
    "status": AgreementRow.__table__.c.status,
    "created_at": AgreementRow.__table__.c.created_at,
}


async def list_agreements(
    work: Work, wanted: AgreementFilter, paging: NumberedPaging
) -> Sequence[SummaryRecord]:
    """Return up to `limit + 1` agreements that the caller may see.

    Raises:
        NotFoundError: The caller sees no such school or municipality.
    """
    await wanted.require_seen(work)
    statement = _summaries().where(*wanted.conditions())
    key = AgreementRow.__table__.c.id
    rows = await read_numbered_page(work, statement, paging, key=key, by=SORTS)
    return [SummaryRecord(**_fields_of(row)) for row in rows]


async def read_agreement(work: Work, agreement_id: int) -> AgreementRecord:
    """Return an agreement with its plan, signatures and history.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    statement = _summaries().where(AgreementRow.id == agreement_id)
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        raise no_agreement(agreement_id)
    authors = await _authors(work, agreement_id)
    return AgreementRecord(
        **_fields_of(row),
        plan=await read_plan(work, agreement_id),
        signatures=await _signatures(work, agreement_id, authors),
        confirmations=await _confirmations(work, agreement_id, authors),
        events=await _events(work, agreement_id, authors),
    )


def _summaries() -> Select[Any]:
    return (
        select(
            *AgreementRow.__table__.c,
            or_(_MENTOR.c.synthetic, _MENTEE.c.synthetic).label("synthetic"),
            _MENTOR.c.code.label("mentor_code"),
            _MENTOR.c.name.label("mentor_name"),
            _MENTOR.c.municipality_name.label("mentor_municipality_name"),
            _MENTEE.c.code.label("mentee_code"),
            _MENTEE.c.name.label("mentee_name"),
            _MENTEE.c.municipality_name.label("mentee_municipality_name"),
        )
        .select_from(AgreementRow)
        .join(_MENTOR, true())
        .join(_MENTEE, true())
    )


def _fields_of(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "registry_number": registry_number_of(row),
        "municipality_id": row.municipality_id,
        "programme_id": row.programme_id,
        "mentor": Party(
            row.mentor_school_id,
            row.mentor_code,
            row.mentor_name,
            row.mentor_municipality_id,
            row.mentor_municipality_name,
        ),
        "mentee": Party(
            row.mentee_school_id,
            row.mentee_code,
            row.mentee_name,
            row.mentee_municipality_id,
            row.mentee_municipality_name,
        ),
        "problem": row.problem,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "ended_on": row.ended_on,
        "status": AgreementStatus(row.status),
        "version": row.version,
        "synthetic": row.synthetic,
        "goals": tuple(row.goals),
        "shared_datasets": tuple(SharedDataset(each) for each in row.shared_datasets),
        "evaluation": row.evaluation,
        "created_at": row.created_at,
    }


async def _authors(work: Work, agreement_id: int) -> dict[int, Author]:
    """Return the authors of all steps, also those whose account is hidden."""
    found = func.tenancy.agreement_authors(agreement_id).table_valued(
        "id", "display_name", "role"
    )
    rows = await work.session.execute(select(found))
    return {row.id: Author(row.id, row.display_name, row.role) for row in rows}


async def _signatures(
    work: Work, agreement_id: int, authors: dict[int, Author]
) -> tuple[SignatureRecord, ...]:
    rows = await work.session.execute(
        select(
            AgreementSignatureRow.side,
            AgreementSignatureRow.signed_at,
            AgreementSignatureRow.signed_by,
        )
        .where(AgreementSignatureRow.agreement_id == agreement_id)
        .order_by(AgreementSignatureRow.id)
    )
    return tuple(
        SignatureRecord(Side(row.side), row.signed_at, authors[row.signed_by])
        for row in rows
    )


async def _confirmations(
    work: Work, agreement_id: int, authors: dict[int, Author]
) -> tuple[SignatureRecord, ...]:
    given = AgreementConfirmationRow
    rows = await work.session.execute(
        select(given.side, given.confirmed_at, given.confirmed_by)
        .where(given.agreement_id == agreement_id)
        .order_by(given.id)
    )
    return tuple(
        SignatureRecord(Side(row.side), row.confirmed_at, authors[row.confirmed_by])
        for row in rows
    )


async def _events(
    work: Work, agreement_id: int, authors: dict[int, Author]
) -> tuple[EventRecord, ...]:
    event = AgreementEventRow
    rows = await work.session.execute(
        select(
            event.id,
            event.action,
            event.side,
            event.from_status,
            event.to_status,
            event.reason,
            event.at,
            event.by_user,
        )
        .where(event.agreement_id == agreement_id)
        .order_by(event.id)
    )
    return tuple(
        EventRecord(
            id=row.id,
            action=row.action,
            side=Side(row.side) if row.side else None,
            from_status=AgreementStatus(row.from_status) if row.from_status else None,
            to_status=AgreementStatus(row.to_status),
            reason=row.reason,
            at=row.at,
            by=authors[row.by_user],
        )
        for row in rows
    )
