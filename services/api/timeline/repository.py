"""Reading what happened to a school in a stretch of time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import DateTime, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from shared.persistence.audit_sets import count_of_entry, rows_of_entry
from shared.persistence.deadlines import WORDED_DEADLINES
from shared.persistence.paging import AnyRow
from shared.persistence.tables.agreements import AgreementEventRow, AgreementRow
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.reminders import MessageRow, ReminderRow
from shared.persistence.tables.results import (
    AssessmentResultRow,
    ProcedureRow,
    SubjectRow,
)
from shared.persistence.tables.school_programmes import SchoolProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.years import DataYearRow
from shared.persistence.work import Work

RESULT = "assessment_result"
YEAR = "data_year"
DEADLINE = WORDED_DEADLINES.c


@dataclass(frozen=True, slots=True)
class Stretch:
    """A school's days from the first to the last, in its municipality's zone."""

    school_id: int
    time_zone: str
    first: date
    last: date
    since: datetime
    until: datetime


async def find_school(
    work: Work, school_id: int, *, first: date, last: date
) -> tuple[Stretch, bool] | None:
    """Return the school's days, and whether its data are synthetic, if it is seen."""
    zone = MunicipalityRow.time_zone
    row = (
        await work.session.execute(
            select(
                zone,
                MunicipalityRow.synthetic,
                func.timezone(zone, cast(first, DateTime)).label("since"),
                func.timezone(
                    zone, cast(last, DateTime) + func.make_interval(0, 0, 0, 1)
                ).label("until"),
            )
            .join(SchoolRow, SchoolRow.municipality_id == MunicipalityRow.id)
            .where(SchoolRow.id == school_id)
        )
    ).one_or_none()
    if row is None:
        return None
    stretch = Stretch(school_id, row.time_zone, first, last, row.since, row.until)
    return stretch, row.synthetic


async def list_single_results(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return results that were entered or corrected one by one."""
    entry, result = AuditEntryRow, AssessmentResultRow
    statement = (
        select(
            entry.action,
            entry.at,
            entry.reason,
            result.id,
            result.academic_year,
            result.pupil_grade,
            SubjectRow.name_ru.label("subject_ru"),
            SubjectRow.name_en.label("subject_en"),
            ProcedureRow.name_ru.label("procedure_ru"),
            ProcedureRow.name_en.label("procedure_en"),
        )
        .join(result, result.id == entry.entity_id)
        .join(SubjectRow, SubjectRow.code == result.subject)
        .join(ProcedureRow, ProcedureRow.code == result.procedure)
        .where(
            entry.entity == RESULT,
            entry.school_id == stretch.school_id,
            entry.import_id.is_(None),
            entry.at >= stretch.since,
            entry.at < stretch.until,
        )
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_record_changes(
    work: Work, stretch: Stretch, entities: Collection[str]
) -> Sequence[AnyRow]:
    """Return what was done with the school's rows of these entities."""
    entry = AuditEntryRow
    statement = select(
        entry.entity,
        rows_of_entry().label("id"),
        entry.action,
        entry.at,
        entry.reason,
        func.coalesce(
            RecommendationRow.title, SchoolProgrammeRow.title, DEADLINE.title
        ).label("title"),
        DEADLINE.kind.label("deadline_kind"),
    )
    for named, number, entity in (
        (RecommendationRow, RecommendationRow.id, "recommendation"),
        (SchoolProgrammeRow, SchoolProgrammeRow.id, "school_programme"),
        (WORDED_DEADLINES, DEADLINE.id, "deadline"),
    ):
        is_its = and_(entry.entity == entity, number == entry.entity_id)
        statement = statement.outerjoin(named, is_its)
    statement = statement.where(
        entry.entity.in_(entities),
        or_(entry.entity_id.is_not(None), entry.row_ids.is_not(None)),
        entry.school_id == stretch.school_id,
        entry.at >= stretch.since,
        entry.at < stretch.until,
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_imports(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return imports with how many results of the school each brought or changed."""
    entry = AuditEntryRow
    count = count_of_entry()
    new = case((entry.action == "create", count), else_=0)
    statement = (
        select(
            entry.import_id.label("id"),
            func.min(entry.at).label("at"),
            func.sum(new).label("new"),
            func.sum(count - new).label("changed"),
        )
        .where(
            entry.entity == RESULT,
            entry.school_id == stretch.school_id,
            entry.import_id.is_not(None),
            entry.at >= stretch.since,
            entry.at < stretch.until,
        )
        .group_by(entry.import_id)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_year_steps(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return the steps with the year's data, also those taken once it was over."""
    entry, year = AuditEntryRow, DataYearRow
    statement = (
        select(year.id, entry.action, entry.at, entry.reason, entry.changes)
        .join(year, year.id == entry.entity_id)
        .where(
            entry.entity == YEAR,
            entry.school_id == stretch.school_id,
            year.school_id == stretch.school_id,
            year.academic_year == stretch.first.year,
        )
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_agreement_steps(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return the steps of the agreements that the school mentors or is mentored by."""
    step, agreement = AgreementEventRow, AgreementRow
    mentor, mentee = aliased(SchoolRow), aliased(SchoolRow)
    statement = (
        select(
            agreement.id,
            step.action,
            step.side,
            step.reason,
            step.at,
            agreement.problem,
            mentor.name.label("mentor"),
            mentee.name.label("mentee"),
        )
        .join(agreement, agreement.id == step.agreement_id)
        .outerjoin(mentor, mentor.id == agreement.mentor_school_id)
        .outerjoin(mentee, mentee.id == agreement.mentee_school_id)
        .where(
            or_(
                agreement.mentor_school_id == stretch.school_id,
                agreement.mentee_school_id == stretch.school_id,
            ),
            step.at >= stretch.since,
            step.at < stretch.until,
        )
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_deadlines(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return the school's deadlines; `at` is the start of the last day."""
    starts = func.timezone(stretch.time_zone, cast(DEADLINE.due_on, DateTime))
    statement = select(
        DEADLINE.id,
        starts.label("at"),
        DEADLINE.number,
        DEADLINE.kind,
        DEADLINE.title,
        DEADLINE.state,
    ).where(
        DEADLINE.school_id == stretch.school_id,
        DEADLINE.due_on.between(stretch.first, stretch.last),
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_reminders(work: Work, stretch: Stretch) -> Sequence[AnyRow]:
    """Return reminders that reached the school's accounts."""
    statement = (
        select(
            ReminderRow.id,
            ReminderRow.sent_at.label("at"),
            ReminderRow.channel,
            DEADLINE.number,
            DEADLINE.kind,
            DEADLINE.title,
        )
        .join(WORDED_DEADLINES, DEADLINE.id == ReminderRow.deadline_id)
        .join(MessageRow, MessageRow.id == ReminderRow.message_id)
        .where(
            MessageRow.school_id == stretch.school_id,
            ReminderRow.status == "sent",
            ReminderRow.sent_at >= stretch.since,
            ReminderRow.sent_at < stretch.until,
        )
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
