"""What the schools of an area are called."""

from typing import Final

import polars as pl
from sqlalchemy import select

from services.scoring.repository.areas import Area
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "school_id": pl.Int64, "name": pl.String}
)


async def read_school_names(work: Work, area: Area) -> pl.DataFrame:
    """Return ``municipality_id``, ``school_id`` and ``name`` of all of its schools."""
    statement = select(SchoolRow.municipality_id, SchoolRow.id, SchoolRow.name).where(
        area.holds(SchoolRow.municipality_id)
    )
    return await area.read(work, statement, _SCHEMA)


def names_by_school(named: pl.DataFrame) -> dict[int, str]:
    """Return the names of the answer above by the schools' numbers."""
    return dict(named.select("school_id", "name").iter_rows())
