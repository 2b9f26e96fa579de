"""The sandbox's clock."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from services.api.http.auth import Actor, CurrentActor, require
from services.api.http.dates import Moment
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.sandbox import usecases
from services.api.sandbox.usecases import ClockMovesForwardError, NotASandboxError
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.runtime.settings import Mode

router = APIRouter(prefix="/v1/clock", tags=["sandbox"])


class ClockIn(BaseModel):
    """The moment to move to, with its offset from UTC."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"now": "2020-09-28T09:00:00+07:00"}},
    )

    now: Moment


class ClockOut(BaseModel):
    """What time the system believes it is, in UTC."""

    now: datetime
    is_sandbox: bool


@router.get(
    "",
    operation_id="read_clock",
    summary="What time the system believes it is",
    responses=problems(UnauthenticatedError),
)
async def read_clock(
    request: Request, work: RequestWork, _actor: CurrentActor
) -> ClockOut:
    mode = state_of(request).settings.mode
    return ClockOut(now=work.now, is_sandbox=mode is Mode.SANDBOX)


@router.put(
    "",
    operation_id="move_clock",
    summary="Move the sandbox's clock forward",
    description="In sandbox mode only; reminders that fall due are then sent.",
    responses=problems(
        NotASandboxError, ClockMovesForwardError, ForbiddenError, UnauthenticatedError
    ),
)
async def move_clock(
    request: Request,
    work: RequestWork,
    body: ClockIn,
    _actor: Annotated[Actor, Depends(require(Permission.SANDBOX_WRITE))],
) -> ClockOut:
    usecases.require_sandbox(state_of(request).settings.mode)
    return ClockOut(now=await usecases.move_clock(work, body.now), is_sandbox=True)
