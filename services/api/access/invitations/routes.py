"""Invitations to open an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.api.access.accounts import LoginTakenError
from services.api.access.invitations import repository, usecases
from services.api.access.invitations.errors import (
    InvitationExpiredError,
    InvitationNotFoundError,
    InvitationRevokedError,
    InvitationUsedError,
)
from services.api.access.invitations.schemas import (
    AcceptanceIn,
    AcceptedOut,
    InvitationIn,
    InvitationOut,
    NewInvitationOut,
)
from services.api.access.oidc.usecases import IdentityLinkedError, configured
from services.api.access.parts import RoleAboveOwnError
from services.api.access.passwords import PasswordRefusedError
from services.api.http.auth import Actor, require
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
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/invitations", tags=["access"])

Reader = Annotated[Actor, Depends(require(Permission.ACCOUNTS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.ACCOUNTS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.post(
    "",
    operation_id="create_invitation",
    summary="Invite somebody to open an account",
    description=(
        "The code is shown this once and can be used once. It is void if whoever "
        "invites loses the account, or the right to."
    ),
    status_code=201,
    responses=problems(RoleAboveOwnError, InvalidInputError, NotFoundError, *DENIALS),
)
async def create_invitation(
    work: RequestWork, response: Response, actor: Writer, body: InvitationIn
) -> NewInvitationOut:
    row, code = await usecases.invite(work, actor, body)
    response.headers["Location"] = f"/v1/invitations/{row.id}"
    response.headers["Cache-Control"] = "no-store"
    shown = InvitationOut.model_validate(row)
    return NewInvitationOut(**shown.model_dump(), code=code)


@router.get(
    "",
    operation_id="list_invitations",
    summary="Invitations to the own part of the tree",
    responses=problems(*DENIALS),
)
async def list_invitations(
    work: RequestWork, _actor: Reader, after: After = 0, limit: Limit = DEFAULT_PAGE
) -> PageOut[InvitationOut]:
    rows = await repository.list_invitations(work, after=after, limit=limit)
    return page_out(InvitationOut, rows, limit)


@router.get(
    "/{invitation_id}",
    operation_id="read_invitation",
    summary="One invitation",
    responses=problems(InvitationNotFoundError, *DENIALS),
)
async def read_invitation(
    work: RequestWork, _actor: Reader, invitation_id: RowId
) -> InvitationOut:
    return InvitationOut.model_validate(await usecases.find(work, invitation_id))


@router.delete(
    "/{invitation_id}",
    operation_id="revoke_invitation",
    summary="Take an invitation back",
    status_code=204,
    responses=problems(InvitationNotFoundError, *DENIALS),
)
async def revoke_invitation(
    work: RequestWork, _actor: Writer, invitation_id: RowId
) -> None:
    await usecases.revoke(work, invitation_id)


@router.post(
    "/accept",
    operation_id="accept_invitation",
    summary="Open the account that one was invited to",
    status_code=201,
    responses=problems(
        InvitationNotFoundError,
        InvitationUsedError,
        InvitationExpiredError,
        InvitationRevokedError,
        LoginTakenError,
        PasswordRefusedError,
        IdentityLinkedError,
        IdentityRefusedError,
        IdentityProviderUnavailableError,
        OidcNotConfiguredError,
    ),
)
async def accept_invitation(
    request: Request, response: Response, body: AcceptanceIn
) -> AcceptedOut:
    identity = None
    if body.id_token is not None:
        provider = configured(state_of(request).identity)
        identity = await provider.verify(body.id_token, nonce=body.nonce)
    async with transaction(request) as work:
        account_id, role = await usecases.accept(work, body, identity)
    response.headers["Location"] = "/v1/me"
    return AcceptedOut(account_id=account_id, login=body.login.lower(), role=role)
