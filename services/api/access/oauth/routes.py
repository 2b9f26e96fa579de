"""The token endpoint of OAuth 2.0, and what clients find out about it."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from services.api.access.oauth import usecases
from services.api.access.oauth.errors import NO_STORE, OAuthError, answer_of
from services.api.access.oauth.requests import LONGEST_FORM, read_request
from services.api.access.oauth.schemas import (
    BODY,
    AccessTokenOut,
    AuthorizationServerOut,
    OAuthErrorOut,
)
from services.api.http.request_ids import request_id_of
from services.api.http.state import state_of
from shared.domain.permissions import GRANTS, Role
from shared.domain.scopes import Scope
from shared.persistence.work import Origin

router = APIRouter(tags=["access"])

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": OAuthErrorOut, "description": "The request is refused"},
    401: {"model": OAuthErrorOut, "description": "The client did not prove itself"},
}


@router.post(
    usecases.PATH,
    operation_id="create_access_token",
    summary="Get a token as a registered client (OAuth 2.0 client credentials)",
    description=(
        "RFC 6749, 4.4. The client proves itself by its secret (`client_secret_basic`, "
        "`client_secret_post`) or by an assertion that it signs (`private_key_jwt`, "
        "RFC 7523). Alone of all operations, this one refuses in the shape of RFC "
        "6749, 5.2: that is what OAuth libraries read."
    ),
    responses=REFUSALS,
    response_model=AccessTokenOut,
    openapi_extra={"requestBody": BODY},
)
async def create_access_token(request: Request, response: Response) -> Any:
    state = state_of(request)
    address = None if request.client is None else request.client.host
    try:
        wanted = read_request(
            await _received(request),
            content_type=request.headers.get("content-type", ""),
            authorization=request.headers.get("authorization"),
        )
        origin = Origin(request_id_of(request), address)
        granted = await usecases.grant(state.engine, state.settings, wanted, origin)
    except OAuthError as error:
        return answer_of(error)
    response.headers.update(NO_STORE)
    return AccessTokenOut(
        access_token=granted.access_token,
        expires_in=granted.expires_in,
        scope=granted.scope,
    )


async def _received(request: Request) -> bytes:
    """Return the body, or so much of it as shows that it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            break
    return body


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="read_authorization_server",
    summary="What OAuth clients need to know (RFC 8414)",
)
async def read_authorization_server(request: Request) -> AuthorizationServerOut:
    issuer = state_of(request).settings.issuer
    return AuthorizationServerOut(
        issuer=issuer,
        token_endpoint=issuer + usecases.PATH,
        scopes_supported=sorted({*GRANTS[Role.API_CLIENT], *Scope}),
        service_documentation=f"{issuer}/docs",
    )
