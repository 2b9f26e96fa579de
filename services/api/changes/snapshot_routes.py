"""Consistent copies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse

from services.api.changes import snapshot_repository as repository
from services.api.changes import snapshot_usecases as usecases
from services.api.changes.lines import LINES, LinesReader, lines_reading
from services.api.changes.schemas import SnapshotIn, SnapshotOut
from services.api.changes.snapshot_usecases import Piece, SnapshotNotFoundError
from services.api.changes.usecases import DatasetNotReadableError
from services.api.http.auth import Actor, SignedToken, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import LARGEST_ID, RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_of
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from shared.domain.permissions import Permission
from shared.persistence.work import Work

router = APIRouter(
    prefix="/v1/snapshots", tags=["changes"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.CHANGES_READ))]
DENIALS = (UnauthenticatedError, ForbiddenError)


async def caught_up(request: Request, _token: SignedToken) -> None:
    """Number what was committed, so that the copy begins as late as it can."""
    await state_of(request).feed.catch_up()


@router.post(
    "",
    operation_id="create_snapshot",
    summary="Begin a copy of whole datasets at a number of the change feed",
    description=(
        "Read the partitions in any order and at the same time, each as often as need "
        "be, then GET /v1/changes after `number`: what results is exactly the present "
        "state, whatever was changed meanwhile."
    ),
    status_code=201,
    dependencies=[Depends(caught_up)],
    responses=problems(InvalidInputError, DatasetNotReadableError, *DENIALS),
)
async def create_snapshot(
    work: RequestWork, response: Response, actor: Reader, body: SnapshotIn, _once: Once
) -> SnapshotOut:
    row = await usecases.begin_snapshot(work, actor, body)
    response.headers["Location"] = f"/v1/snapshots/{row.id}"
    return SnapshotOut.of(row)


@router.get(
    "",
    operation_id="list_snapshots",
    summary="One's own snapshots",
    responses=problems(*DENIALS),
)
async def list_snapshots(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[SnapshotOut]:
    rows = await repository.list_snapshots(work, after=after, limit=limit)
    page, next_after = page_of(rows, limit)
    items = [SnapshotOut.of(row) for row in page]
    return PageOut[SnapshotOut](items=items, next_after=next_after)


@router.get(
    "/{snapshot_id}",
    operation_id="read_snapshot",
    summary="A snapshot of one's own",
    responses=problems(SnapshotNotFoundError, *DENIALS),
)
async def read_snapshot(
    work: RequestWork, _actor: Reader, snapshot_id: RowId
) -> SnapshotOut:
    return SnapshotOut.of(await usecases.find_snapshot(work, snapshot_id))


@router.get(
    "/{snapshot_id}/partitions/{partition}",
    operation_id="read_snapshot_partition",
    summary="The rows of a partition, a line each",
    response_class=StreamingResponse,
    responses={
        **problems(SnapshotNotFoundError, DatasetNotReadableError, *DENIALS),
        **LINES,
    },
)
async def read_snapshot_partition(
    *,
    reader: Annotated[LinesReader, Depends(lines_reading())],
    snapshot_id: RowId,
    partition: Annotated[int, Path(ge=1, le=LARGEST_ID)],
) -> StreamingResponse:
    async def find(work: Work, actor: Actor) -> Piece:
        return await usecases.find_piece(work, actor, snapshot_id, partition)

    return await reader.answer(find)
