"""Methods approved and withdrawn by orders, and copied."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.preconditions import (
    IfMatch,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from services.api.methods import life_usecases, usecases
from services.api.methods.answers import method_answer
from services.api.methods.schemas import CopyIn, MethodVersionOut, OrderIn
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.methods.life import (
    MethodExistsError,
    MethodInForceError,
    MethodWrongStateError,
)
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1/methods", tags=["methods"], route_class=IdempotentRoute)

Writer = Annotated[Actor, Depends(require(Permission.METHODS_WRITE))]
REFUSED = (
    MethodWrongStateError,
    InvalidInputError,
    NotFoundError,
    ForbiddenError,
    UnauthenticatedError,
)
STALE = (PreconditionRequiredError, PreconditionFailedError)


@router.post(
    "/{method_id}/approve",
    operation_id="approve_method",
    summary="Approve a draft by an order; then it never changes",
    description="It counts once it is put into force for a period.",
    responses=problems(*REFUSED, *STALE),
)
async def approve_method(
    *,
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    expected: IfMatch,
    body: OrderIn,
    response: Response,
    _once: Once,
) -> MethodVersionOut:
    await life_usecases.approve(work, actor, method_id, expected, body)
    return await method_answer(work, method_id, response)


@router.post(
    "/{method_id}/withdraw",
    operation_id="withdraw_method",
    summary="Withdraw a method by an order, so that it is never put into force again",
    description="Its past periods stay, and so do the runs that it was used for.",
    responses=problems(MethodInForceError, *REFUSED, *STALE),
)
async def withdraw_method(
    *,
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    expected: IfMatch,
    body: OrderIn,
    response: Response,
    _once: Once,
) -> MethodVersionOut:
    await life_usecases.withdraw(work, actor, method_id, expected, body)
    return await method_answer(work, method_id, response)


@router.post(
    "/{method_id}/copy",
    operation_id="copy_method",
    summary="Copy a method to a draft: its next version, or one of the caller's own",
    status_code=201,
    responses=problems(MethodExistsError, *REFUSED),
)
async def copy_method(
    *,
    work: RequestWork,
    actor: Writer,
    method_id: RowId,
    body: CopyIn,
    response: Response,
    _once: Once,
) -> MethodVersionOut:
    number = await usecases.copy(work, actor, method_id, body)
    response.headers["Location"] = f"{router.prefix}/{number}"
    return await method_answer(work, number, response)
