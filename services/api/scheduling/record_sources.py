"""The records that ask schools for something by a day, as queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from shared.domain.data_years import YearState
from shared.domain.deadlines import DeadlineKind
from shared.persistence.tables.contact_confirmations import (
    ContactConfirmationDateRow,
    ContactConfirmationRow,
)
from shared.persistence.tables.data_year_dates import DataYearDateRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.risks import AntiRiskProgrammeRow
from shared.persistence.tables.school_programmes import SchoolProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.years import DataYearRow

_Own = aliased(DataYearRow)
_Whole = aliased(DataYearRow)


@dataclass(frozen=True, slots=True)
class _Source:
    statement: Select[Any]
    number: ColumnElement[int]
    municipality: ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose records are meant; None does not narrow."""

    municipality_id: int
    sources: Collection[int] | None
    school_id: int | None


def records_of(kind: DeadlineKind, wish: Wish) -> Select[Any]:
    """Return the query of what may ask for something."""
    source = _SOURCES[kind]
    statement = source.statement.where(source.municipality == wish.municipality_id)
    if wish.sources is not None:
        statement = statement.where(source.number.in_(wish.sources))
    if wish.school_id is not None:
        statement = statement.where(SchoolRow.id == wish.school_id)
    return statement


def _of_school(table: Any) -> _Source:
    statement = select(*table.__table__.c, SchoolRow.closed_on).join(
        SchoolRow, SchoolRow.id == table.school_id
    )
    return _Source(statement, table.id, table.municipality_id)


def _of_years() -> _Source:
    dates = DataYearDateRow
    same_year = and_(
        _Own.school_id == SchoolRow.id, _Own.academic_year == dates.academic_year
    )
    whole_year = and_(
        _Whole.municipality_id == dates.municipality_id,
        _Whole.school_id.is_(None),
        _Whole.academic_year == dates.academic_year,
    )
    state = func.coalesce(_Own.state, _Whole.state, literal(YearState.OPEN.value))
    statement = (
        select(
            dates.academic_year,
            dates.due_on,
            dates.set_on,
            SchoolRow.id.label("school_id"),
            SchoolRow.closed_on,
            state.label("state"),
        )
        .join(SchoolRow, SchoolRow.municipality_id == dates.municipality_id)
        .outerjoin(_Own, same_year)
        .outerjoin(_Whole, whole_year)
        .where(
            SchoolRow.kind != "branch",
            or_(SchoolRow.closed_on.is_(None), SchoolRow.closed_on > dates.set_on),
        )
    )
    return _Source(statement, dates.academic_year, dates.municipality_id)  # type: ignore[arg-type] # columns are elements


def _of_contacts() -> _Source:
    dates, given = ContactConfirmationDateRow, ContactConfirmationRow
    this_year = and_(
        given.school_id == SchoolRow.id, given.academic_year == dates.academic_year
    )
    statement = (
        select(
            dates.academic_year,
            dates.due_on,
            dates.set_on,
            SchoolRow.id.label("school_id"),
            SchoolRow.closed_on,
            given.confirmed_on,
        )
        .join(SchoolRow, SchoolRow.municipality_id == dates.municipality_id)
        .outerjoin(given, this_year)
        .where(
            SchoolRow.kind != "branch",
            or_(SchoolRow.closed_on.is_(None), SchoolRow.closed_on > dates.set_on),
        )
    )
    return _Source(statement, dates.academic_year, dates.municipality_id)  # type: ignore[arg-type] # columns are elements


_SOURCES: Final[Mapping[DeadlineKind, _Source]] = MappingProxyType(
    {
        DeadlineKind.RECOMMENDATION: _of_school(RecommendationRow),
        DeadlineKind.SCHOOL_PROGRAMME: _of_school(SchoolProgrammeRow),
        DeadlineKind.ANTI_RISK_PROGRAMME: _of_school(AntiRiskProgrammeRow),
        DeadlineKind.DATA_YEAR: _of_years(),
        DeadlineKind.CONTACT_CONFIRMATION: _of_contacts(),
    }
)
