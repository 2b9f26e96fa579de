"""Clients of OAuth 2.0: programs that get their tokens themselves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.access.clients import repository, usecases
from services.api.access.clients.errors import (
    ClientNotFoundError,
    ClientRevokedError,
    RateAboveLimitError,
)
from services.api.access.clients.schemas import (
    ClientIn,
    ClientOut,
    ClientPatch,
    NewClientOut,
)
from services.api.access.parts import ScopeNotHeldError
from services.api.access.unused import UnusedDays, unused_since
from services.api.http.auth import Actor, require
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/clients", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.API_TOKENS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.API_TOKENS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.post(
    "",
    operation_id="create_client",
    summary="Register a program that gets its tokens itself (OAuth 2.0)",
    description=(
        "The secret is shown this once; a client with `jwks` has none. With either it "
        "gets tokens at `POST /v1/oauth/token`. It never does more than its issuer may "
        "at that moment: it ends with the issuer's account, and shrinks with its "
        "rights."
    ),
    status_code=201,
    responses=problems(
        ScopeNotHeldError,
        RateAboveLimitError,
        InvalidInputError,
        NotFoundError,
        *DENIALS,
    ),
)
async def create_client(
    request: Request,
    work: RequestWork,
    response: Response,
    actor: Writer,
    body: ClientIn,
) -> NewClientOut:
    highest = state_of(request).settings.rate_limits.of_accounts
    row, secret = await usecases.register(work, actor, body, highest_rate=highest)
    response.headers["Location"] = f"/v1/clients/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = ClientOut.model_validate(row)
    return NewClientOut(**shown.model_dump(), client_secret=secret)


@router.get(
    "",
    operation_id="list_clients",
    summary="Clients for the own part of the tree, with their last use",
    description="`unused_days` is for reviews of access: what nobody uses is revoked.",
    responses=problems(*DENIALS),
)
async def list_clients(
    work: RequestWork,
    _actor: Reader,
    unused_days: UnusedDays = None,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[ClientOut]:
    rows = await repository.list_clients(
        work, unused_since=unused_since(unused_days), after=after, limit=limit
    )
    return page_out(ClientOut, rows, limit)


@router.get(
    "/{row_id}",
    operation_id="read_client",
    summary="One client",
    responses=problems(ClientNotFoundError, *DENIALS),
)
async def read_client(work: RequestWork, _actor: Reader, row_id: RowId) -> ClientOut:
    return ClientOut.model_validate(await usecases.find(work, row_id))


@router.patch(
    "/{row_id}",
    operation_id="change_client",
    summary="Change name, scopes, expiry or limit of a client",
    description=(
        "Fewer scopes and another expiry hold at once, for tokens that are out too; "
        "more scopes and another limit from the next token on."
    ),
    responses=problems(
        ClientNotFoundError,
        ClientRevokedError,
        ScopeNotHeldError,
        RateAboveLimitError,
        InvalidInputError,
        *DENIALS,
    ),
)
async def change_client(
    request: Request, work: RequestWork, actor: Writer, row_id: RowId, body: ClientPatch
) -> ClientOut:
    highest = state_of(request).settings.rate_limits.of_accounts
    row = await usecases.change(work, actor, row_id, body, highest_rate=highest)
    return ClientOut.model_validate(row)


@router.delete(
    "/{row_id}",
    operation_id="revoke_client",
    summary="End a client; all of its tokens are refused from then on",
    status_code=204,
    responses=problems(ClientNotFoundError, *DENIALS),
)
async def revoke_client(work: RequestWork, _actor: Writer, row_id: RowId) -> None:
    await usecases.revoke(work, row_id)
