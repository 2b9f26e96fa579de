"""What is owed for the records that say themselves how far they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from shared.domain.data_years import YearState
from shared.domain.deadline_titles import (
    ANSWER,
    APPROVAL,
    CARRY_OUT,
    CONFIRMATION,
    HAND_IN,
    YEAR,
    title_of,
)
from shared.domain.deadlines import DeadlineKind, DeadlineState
from shared.domain.periods import AcademicYear
from shared.domain.recommendations import RecommendationStatus
from shared.domain.school_programmes import SchoolProgrammeStatus

EXPERTISE: Final = 1  # occurrence of a school's programme that is to be handed in
COMPLETION: Final = 2  # and of one that is to be carried out


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a record asks of a school; `due_on` is the day that was set.

    `met_on` is None where the record does not tell the day. What `lapses` is not owed
    any more once others close it before the school has handed anything in.
    """

    source_id: int
    school_id: int
    due_on: date
    starts_on: date
    title: str
    state: DeadlineState
    occurrence: int = 1
    met_on: date | None = None
    lapses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMove:
    """What was owed for a record, and is now by another day; by none if withdrawn.

    Without a school it is owed by the municipality.
    """

    kind: DeadlineKind
    deadline_id: int
    municipality_id: int
    source_id: int
    school_id: int | None
    title: str
    due_before: date
    due_on: date | None


_ADVICE: Final[Mapping[RecommendationStatus, DeadlineState]] = MappingProxyType(
    {
        RecommendationStatus.ISSUED: DeadlineState.OPEN,
        RecommendationStatus.ANSWERED: DeadlineState.SUBMITTED,
        RecommendationStatus.RETURNED: DeadlineState.RETURNED,
        RecommendationStatus.ACCEPTED: DeadlineState.DONE,
    }
)
_EXPERTISE: Final[Mapping[SchoolProgrammeStatus, DeadlineState]] = MappingProxyType(
    {
        SchoolProgrammeStatus.DRAFT: DeadlineState.OPEN,
        SchoolProgrammeStatus.SUBMITTED: DeadlineState.SUBMITTED,
        SchoolProgrammeStatus.UNDER_REVIEW: DeadlineState.SUBMITTED,
        SchoolProgrammeStatus.RETURNED: DeadlineState.RETURNED,
        SchoolProgrammeStatus.APPROVED: DeadlineState.DONE,
        SchoolProgrammeStatus.IN_PROGRESS: DeadlineState.DONE,
        SchoolProgrammeStatus.COMPLETED: DeadlineState.DONE,
    }
)
_COMPLETION: Final[Mapping[SchoolProgrammeStatus, DeadlineState]] = MappingProxyType(
    {
        SchoolProgrammeStatus.APPROVED: DeadlineState.OPEN,
        SchoolProgrammeStatus.IN_PROGRESS: DeadlineState.OPEN,
        SchoolProgrammeStatus.COMPLETED: DeadlineState.DONE,
    }
)
_YEAR: Final[Mapping[YearState, DeadlineState]] = MappingProxyType(
    {
        YearState.OPEN: DeadlineState.OPEN,
        YearState.SUBMITTED: DeadlineState.SUBMITTED,
        YearState.RETURNED: DeadlineState.RETURNED,
        YearState.ACCEPTED: DeadlineState.DONE,
        YearState.LOCKED: DeadlineState.DONE,
        YearState.UNLOCKED: DeadlineState.DONE,
    }
)


def asked_by_recommendation(row: Any) -> Iterator[Asked]:
    """Yield the answer that a recommendation asks for."""
    yield Asked(
        source_id=row.id,
        school_id=row.school_id,
        due_on=row.due_on,
        starts_on=row.issued_on,
        title=title_of(ANSWER, row.title),
        state=_ADVICE[RecommendationStatus(row.status)],
        met_on=row.answered_on,
    )


