"""Reading municipalities and schools."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Shape, Sortable, ordered, read_page
from shared.persistence.reading import UserQuery
from shared.persistence.tables.municipalities import (
    CalendarPeriodRow,
    MunicipalityFigureRow,
    MunicipalityRow,
    RegionRow,
)
from shared.persistence.tables.schools import (
    SchoolAliasRow,
    SchoolIdentifierRow,
    SchoolRow,
)
from shared.persistence.work import Work

_ALIASES = (
    select(func.coalesce(func.array_agg(SchoolAliasRow.alias), [], type_=ARRAY(Text)))
    .where(SchoolAliasRow.school_id == SchoolRow.id)
    .scalar_subquery()
)

_SCHOOL = SchoolRow.__table__.c
SCHOOLS = select(*_SCHOOL, _ALIASES.label("aliases"))

SCHOOL_QUERY = UserQuery(SCHOOLS.where(_SCHOOL.id == bindparam("id")))
SCHOOL_SORTS = {name: _SCHOOL[name] for name in ("id", "name", "code")}

_MUNICIPALITIES = select(
    *MunicipalityRow.__table__.c, RegionRow.name.label("region_name")
).join(RegionRow, RegionRow.id == MunicipalityRow.region_id)
SORTS: Sortable = {
    "id": MunicipalityRow.__table__.c.id,
    "name": MunicipalityRow.__table__.c.name,
    "code": MunicipalityRow.__table__.c.code,
}


async def list_municipalities(
    work: Work, paging: NumberedPaging, *, region_id: int | None = None
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` municipalities that the caller may see."""
    key, statement = MunicipalityRow.__table__.c.id, _MUNICIPALITIES
    if region_id is not None:
        statement = statement.where(MunicipalityRow.region_id == region_id)
    return await read_numbered_page(work, statement, paging, key=key, by=SORTS)


async def find_municipality(work: Work, municipality_id: int) -> AnyRow | None:
    """Return a municipality that the caller may see."""
    found = await work.session.execute(
        _MUNICIPALITIES.where(MunicipalityRow.id == municipality_id)
    )
    return found.one_or_none()


def _narrowing(name: str) -> ColumnElement[bool]:
    match name:
        case "as_of":
            day = bindparam(name, type_=Date)
            opened, closed = _SCHOOL.opened_on, _SCHOOL.closed_on
            return and_(
                or_(opened.is_(None), opened <= day),
                or_(closed.is_(None), closed > day),
            )
        case "identifier":
            code = SchoolIdentifierRow
            known = select(code.school_id).where(code.value == bindparam(name))
            return _SCHOOL.id.in_(known)
        case "search":
            like = bindparam(name, type_=Text)
            other = SchoolAliasRow
            called = select(other.school_id).where(_folded(other.alias).like(like))
            return or_(
                _folded(_SCHOOL.name).like(like),
                _SCHOOL.code.like(like),
                _SCHOOL.id.in_(called),
            )
        case _:
            narrowed: ColumnElement[bool] = _SCHOOL[name] == bindparam(name)
            return narrowed


def _folded(name: Any) -> ColumnElement[str]:
    folded: ColumnElement[str] = func.replace(func.lower(name), "ё", "е")
    return folded


def part_of_name(text: str) -> str:
    """Return what `search` looks for: the text anywhere, its signs as they stand."""
    folded = text.strip().lower().replace("ё", "е")
    for sign in ("\\", "%", "_"):
        folded = folded.replace(sign, f"\\{sign}")
    return f"%{folded}%"


@cache
def schools_query(narrowed: frozenset[str], shape: Shape) -> UserQuery:
    """Return the query of a page of schools; what narrows it are parameters.

    With `as_of` these are the schools that there were on that day, with `identifier`
    those that another system has ever known by that code, with `search` those whose
    code, name or other spelling of it has what `part_of_name` has returned.
    """
    statement = SCHOOLS.where(*(_narrowing(name) for name in sorted(narrowed)))
    return UserQuery(ordered(statement, shape, key=_SCHOOL.id, by=SCHOOL_SORTS))


async def list_figures(
    work: Work, municipality_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return what the document states of the municipality as a whole."""
    statement = select(*MunicipalityFigureRow.__table__.c).where(
        MunicipalityFigureRow.municipality_id == municipality_id
    )
    return await read_page(
        work, statement, MunicipalityFigureRow.id, after=after, limit=limit
    )


async def list_calendar_periods(
    work: Work, municipality_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return quarters and half-years of the municipality's school calendar."""
    statement = select(*CalendarPeriodRow.__table__.c).where(
        CalendarPeriodRow.municipality_id == municipality_id
    )
    return await read_page(
        work, statement, CalendarPeriodRow.id, after=after, limit=limit
    )
