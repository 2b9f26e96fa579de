"""One's own channels: a webhook, a messenger."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.api.deliveries import channel_repository as repository
from services.api.deliveries import channel_usecases as usecases
from services.api.deliveries.channel_schemas import (
    NewReminderChannelOut,
    OwnChannel,
    ReminderChannelIn,
    ReminderChannelOut,
    ReminderChannelsOut,
)
from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.endpoints import EndpointRefusedError
from shared.domain.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.runtime.settings import Mode

router = APIRouter(prefix="/v1/me", tags=["reminders"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.INBOX_READ))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/reminder-channels",
    operation_id="list_my_reminder_channels",
    summary="Where one's own reminders go besides inbox and mail",
    responses=problems(*DENIALS),
)
async def list_my_reminder_channels(
    work: RequestWork, actor: Reader
) -> ReminderChannelsOut:
    rows = await repository.list_channels(work, usecases.owner_of(actor))
    return ReminderChannelsOut(
        items=[ReminderChannelOut.model_validate(row) for row in rows]
    )


@router.put(
    "/reminder-channels/{channel}",
    operation_id="set_my_reminder_channel",
    summary="Have one's reminders sent to a webhook or a messenger",
    description=(
        "Whatever cannot be delivered there goes out by mail. A webhook's secret is "
        "answered once, when it is made."
    ),
    responses=problems(EndpointRefusedError, ConflictError, *DENIALS),
)
async def set_my_reminder_channel(
    request: Request,
    work: RequestWork,
    actor: Reader,
    channel: OwnChannel,
    body: ReminderChannelIn,
) -> NewReminderChannelOut:
    only_https = state_of(request).settings.mode is Mode.PRODUCTION
    row, secret = await usecases.put(
        work, usecases.owner_of(actor), channel, body, only_https=only_https
    )
    shown = ReminderChannelOut.model_validate(row)
    return NewReminderChannelOut(**shown.model_dump(), secret=secret)


@router.delete(
    "/reminder-channels/{channel}",
    operation_id="remove_my_reminder_channel",
    summary="Have no more reminders sent there",
    status_code=204,
    responses=problems(NotFoundError, *DENIALS),
)
async def remove_my_reminder_channel(
    work: RequestWork, actor: Reader, channel: OwnChannel
) -> None:
    await usecases.remove(work, usecases.owner_of(actor), channel)


@router.post(
    "/reminder-channels/{channel}/tests",
    operation_id="try_my_reminder_channel",
    summary="Have a test message sent there; the channel shows what came of it",
    status_code=202,
    responses=problems(NotFoundError, *DENIALS),
)
async def ask_for_channel_test(
    work: RequestWork, actor: Reader, channel: OwnChannel, _once: Once
) -> ReminderChannelOut:
    row = await usecases.ask_for_test(work, usecases.owner_of(actor), channel)
    return ReminderChannelOut.model_validate(row)
