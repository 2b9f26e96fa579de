"""Webhook endpoints: made, changed, paused, removed, and their keys."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.webhooks import repository, usecases
from services.api.webhooks.checking import EventNotReadableError
from services.api.webhooks.schemas import (
    NewWebhookEndpointOut,
    WebhookEndpointIn,
    WebhookEndpointOut,
    WebhookEndpointPatch,
    WebhookSecretIn,
)
from shared.domain.endpoints import EndpointRefusedError
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now
from shared.runtime.settings import Mode

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/webhook-endpoints", tags=["webhooks"])

Reader = Annotated[Actor, Depends(require(Permission.WEBHOOKS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.WEBHOOKS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)
REFUSALS = (EndpointRefusedError, EventNotReadableError, InvalidInputError)


@router.post(
    "",
    operation_id="create_webhook_endpoint",
    summary="Have another system told of events by webhooks",
    description=(
        "Webhooks follow Standard Webhooks. The secret is shown this once. The header "
        "`webhook-id` and the field `number` carry the number of the change feed, from "
        "which events that did not arrive can be read: GET /v1/changes?event=…"
    ),
    status_code=201,
    responses=problems(*REFUSALS, NotFoundError, *DENIALS),
)
async def create_webhook_endpoint(
    request: Request,
    work: RequestWork,
    response: Response,
    actor: Writer,
    body: WebhookEndpointIn,
) -> NewWebhookEndpointOut:
    row, secret = await usecases.create(
        work, actor, body, only_https=_only_https(request)
    )
    response.headers["Location"] = f"/v1/webhook-endpoints/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = await _shown(work, row)
    return NewWebhookEndpointOut(**shown.model_dump(), secret=secret)


@router.get(
    "",
    operation_id="list_webhook_endpoints",
    summary="Endpoints of the own part of the tree, and how they fare",
    responses=problems(*DENIALS),
)
async def list_webhook_endpoints(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[WebhookEndpointOut]:
    found = await repository.list_endpoints(work, after=after, limit=limit)
    rows, next_after = page_of(found, limit)
    ids = [row.id for row in rows]
    keys = await repository.list_keys(work, ids, at=system_now())
    items = [WebhookEndpointOut.of(row, keys.get(row.id, [])) for row in rows]
    return PageOut(items=items, next_after=next_after)


@router.get(
    "/{endpoint_id}",
    operation_id="read_webhook_endpoint",
    summary="One endpoint, and how it fares",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_webhook_endpoint(
    work: RequestWork, _actor: Reader, endpoint_id: RowId
) -> WebhookEndpointOut:
    return await _shown(work, await usecases.find(work, endpoint_id))


@router.patch(
    "/{endpoint_id}",
    operation_id="change_webhook_endpoint",
    summary="Change name, address or what an endpoint is told of",
    responses=problems(*REFUSALS, NotFoundError, *DENIALS),
)
async def change_webhook_endpoint(
    request: Request,
    work: RequestWork,
    actor: Writer,
    endpoint_id: RowId,
    body: WebhookEndpointPatch,
) -> WebhookEndpointOut:
    row = await usecases.change(
        work, actor, endpoint_id, body, only_https=_only_https(request)
    )
    return await _shown(work, row)


@router.delete(
    "/{endpoint_id}",
    operation_id="remove_webhook_endpoint",
    summary="Remove an endpoint; what waits for it is never sent",
    status_code=204,
    responses=problems(NotFoundError, *DENIALS),
)
async def remove_webhook_endpoint(
    work: RequestWork, _actor: Writer, endpoint_id: RowId
) -> None:
    await usecases.remove(work, endpoint_id)


@router.put(
    "/{endpoint_id}/paused",
    operation_id="pause_webhook_endpoint",
    summary="Send nothing to an endpoint for now; events wait",
    responses=problems(NotFoundError, *DENIALS),
)
async def pause_webhook_endpoint(
    work: RequestWork, _actor: Writer, endpoint_id: RowId
) -> WebhookEndpointOut:
    return await _shown(work, await usecases.pause(work, endpoint_id))


@router.put(
    "/{endpoint_id}/resumed",
    operation_id="resume_webhook_endpoint",
    summary="Send what waits for an endpoint that was paused or disabled, in its order",
    responses=problems(NotFoundError, *DENIALS),
)
async def resume_webhook_endpoint(
    work: RequestWork, _actor: Writer, endpoint_id: RowId
) -> WebhookEndpointOut:
    return await _shown(work, await usecases.resume(work, endpoint_id))


@router.post(
    "/{endpoint_id}/secrets",
    operation_id="rotate_webhook_secret",
    summary="Sign with a new key; the old one signs beside it for some hours",
    description="The secret is shown this once. Of `v1a` the public key is in `keys`.",
    status_code=201,
    responses=problems(NotFoundError, *DENIALS),
)
async def rotate_webhook_secret(
    work: RequestWork,
    response: Response,
    _actor: Writer,
    endpoint_id: RowId,
    body: WebhookSecretIn,
) -> NewWebhookEndpointOut:
    row, secret = await usecases.rotate(work, endpoint_id, body)
    response.headers["Location"] = f"/v1/webhook-endpoints/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = await _shown(work, row)
    return NewWebhookEndpointOut(**shown.model_dump(), secret=secret)


def _only_https(request: Request) -> bool:
    return state_of(request).settings.mode is Mode.PRODUCTION


async def _shown(work: Work, row: AnyRow) -> WebhookEndpointOut:
    keys = await repository.list_keys(work, [row.id], at=system_now())
    return WebhookEndpointOut.of(row, keys.get(row.id, []))
