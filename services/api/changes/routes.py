"""The change feed over HTTP: pages, long polls and streams."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse

from services.api.changes import usecases
from services.api.changes.lines import (
    HEADERS,
    LINES,
    NDJSON,
    LinesReader,
    lines_reading,
)
from services.api.changes.reading import FeedReader, feed_reading
from services.api.changes.records import Wanted
from services.api.changes.schemas import ChangePageOut
from services.api.changes.snapshot_usecases import Piece
from services.api.changes.usecases import ChangesForgottenError, DatasetNotReadableError
from services.api.datasets.places import FED
from services.api.http.auth import Actor
from services.api.http.ids import LARGEST_ID
from services.api.http.links import announce_next
from services.api.http.pagination import After, Limit
from services.api.http.problems import problems
from shared.contracts.domain_events import DomainEvent
from shared.domain.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.persistence.work import Work

router = APIRouter(prefix="/v1/changes", tags=["changes"])

LONGEST_WAIT = 60  # seconds
DEFAULT_PAGE = 100
DENIALS = (UnauthenticatedError, ForbiddenError, DatasetNotReadableError)
OfPart = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]
Code = Annotated[str, Query(max_length=100, examples=["rankings"])]


def wanted_changes(
    *,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
    dataset: Annotated[
        list[str] | None,
        Query(max_length=100, description="Several if repeated; all if omitted"),
    ] = None,
    event: Annotated[
        list[DomainEvent] | None,
        Query(max_length=100, description="Only these events, and no other changes"),
    ] = None,
    region_id: OfPart = None,
    municipality_id: OfPart = None,
    school_id: OfPart = None,
    feed: Annotated[
        str | None, Query(max_length=100, description="`feed` of the page before")
    ] = None,
) -> Wanted:
    """Return what the query asks for."""
    return Wanted(
        after=after,
        limit=limit,
        datasets=tuple(dataset or ()),
        events=tuple(event or ()),
        region_id=region_id,
        municipality_id=municipality_id,
        school_id=school_id,
        identity=feed,
    )


@router.get(
    "",
    operation_id="read_changes",
    summary="Every change of the exported datasets, in one order, from any number on",
    description=(
        "Read on from `next_after`, with `feed`. What is deleted, comes under another "
        "key, or leaves the part of the tree is there as well; what was committed late "
        "comes late, and is never skipped. With `wait` an answer without changes comes "
        "after so many seconds at most. `Accept: application/x-ndjson` gives lines "
        "without end: of the type `change`, and `heartbeat` at least every 15 seconds."
        " Events stand among the changes that they are told by: a result that changed, "
        "a list, an agreement, a deadline opened, met or missed, a file committed or "
        "taken back, a ranking published."
        " Changes are kept for 90 days; then begin with POST /v1/snapshots."
    ),
    response_model=ChangePageOut,
    responses={
        **problems(ChangesForgottenError, InvalidInputError, *DENIALS),
        200: {"content": {NDJSON: {"schema": {"type": "string"}}}},
    },
)
async def read_changes(
    reader: Annotated[FeedReader, Depends(feed_reading())],
    wanted: Annotated[Wanted, Depends(wanted_changes)],
    *,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="Seconds")] = 0,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> ChangePageOut | StreamingResponse:
    if NDJSON in accept:
        first = await reader.page(wanted)
        lines = reader.lines(first, wanted)
        return StreamingResponse(lines, media_type=NDJSON, headers=HEADERS)
    page = await reader.awaited_page(wanted, wait)
    announce_next(page.next_after)
    return ChangePageOut.of(page)


@router.get(
    "/replacements",
    operation_id="read_replacement",
    summary="All rows of a municipality's year, after a `replace` of the feed",
    description="As `rows_url` of the change says; of what runs compute as a whole.",
    response_class=StreamingResponse,
    responses={**problems(InvalidInputError, *DENIALS), **LINES},
)
async def read_replacement(
    *,
    reader: Annotated[LinesReader, Depends(lines_reading())],
    dataset: Code,
    municipality_id: Annotated[int, Query(ge=1, le=LARGEST_ID)],
    academic_year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)],
) -> StreamingResponse:
    usecases.require_replaced(dataset)
    bounds = {"municipality_id": municipality_id, "academic_year": academic_year}

    async def find(_work: Work, actor: Actor) -> Piece:
        usecases.readable_datasets(actor, [dataset])
        return Piece(FED[dataset], bounds)

    return await reader.answer(find)
