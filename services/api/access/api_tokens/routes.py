"""Tokens that programs act with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.access.api_tokens import repository, usecases
from services.api.access.api_tokens.schemas import (
    ApiTokenIn,
    ApiTokenOut,
    NewApiTokenOut,
)
from services.api.access.api_tokens.usecases import ApiTokenNotFoundError
from services.api.access.parts import ScopeNotHeldError
from services.api.access.unused import UnusedDays, unused_since
from services.api.http.auth import Actor, require
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
router = APIRouter(prefix="/v1/api-tokens", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.API_TOKENS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.API_TOKENS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.post(
    "",
    operation_id="create_api_token",
    summary="Lend a program some of one's own rights",
    description=(
        "The token is shown this once. It never does more than its issuer may at that "
        "moment: it ends with the issuer's account, and shrinks with its rights."
    ),
    status_code=201,
    responses=problems(ScopeNotHeldError, InvalidInputError, NotFoundError, *DENIALS),
)
async def create_api_token(
    work: RequestWork, response: Response, actor: Writer, body: ApiTokenIn
) -> NewApiTokenOut:
    row, secret = await usecases.issue(work, actor, body)
    response.headers["Location"] = f"/v1/api-tokens/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = ApiTokenOut.model_validate(row)
    return NewApiTokenOut(**shown.model_dump(), token=secret)


@router.get(
    "",
    operation_id="list_api_tokens",
    summary="Tokens for the own part of the tree, with their last use",
    responses=problems(*DENIALS),
)
async def list_api_tokens(
    work: RequestWork,
    _actor: Reader,
    unused_days: UnusedDays = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ApiTokenOut]:
    rows = await repository.list_tokens(
        work, unused_since=unused_since(unused_days), after=after, limit=limit
    )
    return page_out(ApiTokenOut, rows, limit)


@router.get(
    "/{token_id}",
    operation_id="read_api_token",
    summary="One token",
    responses=problems(ApiTokenNotFoundError, *DENIALS),
)
async def read_api_token(
    work: RequestWork, _actor: Reader, token_id: RowId
) -> ApiTokenOut:
    return ApiTokenOut.model_validate(await usecases.find(work, token_id))


@router.delete(
    "/{token_id}",
    operation_id="revoke_api_token",
    summary="End a token; it is refused from then on",
    status_code=204,
    responses=problems(ApiTokenNotFoundError, *DENIALS),
)
async def revoke_api_token(work: RequestWork, _actor: Writer, token_id: RowId) -> None:
    await usecases.revoke(work, token_id)
