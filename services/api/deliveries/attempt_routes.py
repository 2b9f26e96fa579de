"""The log of attempts, searched."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.deliveries import attempt_repository as repository
from services.api.deliveries.attempt_repository import AttemptFilter
from services.api.deliveries.schemas import Channel, LoggedAttemptOut, Outcome
from services.api.http.auth import Actor, require
from services.api.http.dates import Moment
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.texts import text_up_to
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["reminders"])

Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
Reply = Annotated[
    Annotated[str, text_up_to(100)] | None,
    Query(description="Part of what the other side said, in any case"),
]


def _filter(
    *,
    delivery_id: RowId | None = None,
    school_id: RowId | None = None,
    deadline_id: RowId | None = None,
    recipient_id: RowId | None = None,
    channel: Channel | None = None,
    outcome: Outcome | None = None,
    code: Annotated[int | None, Query(ge=100, le=999)] = None,
    reply: Reply = None,
    since: Annotated[
        Moment | None, Query(description="Ended then or later, in real time")
    ] = None,
    until: Annotated[
        Moment | None, Query(description="Ended before then, in real time")
    ] = None,
) -> AttemptFilter:
    return AttemptFilter(
        delivery_id=delivery_id,
        school_id=school_id,
        deadline_id=deadline_id,
        recipient_id=recipient_id,
        channel=channel,
        outcome=outcome,
        code=code,
        reply=reply,
        since=since,
        until=until,
    )


@router.get(
    "/delivery-attempts",
    operation_id="list_delivery_attempts",
    summary="Every try to hand a message over, newest first, made or not",
    description=(
        "Inboxes, mail, webhooks and messengers; also tries that met a server which "
        "took nothing, and those that had no address to go to."
    ),
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_delivery_attempts(
    *,
    work: RequestWork,
    _actor: Reader,
    wanted: Annotated[AttemptFilter, Depends(_filter)],
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[LoggedAttemptOut]:
    rows = await repository.search_attempts(work, wanted, after=after, limit=limit)
    return page_out(LoggedAttemptOut, rows, limit)
