"""The inputs of a run, read as columns."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from services.scoring.engine.listing import SCHOOL_SCHEMA
from services.scoring.engine.measures import RESULT_SCHEMA
from services.scoring.engine.programme import AGREEMENT_SCHEMA
from services.scoring.engine.targets import Target, programme_years
from services.scoring.repository.columns import read_columns
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.programmes import (
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
)
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class ProgrammeTargets:
    """A programme's indicators in each of its years, and its agreements."""

    programme_id: int
    targets: tuple[Target, ...]
    agreements: pl.DataFrame


async def read_results(work: Work, municipality_id: int, year: int) -> pl.DataFrame:
    """Return the results of an academic year with the columns of `RESULT_SCHEMA`."""
    columns = [getattr(AssessmentResultRow, name) for name in RESULT_SCHEMA]
    statement = select(*columns).where(
        AssessmentResultRow.municipality_id == municipality_id,
        AssessmentResultRow.academic_year == year,
    )
    return await read_columns(work, statement, RESULT_SCHEMA)


async def read_schools(work: Work, municipality_id: int) -> pl.DataFrame:
    """Return the schools with the columns of `SCHOOL_SCHEMA`, branches among them."""
    statement = select(SchoolRow.id.label("school_id"), SchoolRow.kind).where(
        SchoolRow.municipality_id == municipality_id
    )
    return await read_columns(work, statement, SCHOOL_SCHEMA)


async def read_school_names(work: Work, municipality_id: int) -> dict[int, str]:
    """Return the names of the schools by id."""
    rows = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    return {row.id: row.name for row in rows}


async def read_programmes(work: Work, municipality_id: int) -> list[ProgrammeTargets]:
    """Return what the municipality's programmes want to reach."""
    programmes = (
        await work.session.execute(
            select(
                ProgrammeRow.id,
                ProgrammeRow.starts_on,
                ProgrammeRow.ends_on,
                ProgrammeRow.years,
            )
            .where(ProgrammeRow.municipality_id == municipality_id)
            .order_by(ProgrammeRow.id)
        )
    ).all()
    return [
        ProgrammeTargets(
            programme.id,
            await _targets(work, programme),
            await _agreements(work, programme.id),
        )
        for programme in programmes
    ]


async def _targets(work: Work, programme: Any) -> tuple[Target, ...]:
    """Join each indicator with its ranges; the programme's other years have none."""
    rows = await work.session.execute(
        select(
            TargetIndicatorRow.id,
            TargetIndicatorRow.code,
            TargetRangeRow.year,
            TargetRangeRow.low,
            TargetRangeRow.high,
        )
        .outerjoin(TargetRangeRow, TargetRangeRow.indicator_id == TargetIndicatorRow.id)
        .where(TargetIndicatorRow.programme_id == programme.id)
        .order_by(TargetIndicatorRow.position, TargetIndicatorRow.id)
    )
    own_years = programme_years(programme.starts_on, programme.ends_on, programme.years)
    targets: list[Target] = []
    for (indicator_id, code), group in groupby(rows, key=lambda row: row[:2]):
        ranges = {row.year: (row.low, row.high) for row in group if row.year}
        for year in sorted({*own_years, *ranges}):
            low, high = ranges.get(year, (None, None))
            targets.append(
                Target(
                    indicator_id=indicator_id,
                    code=code,
                    years=programme.years,
                    year=year,
                    low=low,
                    high=high,
                )
            )
    return tuple(targets)


async def _agreements(work: Work, programme_id: int) -> pl.DataFrame:
    """Return a programme's agreements; a branch stands for the school it is part of."""
    mentor, mentee = aliased(SchoolRow), aliased(SchoolRow)
    statement = (
        select(
            _whole_school(mentor, AgreementRow.mentor_school_id),
            _whole_school(mentee, AgreementRow.mentee_school_id),
            AgreementRow.status,
            AgreementRow.starts_on,
            AgreementRow.ends_on,
            AgreementRow.ended_on,
        )
        .outerjoin(mentor, mentor.id == AgreementRow.mentor_school_id)
        .outerjoin(mentee, mentee.id == AgreementRow.mentee_school_id)
        .where(AgreementRow.programme_id == programme_id)
    )
    return await read_columns(work, statement, AGREEMENT_SCHEMA)


def _whole_school(school: Any, number: Any) -> ColumnElement[int]:
    """A school of another municipality is hidden, and stands for itself."""
    parent_of_branch = case((school.kind == "branch", school.parent_id))
    return func.coalesce(parent_of_branch, number)
