"""Reading what conditions are counted from, writing what they came to."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

import polars as pl
from sqlalchemy import select

from services.scoring.engine.conditions.assessment import (
    PUBLISHED_SCHEMA,
    Assessment,
)
from services.scoring.engine.conditions.index import PASSPORT_SCHEMA, PERCENTS
from services.scoring.engine.measures import RESULT_SCHEMA
from services.scoring.repository.areas import Area, write_rows
from services.scoring.repository.results import read_results
from shared.persistence.tables.condition_indices import ConditionIndexRow
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import Work

SCHOOLS_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "kind": pl.String,
        "name": pl.String,
    }
)
RESULTS_SCHEMA: Final = pl.Schema(
    [("municipality_id", pl.Int64), ("year", pl.Int64), *RESULT_SCHEMA.items()]
)
_READ_SCHEMA: Final = pl.Schema(
    [("municipality_id", pl.Int64), ("academic_year", pl.Int16), *RESULT_SCHEMA.items()]
)


async def read_schools(work: Work, area: Area) -> pl.DataFrame:
    """Return the schools, branches among them, with their names."""
    statement = select(
        SchoolRow.municipality_id,
        SchoolRow.id.label("school_id"),
        SchoolRow.kind,
        SchoolRow.name,
    ).where(area.holds(SchoolRow.municipality_id))
    return await area.read(work, statement, SCHOOLS_SCHEMA)


async def read_results_of_year(work: Work, area: Area, year: int) -> pl.DataFrame:
    """Return the results of an academic year with the columns of `RESULTS_SCHEMA`."""
    results = await read_results(work, area, (year,), _READ_SCHEMA)
    return results.rename({"academic_year": "year"}).cast({"year": pl.Int64})


async def read_passports(work: Work, area: Area, years: set[int]) -> pl.DataFrame:
    """Return the passports of the years with the columns of `PASSPORT_SCHEMA`."""
    shares = [getattr(SocialPassportRow, name) for name in PERCENTS]
    statement = select(
        SocialPassportRow.municipality_id,
        SocialPassportRow.academic_year.label("year"),
        SocialPassportRow.school_id,
        *shares,
    ).where(
        area.holds(SocialPassportRow.municipality_id),
        SocialPassportRow.academic_year.in_(sorted(years)),
    )
    return await area.read(work, statement, PASSPORT_SCHEMA)


async def read_published_indices(work: Work, area: Area, year: int) -> pl.DataFrame:
    """Return the published indices with the columns of `PUBLISHED_SCHEMA`."""
    statement = select(
        ConditionIndexRow.municipality_id,
        ConditionIndexRow.academic_year.label("year"),
        ConditionIndexRow.school_id,
        ConditionIndexRow.value,
    ).where(
        area.holds(ConditionIndexRow.municipality_id),
        ConditionIndexRow.academic_year == year,
    )
    return await area.read(work, statement, PUBLISHED_SCHEMA)


async def write_assessment(
    work: Work, runs: Mapping[int, int], found: Assessment, schools: pl.DataFrame
) -> None:
    """Write the models and the schools of one year, with the schools' names."""
    if found.schools.is_empty():
        return
    await write_rows(work, SchoolConditionsRow, runs, found.schools.drop("year"))
    names = _names(schools)
    models = found.models.drop("year").with_columns(
        school_names=pl.col("municipality_id").replace_strict(
            names, return_dtype=pl.String
        )
    )
    await write_rows(work, ConditionModelRow, runs, models)


def _names(schools: pl.DataFrame) -> dict[int, str]:
    """Return the names of each municipality's schools by number, as JSON."""
    names: defaultdict[int, dict[int, str]] = defaultdict(dict)
    rows = schools.sort("school_id").select("municipality_id", "school_id", "name")
    for municipality_id, school_id, name in rows.iter_rows():
        names[municipality_id][school_id] = name
    return {
        number: json.dumps(own, ensure_ascii=False) for number, own in names.items()
    }
