"""What the indicators of programmes are counted from, read as columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from sqlalchemy import BigInteger, Select, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.programme import AGREEMENT_SCHEMA
from services.scoring.engine.programmes import records as frames
from services.scoring.engine.programmes.records import Records
from services.scoring.repository.areas import Area, partitions
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.conditions import ResourceItemRow
from shared.persistence.tables.internal_controls import InternalControlRow
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
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
_OWNER: Final = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRecords:
    """The records of an area: of each kind the rows of every owner apart.

    The kinds are fields of `Records`; an owner is a municipality, or of what belongs
    to a programme that programme.
    """

    rows: Mapping[str, Mapping[int, pl.DataFrame]]

    def of(
        self,
        municipality_id: int,
        programme_id: int,
        *,
        as_of: date,
        scores: Mapping[int, pl.DataFrame],
        inputs: Inputs | None,
    ) -> Records:
        """Return a municipality's records, and those of one of its programmes."""
        own = dict.fromkeys(_OF_MUNICIPALITY, municipality_id)
        own |= dict.fromkeys(_OF_PROGRAMME, programme_id)
        frames = {kind: self._rows(kind, owner) for kind, owner in own.items()}
        return Records(as_of=as_of, scores=scores, inputs=inputs, **frames)

    def lives(self, municipality_id: int) -> pl.DataFrame:
        """Return what schools a municipality has, open and closed ones."""
        return self._rows("lives", municipality_id)

    def _rows(self, kind: str, owner: int) -> pl.DataFrame:
        _, schema = _KINDS[kind]
        return self.rows[kind].get(owner, pl.DataFrame(schema=schema))


async def read_records(work: Work, area: Area) -> AreaRecords:
    """Return the records of the area and of its programmes, a statement for a kind."""
    rows = {}
    for kind, (statement, schema) in _KINDS.items():
        owned = pl.Schema([(_OWNER, pl.Int64()), *schema.items()])
        frame = await area.read(work, statement(area), owned)
        rows[kind] = partitions(frame, _OWNER)
    return AreaRecords(rows=rows)


async def read_time_zones(work: Work, area: Area) -> dict[int, str]:
    """Return the zone whose day is the municipality's, for each."""
    statement = select(MunicipalityRow.id, MunicipalityRow.time_zone).where(
        area.holds(MunicipalityRow.id)
    )
    return {row.id: row.time_zone for row in await work.session.execute(statement)}


def _lives(area: Area) -> Statement:
    row = SchoolRow
    return select(
        row.municipality_id, row.id, row.kind, row.opened_on, row.closed_on
    ).where(area.holds(row.municipality_id))


def _agreements(area: Area) -> Statement:
    """A school of another municipality stands for itself."""
    programme, row = ProgrammeRow, AgreementRow
    mentor, mentee = aliased(SchoolRow), aliased(SchoolRow)
    return (
        select(
            row.programme_id,
            func.coalesce(_parent(mentor), row.mentor_school_id),
            func.coalesce(_parent(mentee), row.mentee_school_id),
            row.status,
            row.starts_on,
            row.ends_on,
            row.ended_on,
        )
        .join(programme, programme.id == row.programme_id)
        .outerjoin(mentor, _is_own(mentor, row.mentor_school_id))
        .outerjoin(mentee, _is_own(mentee, row.mentee_school_id))
        .where(area.holds(programme.municipality_id))
    )


def _is_own(school: Any, school_id: Any) -> Any:
    """Join a school only where it is of the programme's municipality."""
    return and_(
        school.id == school_id,
        school.municipality_id == ProgrammeRow.municipality_id,
    )


def _parent(school: Any) -> Any:
    """A branch stands for the school that it is part of."""
    return case((school.kind == "branch", school.parent_id))


def _of_schools(table: Any, area: Area, *columns: Any) -> Statement:
    """Select rows about schools, a branch's under the school that it is part of."""
    whole = func.coalesce(_parent(SchoolRow), SchoolRow.id)
    return (
        select(table.municipality_id, whole.label("school_id"), *columns)
        .join(SchoolRow, SchoolRow.id == table.school_id)
        .where(area.holds(table.municipality_id))
        .order_by(table.id)
    )


def _programmes(area: Area) -> Statement:
    review, row = SchoolProgrammeReviewRow, SchoolProgrammeRow
    passed_on = (
        select(func.min(review.reviewed_on))
        .where(review.school_programme_id == row.id, review.verdict == "approve")
        .scalar_subquery()
    )
    whole = func.coalesce(_parent(SchoolRow), SchoolRow.id)
    return (
        select(
            row.programme_id,
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
        .where(area.holds(row.municipality_id))
        .order_by(row.id)
    )


def _swots(area: Area) -> Statement:
    table = SwotEntryRow
    return _of_schools(table, area, table.calendar_year)


def _surveys(area: Area) -> Statement:
    table = SatisfactionSurveyRow
    return _of_schools(
        table,
        area,
        table.calendar_year,
        table.question,
        table.respondents,
        table.satisfied,
    )


def _resources(area: Area) -> Statement:
    table = ResourceItemRow
    return _of_schools(
        table,
        area,
        table.school_id.label("site_id"),
        cast(table.year, BigInteger).label("year"),
        table.kind,
        table.title,
        table.state,
        table.quantity,
    )


def _msoko(area: Area) -> Statement:
    table = MsokoScoreRow
    return _of_schools(
        table,
        area,
        table.school_id.label("site_id"),
        table.academic_year,
        MsokoGroupRow.code,
        table.score,
        table.maximum,
    ).join(MsokoGroupRow, MsokoGroupRow.id == table.group_id)


def _recommendations(area: Area) -> Statement:
    table = RecommendationRow
    return _of_schools(table, area, table.due_on, table.status, table.answered_on)


def _controls(area: Area) -> Statement:
    table = InternalControlRow
    return _of_schools(table, area, table.held_on, table.plan_corrected_on)


Kind = tuple[Callable[[Area], Statement], pl.Schema]
_OF_MUNICIPALITY: Final[Mapping[str, Kind]] = {
    "lives": (_lives, frames.LIVES),
    "swots": (_swots, frames.SWOTS),
    "surveys": (_surveys, frames.SURVEYS),
    "resources": (_resources, frames.RESOURCES),
    "msoko": (_msoko, frames.MSOKO),
    "recommendations": (_recommendations, frames.RECOMMENDATIONS),
    "controls": (_controls, frames.CONTROLS),
}
_OF_PROGRAMME: Final[Mapping[str, Kind]] = {
    "agreements": (_agreements, AGREEMENT_SCHEMA),
    "programmes": (_programmes, frames.PROGRAMMES),
}
_KINDS: Final = {**_OF_MUNICIPALITY, **_OF_PROGRAMME}
