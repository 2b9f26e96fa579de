"""Channels of a school as a whole, such as the chat of its staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.api.deliveries import channel_repository as repository
from services.api.deliveries import channel_usecases as usecases
from services.api.deliveries.channel_repository import Owner
from services.api.deliveries.channel_schemas import (
    NewReminderChannelOut,
    OwnChannel,
    ReminderChannelIn,
    ReminderChannelOut,
    ReminderChannelsOut,
)
from services.api.http.auth import Actor, CurrentActor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.endpoints import EndpointRefusedError
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.runtime.settings import Mode

router = APIRouter(
    prefix="/v1/schools/{school_id}", tags=["reminders"], route_class=IdempotentRoute
)
Writer = Annotated[Actor, Depends(require(Permission.CONTACTS_WRITE))]
DENIALS = (NotFoundError, UnauthenticatedError, ForbiddenError)


async def _owner(work: RequestWork, actor: CurrentActor, school_id: RowId) -> Owner:
    return await usecases.owner_of_school(work, actor, school_id)


School = Annotated[Owner, Depends(_owner, scope="function")]


@router.get(
    "/reminder-channels",
    operation_id="list_reminder_channels_of_school",
    summary="Where a school's reminders go besides those of its people",
    responses=problems(*DENIALS),
)
async def list_reminder_channels_of_school(
    work: RequestWork, _actor: Writer, school: School
) -> ReminderChannelsOut:
    rows = await repository.list_channels(work, school)
    return ReminderChannelsOut(
        items=[ReminderChannelOut.model_validate(row) for row in rows]
    )


@router.put(
    "/reminder-channels/{channel}",
    operation_id="set_reminder_channel_of_school",
    summary="Have a school's reminders sent to a messenger or a webhook, too",
    description=(
        "Whatever the school owes is told there as well, outside the quiet hours of "
        "the municipality. Its people are told as they have chosen."
    ),
    responses=problems(EndpointRefusedError, *DENIALS),
)
async def set_reminder_channel_of_school(
    *,
    request: Request,
    work: RequestWork,
    _actor: Writer,
    school: School,
    channel: OwnChannel,
    body: ReminderChannelIn,
) -> NewReminderChannelOut:
    only_https = state_of(request).settings.mode is Mode.PRODUCTION
    row, secret = await usecases.put(work, school, channel, body, only_https=only_https)
    shown = ReminderChannelOut.model_validate(row)
    return NewReminderChannelOut(**shown.model_dump(), secret=secret)


@router.delete(
    "/reminder-channels/{channel}",
    operation_id="remove_reminder_channel_of_school",
    summary="Have no more of a school's reminders sent there",
    status_code=204,
    responses=problems(*DENIALS),
)
async def remove_reminder_channel_of_school(
    work: RequestWork, _actor: Writer, school: School, channel: OwnChannel
) -> None:
    await usecases.remove(work, school, channel)


@router.post(
    "/reminder-channels/{channel}/tests",
    operation_id="try_reminder_channel_of_school",
    summary="Have a test message sent there; the channel shows what came of it",
    status_code=202,
    responses=problems(*DENIALS),
)
async def try_reminder_channel_of_school(
    *,
    work: RequestWork,
    _actor: Writer,
    school: School,
    channel: OwnChannel,
    _once: Once,
) -> ReminderChannelOut:
    row = await usecases.ask_for_test(work, school, channel)
    return ReminderChannelOut.model_validate(row)
