"""Reading what a regional system is to have, and what it has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from shared.domain.exchange.datasets import (
    DATASETS,
    OWN_CODE,
    DatasetCode,
    ExchangeDataset,
    TargetKind,
)
from shared.domain.exchange.differences import (
    Difference,
    Held,
    Row,
    difference,
    digest_of,
    mapped,
)
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.exchange import ExchangeAcceptedRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolIdentifierRow, SchoolRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work

_SCHOOL = SchoolRow.__table__.c
_CODE = SchoolIdentifierRow.__table__.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeTarget:
    """What of a target says which rows it gets, and how."""

    id: int
    municipality_id: int | None
    region_id: int | None
    dataset: ExchangeDataset
    kind: TargetKind
    identifier_kind: str
    subject_codes: Mapping[str, str]
    time_zone: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would go out, with the digests of its rows, and what is held back."""

    difference: Difference
    digests: Mapping[str, bytes]
    held: Sequence[Held]


def target_of(row: Any) -> ExchangeTarget:
    """Return the target that a row describes."""
    return ExchangeTarget(
        id=row.id,
        municipality_id=row.municipality_id,
        region_id=row.region_id,
        dataset=DATASETS[DatasetCode(row.dataset)],
        kind=TargetKind(row.kind),
        identifier_kind=row.identifier_kind,
        subject_codes=row.subject_codes,
        time_zone=row.time_zone,
    )


async def prepare(work: Work, target: ExchangeTarget) -> Prepared:
    """Return how what is here differs from what the target has accepted.

    Codes of schools are those of the day that it is in the target's zone.
    """
    here = mapped(
        await _read_rows(work, target),
        target.dataset,
        school_codes=await _school_codes(work, target),
        subject_codes=target.subject_codes,
    )
    digests = {key: digest_of(record) for key, record in here.records.items()}
    there = await _accepted(work, target.id)
    return Prepared(difference(here, digests, there), digests, here.held)


def within(
    target: ExchangeTarget, column: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Return the condition that a municipality is the target's."""
    if target.region_id is None:
        return column == target.municipality_id
    return column.in_(
        select(MunicipalityRow.id).where(MunicipalityRow.region_id == target.region_id)
    )


async def _read_rows(work: Work, target: ExchangeTarget) -> Sequence[Row]:
    rows = await work.session.execute(_SELECTED[target.dataset.code](target))
    return [
        Row(
            f"{target.dataset.code}-{row.row_id}",
            row.school_id,
            row.school_name,
            {name: getattr(row, f"of_{name}") for name in target.dataset.fields},
        )
        for row in rows
    ]


def _schools(target: ExchangeTarget) -> Select[Any]:
    return (
        select(
            _SCHOOL.id.label("row_id"),
            _SCHOOL.id.label("school_id"),
            _SCHOOL.name.label("school_name"),
            *(_SCHOOL[name].label(f"of_{name}") for name in target.dataset.fields),
        )
        .where(within(target, _SCHOOL.municipality_id))
        .order_by(_SCHOOL.id)
    )


def _of_schools(table: FromClause) -> Callable[[ExchangeTarget], Select[Any]]:
    """Return what selects a table's rows, each of which is of one school."""
    row = table.c

    def selected(target: ExchangeTarget) -> Select[Any]:
        return (
            select(
                row.id.label("row_id"),
                row.school_id,
                _SCHOOL.name.label("school_name"),
                *(row[name].label(f"of_{name}") for name in target.dataset.fields),
            )
            .join(SchoolRow.__table__, _SCHOOL.id == row.school_id)
            .where(within(target, row.municipality_id))
            .order_by(row.id)
        )

    return selected


_SELECTED: Final = {
    DatasetCode.SCHOOLS: _schools,
    DatasetCode.RESULTS: _of_schools(AssessmentResultRow.__table__),
    DatasetCode.SOCIAL_PASSPORTS: _of_schools(SocialPassportRow.__table__),
    DatasetCode.LIST_MEMBERSHIPS: _of_schools(ListMembershipRow.__table__),
}


async def _school_codes(work: Work, target: ExchangeTarget) -> dict[int, str]:
    if target.identifier_kind == OWN_CODE:
        own = select(_SCHOOL.id, _SCHOOL.code).where(
            within(target, _SCHOOL.municipality_id)
        )
        return {row[0]: row[1] for row in await work.session.execute(own)}
    today: date = work.today_in(target.time_zone)
    valid = (
        select(_CODE.school_id, _CODE.value)
        .where(
            _CODE.kind == target.identifier_kind,
            within(target, _CODE.municipality_id),
            or_(_CODE.valid_from.is_(None), _CODE.valid_from <= today),
            or_(_CODE.valid_to.is_(None), _CODE.valid_to >= today),
        )
        # Of several that are valid the one that became so last.
        .order_by(_CODE.valid_from.asc().nulls_first(), _CODE.id)
    )
    return {row[0]: row[1] for row in await work.session.execute(valid)}


async def _accepted(work: Work, target_id: int) -> dict[str, bytes]:
    rows = await work.session.execute(
        select(ExchangeAcceptedRow.row_key, ExchangeAcceptedRow.digest).where(
            ExchangeAcceptedRow.target_id == target_id
        )
    )
    return {row[0]: row[1] for row in rows}
