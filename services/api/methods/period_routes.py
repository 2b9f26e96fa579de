"""When and where methods are in force."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.methods import period_usecases, repository
from services.api.methods.answers import period_answer
from services.api.methods.period_usecases import MethodPeriodRevokedError
from services.api.methods.schemas import PeriodEndIn, PeriodIn, PeriodOut
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.methods.life import MethodPeriodOverlapsError, MethodWrongStateError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["methods"], route_class=IdempotentRoute)

Reader = Annotated[Actor, Depends(require(Permission.METHODS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.METHODS_WRITE))]
DENIALS = (ForbiddenError, UnauthenticatedError)


@router.get(
    "/method-periods",
    operation_id="list_method_periods",
    summary="Academic years in which methods are in force, and where",
    responses=problems(*DENIALS),
)
async def list_method_periods(
    work: RequestWork,
    _actor: Reader,
    method_id: RowId | None = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[PeriodOut]:
    rows = await repository.list_periods(
        work, method_id=method_id, after=after, limit=limit
    )
    return page_out(PeriodOut, rows, limit)


@router.get(
    "/method-periods/{period_id}",
    operation_id="read_method_period",
    summary="One period that a method is in force for",
    responses=problems(NotFoundError, *DENIALS),
)
async def read_method_period(
    work: RequestWork, _actor: Reader, period_id: RowId, response: Response
) -> PeriodOut:
    return await period_answer(work, period_id, response)


@router.post(
    "/methods/{method_id}/periods",
    operation_id="put_method_into_force",
    summary="Put an approved method into force by an order",
    description=(
        "Figures of these years are counted anew; earlier runs stay as they are. A "
        "method of the system or of the region need not be copied for that."
    ),
    status_code=201,
    responses=problems(
        MethodPeriodOverlapsError,
        MethodWrongStateError,
        InvalidInputError,
        NotFoundError,
        *DENIALS,
    ),
)
async def put_method_into_force(
    *,
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    body: PeriodIn,
    response: Response,
    _once: Once,
) -> PeriodOut:
    number = await period_usecases.put_into_force(work, actor, method_id, body)
    response.headers["Location"] = f"/v1/method-periods/{number}"
    return await period_answer(work, number, response)


@router.post(
    "/method-periods/{period_id}/end",
    operation_id="end_method_period",
    summary="Set the last year of a period by an order, or revoke the period",
    responses=problems(
        MethodPeriodOverlapsError,
        MethodPeriodRevokedError,
        InvalidInputError,
        NotFoundError,
        PreconditionRequiredError,
        PreconditionFailedError,
        *DENIALS,
    ),
)
async def end_method_period(
    *,
    work: RequestWork,
    actor: Writer,
    period_id: RowId,
    expected: IfMatch,
    body: PeriodEndIn,
    response: Response,
    _once: Once,
) -> PeriodOut:
    await period_usecases.end(work, actor, period_id, expected, body)
    return await period_answer(work, period_id, response)