def asked_by_school_programme(row: Any) -> Iterator[Asked]:
    """Yield that a programme is handed in and, once it is approved, carried out.

    The first is due on its first day unless another is set, the other on its last.
    """
    status = SchoolProgrammeStatus(row.status)
    handed_in_by = row.submit_by or row.starts_on
    yield Asked(
        source_id=row.id,
        school_id=row.school_id,
        occurrence=EXPERTISE,
        due_on=handed_in_by,
        starts_on=handed_in_by,
        title=title_of(HAND_IN, row.title),
        state=_EXPERTISE[status],
        met_on=row.submitted_on,
    )
    if status in _COMPLETION:
        yield Asked(
            source_id=row.id,
            school_id=row.school_id,
            occurrence=COMPLETION,
            due_on=row.ends_on,
            starts_on=row.starts_on,
            title=title_of(CARRY_OUT, row.title),
            state=_COMPLETION[status],
            met_on=row.completed_on,
        )


def asked_by_anti_risk_programme(row: Any) -> Iterator[Asked]:
    """Yield that a programme against a risk is approved by its first day.

    One that does not tell its first day has no deadline: none is guessed, and it is
    listed among what has no day known.
    """
    if row.starts_on is None:
        return
    is_approved = row.state == "approved"
    yield Asked(
        source_id=row.id,
        school_id=row.school_id,
        due_on=row.starts_on,
        starts_on=row.starts_on,
        title=title_of(APPROVAL, row.goal),
        state=DeadlineState.DONE if is_approved else DeadlineState.OPEN,
    )


def asked_by_year(row: Any) -> Iterator[Asked]:
    """Yield that a school submits the data of a year by the day that was set.

    Nothing is owed any more for a year that was locked before the school submitted it.
    """
    if row.due_on is None:
        return
    year, state = AcademicYear(row.academic_year), YearState(row.state)
    yield Asked(
        source_id=row.academic_year,
        school_id=row.school_id,
        due_on=row.due_on,
        starts_on=min(row.set_on, row.due_on),
        title=title_of(YEAR, year.label),
        state=_YEAR[state],
        lapses=True,
    )


def asked_by_contacts(row: Any) -> Iterator[Asked]:
    """Yield that a school confirms its contacts of a year by the day that was set."""
    is_confirmed = row.confirmed_on is not None
    yield Asked(
        source_id=row.academic_year,
        school_id=row.school_id,
        due_on=row.due_on,
        starts_on=min(row.set_on, row.due_on),
        title=title_of(CONFIRMATION, AcademicYear(row.academic_year).label),
        state=DeadlineState.DONE if is_confirmed else DeadlineState.OPEN,
        met_on=row.confirmed_on,
    )


@dataclass(frozen=True, slots=True)
class Before:
    """How far a deadline was; `changed_on` is when it became so."""

    state: DeadlineState
    done_on: date | None
    changed_on: date


def settled(
    asked: Asked, before: Before | None, *, today: date, closed_on: date | None
) -> tuple[DeadlineState, date | None]:
    """Return how far the deadline is by its record, and when it was met.

    Where the record does not tell the day, it is the one on which it was handed in.
    A school that is closed by its due date owes nothing.
    """
    if asked.state is not DeadlineState.DONE:
        if closed_on is not None and closed_on <= max(asked.due_on, today):
            return DeadlineState.WITHDRAWN, None
        return asked.state, None
    met_on = asked.met_on or _handed_in_on(before)
    if met_on is None and asked.lapses:
        return DeadlineState.WITHDRAWN, None
    return DeadlineState.DONE, met_on or today


def _handed_in_on(before: Before | None) -> date | None:
    if before is None:
        return None
    if before.state is DeadlineState.SUBMITTED:
        return before.changed_on
    return before.done_on


ASKED_BY: Final[Mapping[DeadlineKind, Any]] = MappingProxyType(
    {
        DeadlineKind.RECOMMENDATION: asked_by_recommendation,
        DeadlineKind.SCHOOL_PROGRAMME: asked_by_school_programme,
        DeadlineKind.ANTI_RISK_PROGRAMME: asked_by_anti_risk_programme,
        DeadlineKind.DATA_YEAR: asked_by_year,
        DeadlineKind.CONTACT_CONFIRMATION: asked_by_contacts,
    }
)
