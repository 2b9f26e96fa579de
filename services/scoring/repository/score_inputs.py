"""What the indicators of methods are counted from, read as columns."""

from collections.abc import Collection, Iterable
from typing import Final

import polars as pl
from sqlalchemy import select

from services.scoring.engine.composite.figures import (
    FACTS_SCHEMA,
    MSOKO_SCHEMA,
    PAPERS_SCHEMA,
    Inputs,
)
from services.scoring.repository.areas import Area
from services.scoring.repository.facts import read_facts
from services.scoring.repository.results import read_results
from services.scoring.repository.schools import read_absent, read_schools
from shared.contracts.events import LOOKS_BACK, Topic
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.work import Work

_PAPERS_OF_YEARS: Final = pl.Schema(
    [("academic_year", pl.Int16()), *PAPERS_SCHEMA.items()]
)


async def read_score_inputs(
    work: Work, area: Area, year: int, facts: Collection[str] = ()
) -> Inputs:
    """Return an area's inputs of a year and of those that it looks back to.

    Args:
        work: The transaction.
        area: The municipalities.
        year: The academic year.
        facts: Columns that the formulas of the method need beyond results; they are
            read of the year and of the one before, which a change is against.
    """
    return await read_inputs_of_years(work, area, {year}, facts)


async def read_inputs_of_years(
    work: Work, area: Area, asked: Collection[int], facts: Collection[str] = ()
) -> Inputs:
    """Return an area's inputs of several years, as `read_score_inputs` does of one.

    Each year's scores are the same from these as from its own.
    """
    back = LOOKS_BACK[Topic.RESULTS]
    years = sorted({year - ago for year in asked for ago in range(back + 1)})
    of_facts = sorted({year - ago for year in asked for ago in range(2)})
    return Inputs(
        schools=await read_schools(work, area),
        results=await read_papers(work, area, years),
        msoko=await _msoko(work, area, years),
        facts=await _facts(work, area, of_facts, facts),
        absent=await read_absent(work, area, years),
    )


async def _facts(
    work: Work, area: Area, years: Collection[int], names: Collection[str]
) -> pl.DataFrame:
    if not names:
        return pl.DataFrame(schema=FACTS_SCHEMA)
    return await read_facts(work, area, years, names)


async def read_papers(
    work: Work, area: Area, years: Iterable[int]
) -> dict[int, pl.DataFrame]:
    """Return the results of each of the academic years."""
    asked = list(years)
    results = await read_results(work, area, asked, _PAPERS_OF_YEARS)
    return {
        year: results.filter(pl.col("academic_year") == year).drop("academic_year")
        for year in asked
    }


async def _msoko(work: Work, area: Area, years: Iterable[int]) -> pl.DataFrame:
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
            area.holds(MsokoScoreRow.municipality_id),
            MsokoScoreRow.academic_year.in_(list(years)),
        )
    )
    return await area.read(work, statement, MSOKO_SCHEMA)
