"""The log of what left the system, by message and by attempt; sending once more."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.deliveries import repository, usecases
from services.api.deliveries.repository import DeliveryFilter
from services.api.deliveries.schemas import (
    AttemptOut,
    Channel,
    DeliveryDetailOut,
    DeliveryOut,
    DeliveryStatus,
    ResendIn,
    ResendOneIn,
    ResendOut,
)
from services.api.deliveries.usecases import NothingToResendError
from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["reminders"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.DELIVERIES_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/deliveries",
    operation_id="list_deliveries",
    summary="Messages that left, or are to leave, newest first",
    description=(
        "What was given up is `status=dead`. A page goes on with what is older than "
        "the page before."
    ),
    responses=problems(*DENIALS),
)
async def list_deliveries(
    *,
    work: RequestWork,
    _actor: Reader,
    school_id: RowId | None = None,
    deadline_id: RowId | None = None,
    recipient_id: RowId | None = None,
    channel: Channel | None = None,
    status: DeliveryStatus | None = None,
    since: Annotated[Moment | None, Query(description="Planned then or later")] = None,
    until: Annotated[Moment | None, Query(description="Planned before then")] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[DeliveryOut]:
    wanted = DeliveryFilter(
        school_id=school_id,
        deadline_id=deadline_id,
        recipient_id=recipient_id,
        channel=channel,
        status=status,
        since=since,
        until=until,
    )
    rows = await repository.list_deliveries(work, wanted, after=after, limit=limit)
    return page_out(DeliveryOut, rows, limit)


@router.get(
    "/deliveries/{delivery_id}",
    operation_id="read_delivery",
    summary="A message with each attempt to hand it over",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_delivery(
    work: RequestWork, _actor: Reader, delivery_id: RowId
) -> DeliveryDetailOut:
    found = await usecases.find(work, delivery_id)
    attempts = await repository.list_attempts(work, delivery_id)
    return DeliveryDetailOut(
        **DeliveryOut.model_validate(found).model_dump(),
        attempt_log=[AttemptOut.model_validate(each) for each in attempts],
    )


@router.post(
    "/deliveries/{delivery_id}/resends",
    operation_id="resend_delivery",
    summary="Send a message once more, under its own key",
    description=(
        "What no longer stands when its turn comes is withdrawn, as at the first time."
    ),
    status_code=202,
    responses=problems(NotFoundError, NothingToResendError, *DENIALS),
)
async def resend_delivery(
    work: RequestWork,
    _actor: Writer,
    delivery_id: RowId,
    body: ResendOneIn,
    _once: Once,
) -> ResendOut:
    return await usecases.resend_one(work, delivery_id, body.reason)


@router.post(
    "/resends",
    operation_id="resend_deliveries",
    summary="Send all messages of a range once more, each under its own key",
    status_code=202,
    responses=problems(InvalidInputError, NothingToResendError, *DENIALS),
)
async def resend_deliveries(
    work: RequestWork, _actor: Writer, body: ResendIn, _once: Once
) -> list[ResendOut]:
    return await usecases.resend_range(work, body)
