"""Reading municipalities and schools."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.municipalities import (
    CalendarPeriodRow,
    MunicipalityFigureRow,
    MunicipalityRow,
    RegionRow,
)
from shared.persistence.tables.schools import SchoolAliasRow, SchoolRow
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
    work: Work, *, municipality_id: int | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` schools that the caller may see."""
    statement = _SCHOOLS
    if municipality_id is not None:
        statement = statement.where(SchoolRow.municipality_id == municipality_id)
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
