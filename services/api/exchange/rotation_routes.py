"""Secrets that calls of regional systems are signed with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.exchange.rotation import rotate_secret
from services.api.exchange.rules import InvalidExchangeTargetError
from services.api.exchange.schemas import ExchangeSecretIn, NewExchangeTargetOut
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from shared.domain.permissions import Permission

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/exchange-targets", tags=["exchange"])

Writer = Annotated[Actor, Depends(require(Permission.EXCHANGE_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.post(
    "/{target_id}/secrets",
    operation_id="rotate_exchange_secret",
    summary="Sign with a new secret; the old one signs beside it for some hours",
    description=(
        "The secret is shown this once. No more than two are valid: one that was "
        "replaced before ends at once."
    ),
    status_code=201,
    responses=problems(InvalidExchangeTargetError, NotFoundError, *DENIALS),
)
async def rotate_exchange_secret(
    work: RequestWork,
    _actor: Writer,
    target_id: RowId,
    body: ExchangeSecretIn,
    response: Response,
) -> NewExchangeTargetOut:
    row = await rotate_secret(work, target_id, body)
    response.headers["Location"] = f"/v1/exchange-targets/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    return NewExchangeTargetOut.model_validate(row)
