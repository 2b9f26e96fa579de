"""The schools of an area, read as columns."""

import polars as pl
from sqlalchemy import select

from services.scoring.engine.composite.figures import SCHOOLS_SCHEMA
from services.scoring.repository.areas import Area
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def read_schools(work: Work, area: Area) -> pl.DataFrame:
    """Return the schools with the columns of `SCHOOLS_SCHEMA`, branches among them."""
    statement = select(
        SchoolRow.municipality_id, SchoolRow.id.label("school_id"), SchoolRow.kind
    ).where(area.holds(SchoolRow.municipality_id))
    return await area.read(work, statement, SCHOOLS_SCHEMA)
