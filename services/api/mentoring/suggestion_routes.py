"""Deciding of suggested mentors over HTTP."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowNumber
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.mentoring import suggestions
from services.api.mentoring.drafting import AgreementAcrossMunicipalitiesError
from services.api.mentoring.rights import ALWAYS, PREFIX, Writer
from services.api.mentoring.schemas import Line, Problem
from services.api.mentoring.suggestions import Acceptance
from shared.domain.agreement_errors import (
    AgreementPeriodReversedError,
    AgreementSameSchoolError,
    DuplicateAgreementError,
)
from shared.domain.mentor_suggestions import (
    MentorSuggestionDeclinedError,
    MentorSuggestionOutdatedError,
    SuggestionDecision,
)

router = APIRouter(prefix="/v1", tags=["mentoring"], route_class=IdempotentRoute)

DECIDED = (MentorSuggestionDeclinedError, MentorSuggestionOutdatedError)


class AcceptanceIn(BaseModel):
    """Which suggestion is accepted, under which programme, and for how long."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "suggestion_id": 1,
                "programme_id": 1,
                "starts_on": "2020-09-16",
                "ends_on": "2021-05-31",
            }
        },
    )

    suggestion_id: RowNumber = Field(description="Of a suggestion or an alternative")
    programme_id: RowNumber
    starts_on: Day
    ends_on: Day = Field(description="The last day")
    problem: Problem | None = Field(
        None, description="The need that the pair is suggested for, if left out"
    )


class RefusalIn(BaseModel):
    """Which suggestion is declined, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"suggestion_id": 1, "reason": "Школы уже работают вместе"}
        },
    )

    suggestion_id: RowNumber = Field(description="Of a suggestion or an alternative")
    reason: Line


class DecidedOut(BaseModel):
    """A decision, and the agreement that was drafted by it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    suggestion_id: int
    mentor_id: int
    mentee_id: int
    decision: SuggestionDecision
    agreement_id: int | None


@router.post(
    "/accepted-mentor-suggestions",
    operation_id="accept_mentor_suggestion",
    summary="Draft an agreement of a suggested pair",
    status_code=201,
    responses=problems(
        *ALWAYS,
        *DECIDED,
        AgreementAcrossMunicipalitiesError,
        AgreementPeriodReversedError,
        AgreementSameSchoolError,
        DuplicateAgreementError,
    ),
)
async def accept_mentor_suggestion(
    work: RequestWork,
    actor: Writer,
    _once: Once,
    body: AcceptanceIn,
    response: Response,
) -> DecidedOut:
    decided = await suggestions.accept(work, actor, Acceptance(**dict(body)))
    response.headers["Location"] = f"{PREFIX}/{decided.agreement_id}"
    return DecidedOut.model_validate(decided)


@router.post(
    "/declined-mentor-suggestions",
    operation_id="decline_mentor_suggestion",
    summary="Decline a suggested pair for the academic year",
    description="The decision is kept, and the next run does not suggest the pair.",
    status_code=201,
    responses=problems(*ALWAYS, *DECIDED),
)
async def decline_mentor_suggestion(
    work: RequestWork, actor: Writer, _once: Once, body: RefusalIn
) -> DecidedOut:
    decided = await suggestions.decline(work, actor, body.suggestion_id, body.reason)
    return DecidedOut.model_validate(decided)
