"""Deadlines for calendar programs: addresses of feeds, and the feeds themselves."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from services.api.feeds import repository, usecases
from services.api.feeds.rendering import MEDIA_TYPE, calendar_of
from services.api.feeds.schemas import FeedIn, FeedOut, NewFeedOut
from services.api.feeds.usecases import FeedNotFoundError
from services.api.http.auth import Actor, require
from services.api.http.conditional import NOT_MODIFIED, digest_of, is_listed
from services.api.http.errors import language_of
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

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/feeds", tags=["roadmaps"])

Reader = Annotated[Actor, Depends(require(Permission.DEADLINES_READ))]
DENIALS = (UnauthenticatedError, ForbiddenError)
# Whoever has the address may keep what it gives, and asks whether there is more.
CACHE_CONTROL: Final = "private, no-cache"
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The calendar",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    },
    304: {"description": "Nothing has changed since If-None-Match"},
}


@router.post(
    "",
    operation_id="create_feed",
    summary="Get an address that calendar programs read deadlines from",
    description=(
        "The address is shown this once and needs no sign-in: it opens the feed and "
        "nothing else. At each read the feed has the rights of its account: it ends "
        "with the account. A person's feed is of the own school or, for the "
        "municipality's people, of what the municipality itself owes."
    ),
    status_code=201,
    responses=problems(InvalidInputError, NotFoundError, *DENIALS),
)
async def create_feed(
    work: RequestWork, request: Request, response: Response, actor: Reader, body: FeedIn
) -> NewFeedOut:
    row, secret = await usecases.issue(work, actor, body, language=language_of(request))
    response.headers["Location"] = f"{router.prefix}/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    url = f"{str(request.base_url).rstrip('/')}{router.prefix}/{secret}.ics"
    return NewFeedOut(**FeedOut.model_validate(row).model_dump(), url=url)


@router.get(
    "",
    operation_id="list_feeds",
    summary="The caller's own feeds, revoked ones too",
    responses=problems(*DENIALS),
)
async def list_feeds(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[FeedOut]:
    rows = await repository.list_feeds(work, after=after, limit=limit)
    return page_out(FeedOut, rows, limit)


@router.delete(
    "/{feed_id}",
    operation_id="revoke_feed",
    summary="End a feed; its address answers 404 from then on",
    status_code=204,
    responses=problems(FeedNotFoundError, *DENIALS),
)
async def revoke_feed(work: RequestWork, _actor: Reader, feed_id: RowId) -> None:
    await usecases.revoke(work, feed_id)


@router.get(
    "/{token}.ics",
    operation_id="read_feed",
    summary="A feed of deadlines as an iCalendar",
    description=(
        "All-day events with a stable UID; SEQUENCE is the deadline's revision. What "
        "was withdrawn stays for 92 days as CANCELLED, what is done is marked ✓."
    ),
    response_class=Response,
    responses={**ANSWERS, **problems(FeedNotFoundError)},
)
async def read_feed(
    work: RequestWork,
    token: Annotated[str, Path(max_length=200, examples=["secret"])],
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    feed, zone, today = await usecases.enter(work, token)
    rows = await repository.list_deadlines(work, feed, today=today)
    content = await asyncio.to_thread(
        calendar_of, feed.name, rows, language=feed.language, time_zone=zone
    )
    tag = f'"{digest_of(content)}"'
    headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if is_listed(tag, if_none_match):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
