"""Reading what the records show of a municipality's work."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from shared.contracts.events import Topic
from shared.domain.deadlines import DeadlineState
from shared.domain.evidence_facts import DecisionFacts, EvidenceFacts
from shared.domain.periods import AcademicYear
from shared.domain.recommendations import AWAITING
from shared.persistence.deadlines import is_owed
from shared.persistence.local_dates import today_of
from shared.persistence.method_periods import assigned_methods
from shared.persistence.paging import AnyRow
from shared.persistence.tables.conditions import ListMembershipRow, ObjectivitySignRow
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.decisions import DecisionRow
from shared.persistence.tables.programmes import (
    MeasureRow,
    TargetIndicatorRow,
    TargetRangeRow,
    TaskRow,
)
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.school_programmes import SchoolProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import CurrentRunRow, ProgrammeValueRow
from shared.persistence.tables.surveys import SatisfactionSurveyRow
from shared.persistence.tables.swot import SwotEntryRow
from shared.persistence.work import Work

APPROVED = ("approved", "in_progress", "completed")


async def read_facts(work: Work, programme: AnyRow) -> EvidenceFacts:
    """Return what the records hold, as far as the caller sees them."""
    municipality = programme.municipality_id
    today = await today_of(work, municipality)
    first = AcademicYear.of(programme.starts_on).start
    last = AcademicYear.of(min(today, programme.ends_on)).start
    return EvidenceFacts(
        programme_id=programme.id,
        goal=programme.goal,
        years=range(first, last + 1),
        methods=await _methods(work, municipality, last),
        results=await _results(work, municipality),
        runs=await _runs(work, municipality),
        schools_without_recommendation=await _unadvised(work, municipality),
        decisions=await _decisions(work, municipality),
        values=await _values(work, programme.id, today),
        **await _counts(work, programme, today),
    )


async def _counts(work: Work, programme: AnyRow, today: date) -> dict[str, int]:
    """Return all plain counts by one statement."""
    own, municipality = programme.id, programme.municipality_id
    indicator, deadline, advice = TargetIndicatorRow, DeadlineRow, RecommendationRow
    has_range = select(TargetRangeRow.id).where(
        TargetRangeRow.indicator_id == indicator.id
    )
    of_programme = select(MeasureRow.id).where(MeasureRow.programme_id == own)
    dated = deadline.measure_id.in_(of_programme)
    advised = advice.municipality_id == municipality
    counted: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "tasks": (TaskRow.id, (TaskRow.programme_id == own,)),
        "indicators": (indicator.id, (indicator.programme_id == own,)),
        "indicators_without_ranges": (
            indicator.id,
            (indicator.programme_id == own, ~has_range.exists()),
        ),
        "signs": (
            ObjectivitySignRow.id,
            (ObjectivitySignRow.municipality_id == municipality,),
        ),
        "swot": (SwotEntryRow.id, (SwotEntryRow.municipality_id == municipality,)),
        "surveys": (
            SatisfactionSurveyRow.id,
            (SatisfactionSurveyRow.municipality_id == municipality,),
        ),
        "recommendations": (advice.id, (advised,)),
        "recommendations_accepted": (advice.id, (advised, advice.status == "accepted")),
        "recommendations_overdue": (
            advice.id,
            (advised, advice.status.in_(sorted(AWAITING)), advice.due_on < today),
        ),
        "measures": (
            MeasureRow.id,
            (MeasureRow.programme_id == own, MeasureRow.withdrawn_on.is_(None)),
        ),
        "deadlines_done": (deadline.id, (dated, deadline.state == DeadlineState.DONE)),
        "deadlines_overdue": (
            deadline.id,
            (dated, is_owed(), deadline.due_on < today),
        ),
        "school_programmes_approved": (
            SchoolProgrammeRow.school_id.distinct(),
            (
                SchoolProgrammeRow.programme_id == own,
                SchoolProgrammeRow.status.in_(APPROVED),
            ),
        ),
        "schools": (
            SchoolRow.id,
            (SchoolRow.municipality_id == municipality, SchoolRow.kind != "branch"),
        ),
    }
    statement = select(
        *(
            select(func.count(what)).where(*where).scalar_subquery().label(name)
            for name, (what, where) in counted.items()
        )
    )
    return dict((await work.session.execute(statement)).mappings().one())


async def _methods(work: Work, municipality_id: int, year: int) -> Sequence[str]:
    rows = await work.session.execute(assigned_methods(municipality_id, year))
    return [f"{row.code}, {row.version}" for row in rows if row.displaced_by_id is None]


async def _results(work: Work, municipality_id: int) -> dict[int, int]:
    result = AssessmentResultRow
    rows = await work.session.execute(
        select(result.academic_year, func.count())
        .where(result.municipality_id == municipality_id)
        .group_by(result.academic_year)
    )
    return dict(rows.all())


async def _runs(work: Work, municipality_id: int) -> dict[int, int]:
    rows = await work.session.execute(
        select(CurrentRunRow.year, CurrentRunRow.run_id).where(
            CurrentRunRow.municipality_id == municipality_id,
            CurrentRunRow.topic == Topic.RESULTS,
        )
    )
    return dict(rows.all())


async def _unadvised(work: Work, municipality_id: int) -> Sequence[str]:
    """Return the names of schools on a list that nothing was recommended to."""
    listed = select(ListMembershipRow.id).where(
        ListMembershipRow.school_id == SchoolRow.id
    )
    advised = select(RecommendationRow.id).where(
        RecommendationRow.school_id == SchoolRow.id
    )
    names = await work.session.scalars(
        select(SchoolRow.name)
        .where(
            SchoolRow.municipality_id == municipality_id,
            listed.exists(),
            ~advised.exists(),
        )
        .order_by(SchoolRow.id)
    )
    return names.all()


async def _decisions(work: Work, municipality_id: int) -> Sequence[DecisionFacts]:
    rows = await work.session.execute(
        select(DecisionRow)
        .where(DecisionRow.municipality_id == municipality_id)
        .order_by(DecisionRow.decided_on, DecisionRow.id)
    )
    return [
        DecisionFacts(
            row.id, f"№ {row.number} ({row.decided_on}): {row.title}", row.link
        )
        for row in rows.scalars()
    ]


async def _values(
    work: Work, programme_id: int, today: date
) -> dict[int, dict[str, int]]:
    """Return how many indicators stand how, in the years that are over."""
    value = ProgrammeValueRow
    rows = await work.session.execute(
        select(value.year, value.status, func.count())
        .join(CurrentRunRow, CurrentRunRow.run_id == value.run_id)
        .where(value.programme_id == programme_id, value.year < today.year)
        .group_by(value.year, value.status)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for year, status, count in rows:
        found[year][status] = count
    return dict(found)
