"""Municipalities and schools."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Text

from shared.persistence.paging import AnyRow, read_page
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

_SCHOOLS = select(*SchoolRow.__table__.c, _ALIASES.label("aliases"))

_MUNICIPALITIES = select(
    *MunicipalityRow.__table__.c, RegionRow.name.label("region_name")
).join(RegionRow, RegionRow.id == MunicipalityRow.region_id)


async def list_municipalities(
    work: Work, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` municipalities that the caller may see."""
    return await read_page(
        work, _MUNICIPALITIES, MunicipalityRow.id, after=after, limit=limit
    )


async def find_municipality(work: Work, municipality_id: int) -> AnyRow | None:
    """Return a municipality that the caller may see."""
    found = await work.session.execute(
        _MUNICIPALITIES.where(MunicipalityRow.id == municipality_id)
    )
    return found.one_or_none()


async def list_schools(
    work: Work,
    *,
    municipality_id: int | None,
    as_of: date | None,
    identifier: str | None,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` schools that the caller may see.

    With `as_of` these are the schools that there were on that day; with `identifier`
    those that another system knows by that code, on that day or ever.
    """
    statement = _SCHOOLS
    if municipality_id is not None:
        statement = statement.where(SchoolRow.municipality_id == municipality_id)
    if as_of is not None:
        statement = statement.where(
            or_(SchoolRow.opened_on.is_(None), SchoolRow.opened_on <= as_of),
            or_(SchoolRow.closed_on.is_(None), SchoolRow.closed_on > as_of),
        )
    if identifier is not None:
        statement = statement.where(SchoolRow.id.in_(_known_as(identifier, as_of)))
    return await read_page(work, statement, SchoolRow.id, after=after, limit=limit)


async def find_school(work: Work, school_id: int) -> AnyRow | None:
    """Return a school that the caller may see."""
    found = await work.session.execute(_SCHOOLS.where(SchoolRow.id == school_id))
    return found.one_or_none()


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


def _known_as(value: str, as_of: date | None) -> Select[int]:
    code = SchoolIdentifierRow
    statement = select(code.school_id).where(code.value == value)
    if as_of is not None:
        statement = statement.where(
            or_(code.valid_from.is_(None), code.valid_from <= as_of),
            or_(code.valid_to.is_(None), code.valid_to >= as_of),
        )
    return statement


async def insert_school(work: Work, values: Mapping[str, Any]) -> int | None:
    """Write a new school and return its number; None where its code is taken."""
    statement = (
        insert(SchoolRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["municipality_id", "code"])
        .returning(SchoolRow.id)
    )
    number: int | None = await work.session.scalar(statement)
    return number


async def lock_school(work: Work, school_id: int) -> dict[str, Any] | None:
    """Return a school that nobody else can change until the transaction ends."""
    statement = (
        select(*SchoolRow.__table__.c)
        .where(SchoolRow.id == school_id)
        .with_for_update()
    )
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else dict(row)


async def update_school(work: Work, school_id: int, values: Mapping[str, Any]) -> None:
    """Write the next version of a school."""
    await work.session.execute(
        update(SchoolRow)
        .where(SchoolRow.id == school_id)
        .values(**values, version=SchoolRow.version + 1)
    )
