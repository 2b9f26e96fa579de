"""Inboxes, and the log of what was sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.inbox import repository, usecases
from services.api.inbox.schemas import (
    InboxOut,
    MessageOut,
    ReminderOut,
    ReminderStatus,
)
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

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
        bool | None, Query(description="true: only unread ones; false: only read ones")
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
