"""Who uses which operation: whom to tell before one goes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.api.http.auth import Actor, require
from services.api.http.flags import Flag
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from services.api.usage import repository
from services.api.usage.repository import Wanted
from services.api.usage.schemas import OperationUseOut
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.API_TOKENS_READ))]
OperationName = Annotated[
    str | None, Query(max_length=100, description="As `operationId`")
]
Deprecated = Annotated[
    Flag | None, Query(description="true: only what is to go; false: only what stays")
]


async def wanted_uses(
    operation: OperationName = None,
    account_id: RowId | None = None,
    deprecated: Deprecated = None,
) -> Wanted:
    """Return what the report is narrowed to."""
    return Wanted(operation=operation, account_id=account_id, deprecated=deprecated)


@router.get(
    "/usage",
    operation_id="list_usage",
    summary="Who used which operation, how often, first and last when",
    description=(
        "Of the accounts, clients and tokens of the own part of the tree; what nobody "
        "signed in for is shown to administrators. Written down once a minute."
    ),
    responses=problems(UnauthenticatedError, ForbiddenError),
)
async def list_usage(
    request: Request,
    work: RequestWork,
    _actor: Reader,
    wanted: Annotated[Wanted, Depends(wanted_uses)],
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[OperationUseOut]:
    going = state_of(request).traffic.deprecations.pairs()
    rows = await repository.list_uses(work, wanted, going, after=after, limit=limit)
    return page_out(OperationUseOut, rows, limit)
