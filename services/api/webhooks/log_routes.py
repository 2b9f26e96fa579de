"""What was sent to an endpoint; tests; events once more."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.webhooks import log_repository as repository
from services.api.webhooks import log_usecases as usecases
from services.api.webhooks.log_repository import AttemptFilter, DeliveryFilter
from services.api.webhooks.log_usecases import NothingToReplayError
from services.api.webhooks.schemas import (
    WebhookAttemptOut,
    WebhookDeliveryOut,
    WebhookReplayIn,
    WebhookReplayOut,
    WebhookTestOut,
)
from services.api.webhooks.usecases import find
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(
    prefix="/v1/webhook-endpoints", tags=["webhooks"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.WEBHOOKS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.WEBHOOKS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)
Status = Literal["waiting", "delivered", "failed"]
Outcome = Literal["delivered", "put_off", "failed", "lost"]
Name = Annotated[str, Query(max_length=100)]
Part = Annotated[
    str, Query(max_length=200, pattern=r"^[^\x00]*$", description="Of the answer")
]


@router.get(
    "/{endpoint_id}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="Events for an endpoint, sent or waiting, newest first",
    responses=problems(NotFoundError, *DENIALS),
)
async def list_webhook_deliveries(
    *,
    work: RequestWork,
    _actor: Reader,
    endpoint_id: RowId,
    status: Status | None = None,
    event: Name | None = None,
    school_id: RowId | None = None,
    number: RowId | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[WebhookDeliveryOut]:
    await find(work, endpoint_id)
    wanted = DeliveryFilter(
        status=status, event=event, school_id=school_id, number=number
    )
    rows = await repository.list_deliveries(
        work, endpoint_id, wanted, after=after, limit=limit
    )
    return page_out(WebhookDeliveryOut, rows, limit)


@router.get(
    "/{endpoint_id}/attempts",
    operation_id="list_webhook_attempts",
    summary="Calls of an endpoint and what it answered, newest first",
    responses=problems(NotFoundError, *DENIALS),
)
async def list_webhook_attempts(
    *,
    work: RequestWork,
    _actor: Reader,
    endpoint_id: RowId,
    outcome: Outcome | None = None,
    code: Annotated[int | None, Query(ge=100, le=999)] = None,
    number: RowId | None = None,
    contains: Part | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[WebhookAttemptOut]:
    await find(work, endpoint_id)
    wanted = AttemptFilter(
        outcome=outcome,
        code=code,
        number=number,
        contains=contains,
        since=since,
        until=until,
    )
    rows = await repository.list_attempts(
        work, endpoint_id, wanted, after=after, limit=limit
    )
    return page_out(WebhookAttemptOut, rows, limit)


@router.post(
    "/{endpoint_id}/tests",
    operation_id="test_webhook_endpoint",
    summary="Send a test event, once; the log shows what came of it",
    description="It is sent to an endpoint that is paused or disabled, too.",
    status_code=202,
    responses=problems(NotFoundError, NothingToReplayError, *DENIALS),
)
async def ask_for_webhook_test(
    work: RequestWork, _actor: Writer, endpoint_id: RowId, _once: Once
) -> WebhookTestOut:
    row = await usecases.ask_for_test(work, endpoint_id)
    return WebhookTestOut(endpoint_id=row.id, asked_at=work.now)


@router.get(
    "/{endpoint_id}/replays",
    operation_id="list_webhook_replays",
    summary="Ranges of events that were wanted once more, newest first",
    responses=problems(NotFoundError, *DENIALS),
)
async def list_webhook_replays(
    work: RequestWork,
    _actor: Reader,
    endpoint_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[WebhookReplayOut]:
    await find(work, endpoint_id)
    rows = await repository.list_replays(work, endpoint_id, after=after, limit=limit)
    return page_out(WebhookReplayOut, rows, limit)


@router.post(
    "/{endpoint_id}/replays",
    operation_id="replay_webhooks",
    summary="Send the events of a range once more, each under its own id",
    description=(
        "One event is a range of one number. What the endpoint was never sent, because "
        "it was made later, is sent as well; what waits already is left as it is."
    ),
    status_code=202,
    responses=problems(NotFoundError, NothingToReplayError, *DENIALS),
)
async def ask_for_webhook_replay(
    work: RequestWork,
    _actor: Writer,
    endpoint_id: RowId,
    body: WebhookReplayIn,
    _once: Once,
) -> WebhookReplayOut:
    row = await usecases.ask_for_replay(work, endpoint_id, body)
    return WebhookReplayOut.model_validate(row)
