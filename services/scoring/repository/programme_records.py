"""What the indicators of a programme are counted from, read as columns."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Select, case, cast, func, select
from sqlalchemy.orm import aliased

from services.scoring.engine.programme import AGREEMENT_SCHEMA
from services.scoring.engine.programmes import records as frames
from services.scoring.engine.programmes.records import Records
from services.scoring.repository.columns import read_columns
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.conditions import ResourceItemRow
from shared.persistence.tables.internal_controls import InternalControlRow
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.school_programmes import (
    SchoolProgrammeReviewRow,
    SchoolProgrammeRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.surveys import SatisfactionSurveyRow
from shared.persistence.tables.swot import SwotEntryRow
from shared.persistence.work import Work

Statement = Select[*tuple[Any, ...]]


async def read_records(
    work: Work,
    municipality_id: int,
    programme_id: int,
    *,
    as_of: date,
    scores: Mapping[int, pl.DataFrame],
) -> Records:
    """Return the municipality's records, and those of one of its programmes."""

    async def of(statement: Statement, schema: pl.Schema) -> pl.DataFrame:
        return await read_columns(work, statement, schema)

    number = municipality_id
    return Records(
        as_of=as_of,
        lives=await of(_lives(number), frames.LIVES),
        agreements=await of(_agreements(programme_id), AGREEMENT_SCHEMA),
        programmes=await of(_programmes(programme_id), frames.PROGRAMMES),
        swots=await of(_swots(number), frames.SWOTS),
        surveys=await of(_surveys(number), frames.SURVEYS),
        resources=await of(_resources(number), frames.RESOURCES),
        msoko=await of(_msoko(number), frames.MSOKO),
        recommendations=await of(_recommendations(number), frames.RECOMMENDATIONS),
        controls=await of(_controls(number), frames.CONTROLS),
        scores=scores,
    )


async def read_time_zone(work: Work, municipality_id: int) -> str:
    """Return the zone whose day is the municipality's."""
    statement = select(MunicipalityRow.time_zone).where(
        MunicipalityRow.id == municipality_id
    )
    return (await work.session.scalars(statement)).one()


def _lives(municipality_id: int) -> Statement:
    return select(
        SchoolRow.id, SchoolRow.kind, SchoolRow.opened_on, SchoolRow.closed_on
    ).where(SchoolRow.municipality_id == municipality_id)


def _agreements(programme_id: int) -> Statement:
    """A school of another municipality is hidden, and stands for itself."""
    mentor, mentee = aliased(SchoolRow), aliased(SchoolRow)
    return (
        select(
            func.coalesce(_parent(mentor), AgreementRow.mentor_school_id),
            func.coalesce(_parent(mentee), AgreementRow.mentee_school_id),
            AgreementRow.status,
            AgreementRow.starts_on,
            AgreementRow.ends_on,
            AgreementRow.ended_on,
        )
        .outerjoin(mentor, mentor.id == AgreementRow.mentor_school_id)
        .outerjoin(mentee, mentee.id == AgreementRow.mentee_school_id)
        .where(AgreementRow.programme_id == programme_id)
    )


def _parent(school: Any) -> Any:
    """A branch stands for the school that it is part of."""
    return case((school.kind == "branch", school.parent_id))


def _of_schools(table: Any, municipality_id: int, *columns: Any) -> Statement:
    """Select rows about schools, a branch's under the school that it is part of."""
    whole = func.coalesce(_parent(SchoolRow), SchoolRow.id)
    return (
        select(whole.label("school_id"), *columns)
        .join(SchoolRow, SchoolRow.id == table.school_id)
        .where(table.municipality_id == municipality_id)
        .order_by(table.id)
    )


def _programmes(programme_id: int) -> Statement:
    review, row = SchoolProgrammeReviewRow, SchoolProgrammeRow
    passed_on = (
        select(func.min(review.reviewed_on))
        .where(review.school_programme_id == row.id, review.verdict == "approve")
        .scalar_subquery()
    )
    whole = func.coalesce(_parent(SchoolRow), SchoolRow.id)
    return (
        select(
            whole.label("school_id"),
            row.status,
            row.starts_on,
            row.ends_on,
            row.submitted_on,
            row.approved_on,
            row.started_on,
            row.completed_on,
            passed_on.label("passed_on"),
        )
        .join(SchoolRow, SchoolRow.id == row.school_id)
        .where(row.programme_id == programme_id)
        .order_by(row.id)
    )


def _swots(municipality_id: int) -> Statement:
    table = SwotEntryRow
    return _of_schools(table, municipality_id, table.calendar_year)


def _surveys(municipality_id: int) -> Statement:
    table = SatisfactionSurveyRow
    return _of_schools(
        table,
        municipality_id,
        table.calendar_year,
        table.question,
        table.respondents,
        table.satisfied,
    )


def _resources(municipality_id: int) -> Statement:
    table = ResourceItemRow
    return _of_schools(
        table,
        municipality_id,
        table.school_id.label("site_id"),
        cast(table.year, BigInteger).label("year"),
        table.kind,
        table.title,
        table.state,
        table.quantity,
    )


def _msoko(municipality_id: int) -> Statement:
    table = MsokoScoreRow
    return _of_schools(
        table,
        municipality_id,
        table.school_id.label("site_id"),
        table.academic_year,
        MsokoGroupRow.code,
        table.score,
        table.maximum,
    ).join(MsokoGroupRow, MsokoGroupRow.id == table.group_id)


def _recommendations(municipality_id: int) -> Statement:
    table = RecommendationRow
    return _of_schools(
        table, municipality_id, table.due_on, table.status, table.answered_on
    )


def _controls(municipality_id: int) -> Statement:
    table = InternalControlRow
    return _of_schools(table, municipality_id, table.held_on, table.plan_corrected_on)
