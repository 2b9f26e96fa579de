"""Mail that came back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.api.deliveries import bounce_repository as repository
from services.api.deliveries import bounce_usecases as usecases
from services.api.deliveries.bounce_usecases import AddressUnknownError
from services.api.deliveries.schemas import BounceIn, BounceOut
from services.api.http.auth import Actor, require
from services.api.http.flags import Flag
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["reminders"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.REMINDERS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.DELIVERIES_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/bounces",
    operation_id="list_bounces",
    summary="Whose mail came back, newest first",
    responses=problems(*DENIALS),
)
async def list_bounces(
    *,
    work: RequestWork,
    _actor: Reader,
    school_id: RowId | None = None,
    open_only: Annotated[
        Flag, Query(description="Only where nothing is sent until it is cleared")
    ] = False,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[BounceOut]:
    rows = await repository.list_bounces(
        work, school_id=school_id, open_only=open_only, after=after, limit=limit
    )
    return page_out(BounceOut, rows, limit)


@router.post(
    "/bounces",
    operation_id="report_bounce",
    summary="Say that mail came back: by its Message-ID or the address",
    description=(
        "After a permanent one nothing more is mailed to the account until the bounce "
        "is cleared or the account has another address; contacts with the address are "
        "marked."
    ),
    status_code=201,
    responses=problems(AddressUnknownError, *DENIALS),
)
async def report_bounce(
    work: RequestWork, _actor: Writer, body: BounceIn, _once: Once
) -> list[BounceOut]:
    rows = await usecases.report(work, body)
    return [BounceOut.model_validate(row) for row in rows]


@router.get(
    "/bounces/{bounce_id}",
    operation_id="read_bounce",
    summary="Whose mail came back, and why",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_bounce(work: RequestWork, _actor: Reader, bounce_id: RowId) -> BounceOut:
    return BounceOut.model_validate(await usecases.find(work, bounce_id))


@router.put(
    "/bounces/{bounce_id}/cleared",
    operation_id="clear_bounce",
    summary="Let mail be sent there again; again changes nothing",
    responses=problems(NotFoundError, *DENIALS),
)
async def clear_bounce(
    work: RequestWork, _actor: Writer, bounce_id: RowId
) -> BounceOut:
    return BounceOut.model_validate(await usecases.clear(work, bounce_id))
