"""What the indicators of methods are counted from, read as columns."""

from collections.abc import Iterable

import polars as pl
from sqlalchemy import select

from services.scoring.engine.composite.figures import (
    MSOKO_SCHEMA,
    PAPERS_SCHEMA,
    SCHOOLS_SCHEMA,
    Inputs,
)
from services.scoring.repository.columns import read_columns
from shared.contracts.events import LOOKS_BACK, Topic
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def read_score_inputs(work: Work, municipality_id: int, year: int) -> Inputs:
    """Return a municipality's inputs of a year and those that it looks back to."""
    years = range(year - LOOKS_BACK[Topic.RESULTS], year + 1)
    schools = select(
        SchoolRow.municipality_id, SchoolRow.id.label("school_id"), SchoolRow.kind
    ).where(SchoolRow.municipality_id == municipality_id)
    return Inputs(
        schools=await read_columns(work, schools, SCHOOLS_SCHEMA),
        results=await _results(work, municipality_id, years),
        msoko=await _msoko(work, municipality_id, years),
    )


async def _results(
    work: Work, municipality_id: int, years: Iterable[int]
) -> dict[int, pl.DataFrame]:
    columns = [getattr(AssessmentResultRow, name) for name in PAPERS_SCHEMA]
    statement = select(AssessmentResultRow.academic_year, *columns).where(
        AssessmentResultRow.municipality_id == municipality_id,
        AssessmentResultRow.academic_year.in_(list(years)),
    )
    schema = pl.Schema([("academic_year", pl.Int64), *PAPERS_SCHEMA.items()])
    results = await read_columns(work, statement, schema)
    return {
        year: results.filter(pl.col("academic_year") == year).drop("academic_year")
        for year in years
    }


async def _msoko(
    work: Work, municipality_id: int, years: Iterable[int]
) -> pl.DataFrame:
    statement = (
        select(
            MsokoScoreRow.municipality_id,
            MsokoScoreRow.school_id,
            MsokoScoreRow.academic_year,
            MsokoGroupRow.code.label("group"),
            MsokoScoreRow.score,
            MsokoScoreRow.maximum,
        )
        .join(MsokoGroupRow, MsokoGroupRow.id == MsokoScoreRow.group_id)
        .where(
            MsokoScoreRow.municipality_id == municipality_id,
            MsokoScoreRow.academic_year.in_(list(years)),
        )
    )
    return await read_columns(work, statement, MSOKO_SCHEMA)
