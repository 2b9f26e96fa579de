"""Opening deadlines by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.api.http.auth import Actor, require
from services.api.http.errors import language_of
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.roadmaps.demand_schemas import DemandIn, DemandOut
from services.api.roadmaps.demand_usecases import Demand, open_by_hand
from shared.domain.demand import InvalidDemandError, MeasureDatedError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["roadmaps"], route_class=IdempotentRoute)


@router.post(
    "/deadlines",
    operation_id="open_deadlines",
    summary="Open deadlines of a measure on demand",
    description=(
        "For measures whose term gives no dates. A day off moves to the last working "
        "day before it, and `notice` says so. Each call opens another occurrence."
    ),
    status_code=201,
    responses=problems(
        InvalidDemandError,
        MeasureDatedError,
        NotFoundError,
        ForbiddenError,
        UnauthenticatedError,
    ),
)
async def open_deadlines(
    *,
    request: Request,
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.DEADLINES_DECIDE))],
    body: DemandIn,
    _once: Once,
) -> DemandOut:
    opened = await open_by_hand(work, Demand(**body.model_dump()))
    notice = opened.day.notice
    return DemandOut(
        measure_id=body.measure_id,
        occurrence=opened.occurrence,
        nominal_due_on=opened.day.nominal,
        due_on=opened.day.due_on,
        notice=None if notice is None else notice.in_language(language_of(request)),
        deadlines=opened.deadlines,
    )
