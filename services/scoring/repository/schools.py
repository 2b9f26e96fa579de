"""The schools of an area, read as columns."""

from collections.abc import Iterable

import polars as pl
from sqlalchemy import or_, select

from services.scoring.engine.composite.figures import SCHOOLS_SCHEMA
from services.scoring.repository.areas import Area
from shared.domain.school_years import absence_of
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def read_schools(work: Work, area: Area) -> pl.DataFrame:
    """Return the schools with the columns of `SCHOOLS_SCHEMA`, branches among them."""
    statement = select(
        SchoolRow.municipality_id, SchoolRow.id.label("school_id"), SchoolRow.kind
    ).where(area.holds(SchoolRow.municipality_id))
    return await area.read(work, statement, SCHOOLS_SCHEMA)


async def read_absent(
    work: Work, area: Area, years: Iterable[int]
) -> dict[int, frozenset[int]]:
    """Return for each academic year the schools that there are none of in it."""
    school = SchoolRow
    rows = (
        await work.session.execute(
            select(school.id, school.opened_on, school.closed_on).where(
                area.holds(school.municipality_id),
                or_(school.opened_on.is_not(None), school.closed_on.is_not(None)),
            )
        )
    ).all()
    return {
        year: frozenset(
            row.id for row in rows if absence_of(row.opened_on, row.closed_on, year)
        )
        for year in years
    }
