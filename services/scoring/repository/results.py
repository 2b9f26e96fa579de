"""The results of an area, read as columns."""

from collections.abc import Collection

import polars as pl
from sqlalchemy import select

from services.scoring.engine.objectivity.papers import PUPIL_SCHEMA
from services.scoring.repository.areas import Area
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import Work


async def read_results(
    work: Work, area: Area, years: Collection[int], schema: pl.Schema
) -> pl.DataFrame:
    """Return the results of academic years, in no certain order.

    Where the area keeps what was read, each year is read once for all who ask.

    Args:
        work: The transaction.
        area: The municipalities.
        years: The academic years.
        schema: Some of the columns of `PUPIL_SCHEMA`, which are all that are counted.
    """
    if area.kept_results is None:
        return await _read(work, area, years, schema)
    kept = area.kept_results
    missing = sorted(set(years).difference(kept))
    if missing:
        found = await _read(work, area, missing, PUPIL_SCHEMA)
        kept.update(
            {year: found.filter(pl.col("academic_year") == year) for year in missing}
        )
    return pl.concat([kept[year].select(schema.names()) for year in sorted(set(years))])


async def _read(
    work: Work, area: Area, years: Collection[int], schema: pl.Schema
) -> pl.DataFrame:
    columns = [getattr(AssessmentResultRow, name) for name in schema]
    statement = select(*columns).where(
        area.holds(AssessmentResultRow.municipality_id),
        AssessmentResultRow.academic_year.in_(list(years)),
    )
    return await area.read(work, statement, schema)
