"""Signing in by the word of an OpenID Connect provider."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.access.administration.usecases import AccountNotFoundError
from services.api.access.administration.usecases import find as find_account
from services.api.access.oidc import repository, usecases
from services.api.access.oidc.schemas import IdentityIn, IdentityOut, IdTokenIn
from services.api.access.oidc.usecases import (
    IdentityLinkedError,
    IdentityNotFoundError,
    NoLinkedAccountError,
)
from services.api.access.parts import RoleAboveOwnError
from services.api.access.routes import caller_of, token_out
from services.api.access.schemas import TokenOut
from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.state import state_of
from services.api.http.work import RequestWork, transaction
from services.api.identity.errors import (
    IdentityProviderUnavailableError,
    IdentityRefusedError,
    OidcNotConfiguredError,
)
from services.api.identity.provider import Identity
from shared.domain.errors import ForbiddenError, UnauthenticatedError
from shared.domain.permissions import Permission

router = APIRouter(prefix="/v1", tags=["access"], route_class=IdempotentRoute)
# What is answered here is secret: it is not kept for a repetition of the post.
door = APIRouter(prefix="/v1", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.ACCOUNTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.ACCOUNTS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)
IDENTITIES = "/accounts/{account_id}/identities"


@door.post(
    "/tokens/oidc",
    operation_id="create_oidc_token",
    summary="Sign in with an ID token of the identity provider",
    description=(
        "The provider is the one of OIDC_ISSUER. The account is the one that its "
        "subject was linked to, at an invitation or by a coordinator."
    ),
    responses=problems(
        OidcNotConfiguredError,
        IdentityRefusedError,
        NoLinkedAccountError,
        IdentityProviderUnavailableError,
    ),
)
async def create_oidc_token(request: Request, body: IdTokenIn) -> TokenOut:
    provider = usecases.configured(state_of(request).identity)
    # No transaction is open while the provider is asked.
    identity = await provider.verify(body.id_token, nonce=body.nonce)
    async with transaction(request) as work:
        user_id, session_id = await usecases.sign_in(work, identity, caller_of(request))
    return token_out(request, user_id, session_id)


@router.get(
    IDENTITIES,
    operation_id="list_account_identities",
    summary="By which names the identity provider knows the person of an account",
    responses=problems(AccountNotFoundError, *DENIALS),
)
async def list_account_identities(
    work: RequestWork,
    _actor: Reader,
    account_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[IdentityOut]:
    await find_account(work, account_id)
    rows = await repository.list_identities(work, account_id, after=after, limit=limit)
    return page_out(IdentityOut, rows, limit)


@router.post(
    IDENTITIES,
    operation_id="link_account_identity",
    summary="Let the person of an account sign in with the identity provider",
    status_code=201,
    responses=problems(
        AccountNotFoundError,
        OidcNotConfiguredError,
        IdentityLinkedError,
        RoleAboveOwnError,
        *DENIALS,
    ),
)
async def link_account_identity(
    *,
    request: Request,
    work: RequestWork,
    response: Response,
    actor: Writer,
    account_id: RowId,
    body: IdentityIn,
    _once: Once,
) -> IdentityOut:
    provider = usecases.configured(state_of(request).identity)
    identity = Identity(provider.issuer, body.subject)
    row = await usecases.link(work, actor, account_id, identity)
    response.headers["Location"] = f"/v1/accounts/{account_id}/identities/{row.id}"
    return IdentityOut.model_validate(row)


@router.delete(
    f"{IDENTITIES}/{{identity_id}}",
    operation_id="unlink_account_identity",
    summary="Take this way of signing in away again",
    status_code=204,
    responses=problems(
        AccountNotFoundError, IdentityNotFoundError, RoleAboveOwnError, *DENIALS
    ),
)
async def unlink_account_identity(
    work: RequestWork, actor: Writer, account_id: RowId, identity_id: RowId
) -> None:
    await usecases.unlink(work, actor, account_id, identity_id)
