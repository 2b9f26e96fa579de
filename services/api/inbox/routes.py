"""Inboxes, and the log of what was sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from services.api.http.auth import Actor, SignedToken, require
from services.api.http.flags import Flag
from services.api.http.ids import LARGEST_ID, RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.inbox import repository, streaming, usecases
from services.api.inbox.schemas import (
    InboxOut,
    MessageOut,
    ReminderOut,
    ReminderStatus,
    UnreadOut,
)
from shared.domain.errors import (
    ForbiddenError,
    NotFoundError,
    TooManyRequestsError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission
from shared.persistence.work import Work

LONGEST_STREAM = 3_600  # seconds
STREAM = """\
Events `message` carry a message as in the list, events `unread` the `unread_count`;
both have an `id` to go on after with `Last-Event-ID`. A comment comes while nothing is
new. The stream ends with the session.
"""

router = APIRouter(prefix="/v1", tags=["reminders"])


@router.get(
    "/inbox",
    operation_id="list_inbox",
    summary="One's own messages, newest first",
    description="A page goes on with what is older than the page before.",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_inbox(
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.INBOX_READ))],
    unread: Annotated[
        Flag | None, Query(description="true: only unread ones; false: only read ones")
    ] = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> InboxOut:
    rows = await repository.list_messages(
        work, actor.user_id, unread=unread, after=after, limit=limit
    )
    page = page_out(MessageOut, rows, limit)
    return InboxOut(
        items=page.items,
        next_after=page.next_after,
        unread_count=await repository.count_unread(work, actor.user_id),
    )


@router.get(
    "/inbox/unread",
    operation_id="count_unread_messages",
    summary="How many of one's own messages have not been read",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def count_unread_messages(
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.INBOX_READ))],
) -> UnreadOut:
    return await _unread(work, actor)


@router.get(
    "/inbox/stream",
    operation_id="stream_inbox",
    summary="New messages and counts of unread ones, at once (server-sent events)",
    description=STREAM,
    response_class=StreamingResponse,
    responses={
        200: {"content": {streaming.MEDIA_TYPE: {"schema": streaming.EVENT}}},
        **problems(UnauthenticatedError, ForbiddenError, TooManyRequestsError),
    },
)
async def stream_inbox(
    request: Request,
    token: SignedToken,
    actor: Annotated[Actor, Depends(require(Permission.INBOX_READ))],
    last_event_id: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID",
            ge=0,
            le=LARGEST_ID,
            description="Go on after this message; without it, with what is new",
        ),
    ] = None,
    seconds: Annotated[
        int | None,
        Query(
            ge=0,
            le=LONGEST_STREAM,
            description="End after so long; 0 for what there is already. Without it "
            "the stream lasts as long as the session",
        ),
    ] = None,
) -> StreamingResponse:
    state = state_of(request)
    if not state.inbox_bells.has_room(actor.user_id):
        raise usecases.too_many_streams()
    listener = streaming.Listener(
        state.engine, actor.user_id, token, state.settings.secret_key
    )
    return StreamingResponse(
        streaming.stream(
            listener, state.inbox_bells, after=last_event_id, seconds=seconds
        ),
        media_type=streaming.MEDIA_TYPE,
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@router.put(
    "/inbox/read",
    operation_id="mark_all_messages_read",
    summary="Mark all messages as read; again changes nothing",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def mark_all_messages_read(
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.INBOX_READ))],
    up_to: Annotated[
        RowId | None,
        Query(description="Only this message and older ones: what has been shown"),
    ] = None,
) -> UnreadOut:
    await repository.mark_all_read(work, actor.user_id, up_to=up_to)
    return await _unread(work, actor)


@router.put(
    "/inbox/{message_id}/read",
    operation_id="mark_message_read",
    summary="Mark a message as read; again changes nothing",
    status_code=204,
    responses=problems(UnauthenticatedError, ForbiddenError, NotFoundError),
)
async def mark_message_read(
    work: RequestWork,
    actor: Annotated[Actor, Depends(require(Permission.INBOX_READ))],
    message_id: RowId,
) -> None:
    await usecases.mark_read(work, actor.user_id, message_id)


@router.get(
    "/reminders",
    operation_id="list_reminders",
    summary="What was sent when, to which role and school, newest first",
    description="A page goes on with what is older than the page before.",
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_reminders(
    work: RequestWork,
    _actor: Annotated[Actor, Depends(require(Permission.REMINDERS_READ))],
    school_id: RowId | None = None,
    status: ReminderStatus | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ReminderOut]:
    rows = await repository.list_reminders(
        work, school_id=school_id, status=status, after=after, limit=limit
    )
    return page_out(ReminderOut, rows, limit)


async def _unread(work: Work, actor: Actor) -> UnreadOut:
    return UnreadOut(
        unread_count=await repository.count_unread(work, actor.user_id),
        newest_id=await repository.newest_id(work, actor.user_id),
    )
