"""Reading the record of changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
)

from shared.persistence.audit_sets import changes_of, tells_of
from shared.persistence.paging import AnyRow, Paging, read_sorted_page
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_ENTRY = AuditEntryRow.__table__.c

SORTS = {name: _ENTRY[name] for name in ("number", "at", "entity", "school_id")}
_NOTHING = text("'{}'::jsonb")
_NO_ROWS = cast(null(), BigInteger).label("rows")
_OF_ROWS = {
    "entity_id",
    "changes",
    "row_ids",
    "first_row",
    "last_row",
    "row_changes",
}
_OF_SEAL = {"hash", "previous_hash", "position", "txid"}
_SHOWN = [column for column in _ENTRY if column.key not in _OF_ROWS | _OF_SEAL]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What a list is narrowed to; None does not narrow; `until` is excluded."""

    entity: str | None = None
    entity_id: int | None = None
    school_id: int | None = None
    actor_id: int | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_entries(
    work: Work, wanted: AuditFilter, paging: Paging
) -> Sequence[AnyRow]:
    """Return the entries of a page, and one more where there is a next."""
    statement = (
        select(
            *_SHOWN,
            *_told(wanted.entity_id),
            UserRow.role.label("actor_role"),
            _ENTRY.hash.is_not(None).label("is_sealed"),
            func.encode(_ENTRY.hash, "hex").label("hash"),
            func.coalesce(MunicipalityRow.synthetic, False).label("synthetic"),
        )
        .outerjoin(UserRow, UserRow.id == _ENTRY.actor_id)
        .outerjoin(MunicipalityRow, MunicipalityRow.id == _ENTRY.municipality_id)
        .where(*_conditions(wanted))
    )
    return await read_sorted_page(work, statement, paging, key=_ENTRY.number, by=SORTS)


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = [
        _ENTRY[name] == value
        for name, value in (
            ("entity", wanted.entity),
            ("actor_id", wanted.actor_id),
            ("action", wanted.action),
        )
        if value is not None
    ]
    if wanted.entity_id is not None:
        conditions.append(tells_of(wanted.entity, wanted.entity_id))
    if wanted.school_id is not None:
        conditions.append(_concerns(wanted.school_id))
    if wanted.since is not None:
        conditions.append(_ENTRY.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_ENTRY.at < wanted.until)
    return conditions


def _told(entity_id: int | None) -> tuple[ColumnElement[Any], ...]:
    """Return of which row or rows an entry tells, and what: of one if it is asked for.

    What became of each row of a set would be too much for a list.
    """
    if entity_id is not None:
        number = literal(entity_id, BigInteger).label("entity_id")
        return (number, changes_of(entity_id).label("changes"), _NO_ROWS)
    changes = case((_ENTRY.row_ids.is_(None), _ENTRY.changes), else_=_NOTHING)
    rows = func.cardinality(_ENTRY.row_ids)
    return (_ENTRY.entity_id, changes.label("changes"), rows.label("rows"))


def _concerns(school_id: int) -> ColumnElement[bool]:
    """An agreement concerns both of its schools, and belongs to neither."""
    agreements = select(AgreementRow.id).where(
        or_(
            AgreementRow.mentor_school_id == school_id,
            AgreementRow.mentee_school_id == school_id,
        )
    )
    return or_(
        _ENTRY.school_id == school_id,
        and_(
            _ENTRY.entity == "mentoring_agreement",
            _ENTRY.entity_id.in_(agreements),
        ),
    )
