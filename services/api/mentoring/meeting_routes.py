"""The log of meetings over HTTP."""

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.mentoring import meetings
from services.api.mentoring.rights import ALWAYS, PREFIX, UNSEEN, Reader, Signer
from services.api.mentoring.schemas import Line
from shared.domain.agreement_evaluation import (
    AgreementNotInForceError,
    MeetingForbiddenError,
    MeetingOutsideAgreementError,
)

router = APIRouter(prefix=PREFIX, tags=["mentoring"], route_class=IdempotentRoute)


class MeetingIn(BaseModel):
    """A meeting that was held."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "held_on": "2020-10-14",
                "topic": "Взаимные уроки математики",
                "result": "Согласованы три открытых урока",
            }
        },
    )

    held_on: Day = Field(description="A day of the agreement that has come")
    topic: Line
    result: Line


class MeetingOut(BaseModel):
    """A meeting in the log."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    agreement_id: int
    held_on: date
    topic: str
    result: str
    noted_by: int = Field(description="The account")
    noted_at: datetime


@router.post(
    "/{agreement_id}/meetings",
    operation_id="note_mentoring_meeting",
    summary="Note a meeting that the two schools held",
    status_code=201,
    responses=problems(
        MeetingForbiddenError,
        AgreementNotInForceError,
        MeetingOutsideAgreementError,
        *UNSEEN,
        *ALWAYS,
    ),
)
async def note_mentoring_meeting(
    work: RequestWork, actor: Signer, agreement_id: RowId, body: MeetingIn, _once: Once
) -> MeetingOut:
    row = await meetings.note_meeting(
        work,
        actor,
        agreement_id,
        held_on=body.held_on,
        topic=body.topic,
        result=body.result,
    )
    return MeetingOut.model_validate(row)


@router.get(
    "/{agreement_id}/meetings",
    operation_id="list_mentoring_meetings",
    summary="Meetings held under an agreement",
    responses=problems(*UNSEEN, *ALWAYS),
)
async def list_mentoring_meetings(
    work: RequestWork,
    _actor: Reader,
    agreement_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[MeetingOut]:
    rows = await meetings.list_meetings(work, agreement_id, after=after, limit=limit)
    return page_out(MeetingOut, rows, limit)
