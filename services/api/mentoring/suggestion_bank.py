"""Suggested pairs as decisions read them, and the decisions as they are kept."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.events import Topic
from shared.domain.errors import NotFoundError, Text
from shared.domain.mentor_suggestions import SuggestionDecision
from shared.persistence.tables.matching import (
    MentorSuggestionDecisionRow,
    MentorSuggestionRow,
)
from shared.persistence.tables.msoko import MsokoGroupRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.scoring import CurrentRunRow, RunRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedPair:
    """A pair that a run suggests, or an alternative to one."""

    municipality_id: int
    academic_year: int
    run_id: int
    is_current: bool
    mentee_id: int
    mentor_id: int
    kind: str
    code: str


async def find_pair(work: Work, suggestion_id: int) -> SuggestedPair:
    """Return a suggested pair.

    Raises:
        NotFoundError: the caller sees no such suggestion.
    """
    row = MentorSuggestionRow
    is_current = exists().where(
        CurrentRunRow.run_id == row.run_id, CurrentRunRow.topic == Topic.MATCHING
    )
    statement = (
        select(
            row.municipality_id,
            RunRow.year.label("academic_year"),
            row.run_id,
            is_current.label("is_current"),
            row.mentee_id,
            row.mentor_id,
            row.kind,
            row.code,
        )
        .join(RunRow, RunRow.id == row.run_id)
        .where(row.id == suggestion_id)
    )
    found = (await work.session.execute(statement)).mappings().one_or_none()
    if found is None:
        raise NotFoundError(
            Text(
                f"Предложения с номером {suggestion_id} нет.",
                f"There is no suggestion {suggestion_id}.",
            )
        )
    return SuggestedPair(**found)


async def is_declined(work: Work, pair: SuggestedPair) -> bool:
    """Tell whether the pair was declined for its academic year."""
    row = MentorSuggestionDecisionRow
    found = exists().where(
        row.municipality_id == pair.municipality_id,
        row.academic_year == pair.academic_year,
        row.mentee_id == pair.mentee_id,
        row.mentor_id == pair.mentor_id,
        row.decision == SuggestionDecision.DECLINED,
    )
    return bool(await work.session.scalar(select(found)))


async def insert_decision(
    work: Work,
    pair: SuggestedPair,
    decision: SuggestionDecision,
    *,
    decided_by: int,
    reason: str | None = None,
    agreement_id: int | None = None,
    request_id: int | None = None,
) -> int | None:
    """Write a decision and return its number; None if the pair is declined already."""
    statement = (
        insert(MentorSuggestionDecisionRow)
        .values(
            municipality_id=pair.municipality_id,
            academic_year=pair.academic_year,
            run_id=pair.run_id,
            mentee_id=pair.mentee_id,
            mentor_id=pair.mentor_id,
            kind=pair.kind,
            code=pair.code,
            decision=decision,
            reason=reason,
            agreement_id=agreement_id,
            request_id=request_id,
            decided_by=decided_by,
            decided_at=work.now,
        )
        .on_conflict_do_nothing()
    )
    return await work.session.scalar(
        statement.returning(MentorSuggestionDecisionRow.id)
    )


async def name_problem(work: Work, pair: SuggestedPair) -> str:
    """Return the need of the pair in words, as an agreement names its problem."""
    match pair.kind:
        case "subject":
            name = select(SubjectRow.name_ru).where(SubjectRow.code == pair.code)
        case "group":
            name = select(MsokoGroupRow.title).where(
                MsokoGroupRow.code == pair.code,
                MsokoGroupRow.municipality_id == pair.municipality_id,
            )
        case _:
            return pair.code
    return await work.session.scalar(name) or pair.code
