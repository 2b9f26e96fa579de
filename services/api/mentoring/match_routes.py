"""Answering requests of the bank with its offers, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.http.auth import Actor, require
from services.api.http.dates import Day
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId, RowNumber
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.mentoring import matching
from services.api.mentoring.drafting import AgreementAcrossMunicipalitiesError
from services.api.mentoring.matching import WantedMatch
from services.api.mentoring.rights import ALWAYS, PREFIX, Writer
from services.api.mentoring.schemas import Line
from shared.domain.agreement_errors import (
    AgreementPeriodReversedError,
    AgreementSameSchoolError,
    DuplicateAgreementError,
)
from shared.domain.mentor_bank import RequestStatus
from shared.domain.mentor_matches import (
    MentorMatchUnfitError,
    MentorOfferFullError,
    MentorOfferUnavailableError,
    MentorRequestNotOpenError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["mentoring"], route_class=IdempotentRoute)

BankWriter = Annotated[Actor, Depends(require(Permission.MENTOR_BANK_WRITE))]


class MatchIn(BaseModel):
    """Which offer shall answer which request, and when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "offer_id": 1,
                "request_id": 1,
                "programme_id": 1,
                "starts_on": "2020-09-16",
                "ends_on": "2021-05-31",
            }
        },
    )

    offer_id: RowNumber
    request_id: RowNumber
    programme_id: RowNumber
    starts_on: Day
    ends_on: Day = Field(description="The last day")


class MatchOut(BaseModel):
    """An offer that answers a request, and the agreement drafted of them."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    agreement_id: int
    offer_id: int
    request_id: int
    problem: str
    subject: str | None


class ClosingIn(BaseModel):
    """Why a request is closed without a mentor."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "Дефицит закрыт"}}
    )

    reason: Line


class RequestStateOut(BaseModel):
    """Where a request stands."""

    id: int
    status: RequestStatus


@router.post(
    "/mentor-matches",
    operation_id="create_mentor_match",
    summary="Draft an agreement of an offer and a request",
    description=(
        "The problem is the request's. The request is matched until the agreement is "
        "completed, which closes it, or terminated, which opens it again."
    ),
    status_code=201,
    responses=problems(
        *ALWAYS,
        AgreementAcrossMunicipalitiesError,
        AgreementPeriodReversedError,
        AgreementSameSchoolError,
        DuplicateAgreementError,
        MentorMatchUnfitError,
        MentorOfferFullError,
        MentorOfferUnavailableError,
        MentorRequestNotOpenError,
    ),
)
async def create_mentor_match(
    work: RequestWork, actor: Writer, _once: Once, body: MatchIn, response: Response
) -> MatchOut:
    found = await matching.match(work, actor, WantedMatch(**dict(body)))
    response.headers["Location"] = f"{PREFIX}/{found.agreement_id}"
    return MatchOut.model_validate(found)


@router.post(
    "/mentor-requests/{row_id}/close",
    operation_id="close_mentor_request",
    summary="Close an open request that needs no mentor any more",
    responses=problems(*ALWAYS, MentorRequestNotOpenError),
)
async def close_mentor_request(
    work: RequestWork, _actor: BankWriter, _once: Once, row_id: RowId, body: ClosingIn
) -> RequestStateOut:
    status = await matching.close(work, row_id, body.reason)
    return RequestStateOut(id=row_id, status=status)
