"""Secrets and keys of clients."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.api.access.clients import credentials, repository, usecases
from services.api.access.clients.errors import (
    ClientNotFoundError,
    ClientRevokedError,
    CredentialNotFoundError,
    KeyIdTakenError,
    TooManyCredentialsError,
)
from services.api.access.clients.schemas import (
    CredentialOut,
    JwksIn,
    NewSecretOut,
    SecretIn,
)
from services.api.http.auth import Actor, require
from services.api.http.idempotency import IdempotentRoute, Once
from services.api.http.ids import RowId
from services.api.http.pagination import DEFAULT_PAGE, After, Limit, PageOut, page_out
from services.api.http.problems import problems
from services.api.http.work import RequestWork
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    UnauthenticatedError,
)
from shared.domain.permissions import Permission

# What is answered here is secret: it is not kept for a repetition of the post.
router = APIRouter(prefix="/v1/clients/{row_id}", tags=["access"])
# What is answered here may be kept.
keys = APIRouter(
    prefix="/v1/clients/{row_id}/keys", tags=["access"], route_class=IdempotentRoute
)

Reader = Annotated[Actor, Depends(require(Permission.API_TOKENS_READ))]
Writer = Annotated[Actor, Depends(require(Permission.API_TOKENS_WRITE))]
DENIALS = (UnauthenticatedError, ForbiddenError)


@router.get(
    "/credentials",
    operation_id="list_client_credentials",
    summary="Secrets and keys of a client, with their last use, without the secrets",
    responses=problems(ClientNotFoundError, *DENIALS),
)
async def list_client_credentials(
    work: RequestWork,
    _actor: Reader,
    row_id: RowId,
    after: After = 0,
    limit: Limit = DEFAULT_PAGE,
) -> PageOut[CredentialOut]:
    client = await usecases.find(work, row_id)
    rows = await repository.list_credentials(work, client.id, after=after, limit=limit)
    return page_out(CredentialOut, rows, limit)


@router.post(
    "/secrets",
    operation_id="create_client_secret",
    summary="Give a client another secret; the old one stays good as long as is wanted",
    description="The secret is shown this once. No more than two are valid at a time.",
    status_code=201,
    responses=problems(
        ClientNotFoundError,
        ClientRevokedError,
        TooManyCredentialsError,
        InvalidInputError,
        *DENIALS,
    ),
)
async def create_client_secret(
    work: RequestWork, response: Response, _actor: Writer, row_id: RowId, body: SecretIn
) -> NewSecretOut:
    client = await usecases.lock(work, row_id)
    row, secret = await credentials.rotate(work, client, body)
    response.headers["Cache-Control"] = "no-store"
    shown = CredentialOut.model_validate(row)
    return NewSecretOut(**shown.model_dump(), client_secret=secret)


@keys.post(
    "",
    operation_id="create_client_keys",
    summary="Add public keys of a client (JWKS) to those that it has",
    status_code=201,
    responses=problems(
        ClientNotFoundError,
        ClientRevokedError,
        TooManyCredentialsError,
        KeyIdTakenError,
        InvalidInputError,
        *DENIALS,
    ),
)
async def create_client_keys(
    work: RequestWork, _actor: Writer, row_id: RowId, body: JwksIn, _once: Once
) -> list[CredentialOut]:
    client = await usecases.lock(work, row_id)
    rows = await credentials.put_keys(work, client, body.keys)
    return [CredentialOut.model_validate(row) for row in rows]


@router.delete(
    "/credentials/{credential_id}",
    operation_id="revoke_client_credential",
    summary="End a secret or a key, and all tokens that the client got by it",
    status_code=204,
    responses=problems(
        ClientNotFoundError, ClientRevokedError, CredentialNotFoundError, *DENIALS
    ),
)
async def revoke_client_credential(
    work: RequestWork, _actor: Writer, row_id: RowId, credential_id: RowId
) -> None:
    client = await usecases.lock(work, row_id)
    await credentials.revoke_credential(work, client, credential_id)
