"""Who is calling, and the permission that a route asks for in its signature."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from services.api.http.client_tokens import ACCESS_TOKEN_PREFIX, read_client_token
from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, Text, UnauthenticatedError
from shared.domain.permissions import (
    GRANTS,
    Permission,
    Role,
    permissions_of_client,
)
from shared.domain.scopes import permissions_behind
from shared.persistence.work import Client, Work

ALGORITHM = "HS256"
TOKEN_LIFETIME = timedelta(hours=12)

API_TOKEN_PREFIX = "pdm_"  # noqa: S105 (what all tokens of programs begin with)

_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)
BearerToken = Annotated[str | None, Depends(_bearer)]


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that a request acts for, as it stands at this moment.

    `session_id` is 0 where a program acts with a token of its own.
    """

    user_id: int
    session_id: int
    role: Role
    region_id: int | None
    municipality_id: int | None
    school_id: int | None
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor has the permission."""
        return permission in self.permissions


def issue_token(user_id: int, session_id: int, *, secret: str, now: datetime) -> str:
    """Return a signed token for the session; `now` is the machine's time."""
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": now,
        "exp": now + TOKEN_LIFETIME,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def session_of_token(token: str, *, secret: str) -> tuple[int, int]:
    """Return the account and the session that the token was issued to.

    Raises:
        UnauthenticatedError: it is not ours, was altered, or has expired.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            options={"require": ["sub", "sid", "exp"]},
        )
        return int(claims["sub"]), int(claims["sid"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise UnauthenticatedError(
            Text(
                "Токен недействителен или устарел. Войдите снова: POST /v1/tokens.",
                "The token is invalid or has expired. Sign in again: POST /v1/tokens.",
            )
        ) from error


def hash_of_token(token: str) -> bytes:
    """Return what an API token is known by; it is random, so one round will do."""
    return sha256(token.encode()).digest()


def _no_token() -> UnauthenticatedError:
    return UnauthenticatedError(
        Text(
            "Нужен токен: заголовок «Authorization: Bearer …», вход через "
            "POST /v1/tokens.",
            "A token is needed: header 'Authorization: Bearer …', sign in with "
            "POST /v1/tokens.",
        )
    )


async def signed_token(request: Request, token: BearerToken) -> str:
    """Return the token, for what enters transactions itself.

    Raises:
        UnauthenticatedError: there is none, or it is not ours.
    """
    if token is None:
        raise _no_token()
    if not token.startswith((API_TOKEN_PREFIX, ACCESS_TOKEN_PREFIX)):
        session_of_token(token, secret=state_of(request).settings.secret_key)
    return token


SignedToken = Annotated[str, Depends(signed_token)]


async def enter(work: Work, token: str | None, *, secret: str) -> Actor:
    """Narrow the transaction to the rights of the token's account, and return it.

    Raises:
        UnauthenticatedError: there is no token, or it is good for nothing.
    """
    if token is None:
        raise _no_token()
    if token.startswith(API_TOKEN_PREFIX):
        return _program(await work.enter_as_client(hash_of_token(token)))
    if token.startswith(ACCESS_TOKEN_PREFIX):
        known = read_client_token(token, secret=secret)
        if known is None:
            return _program(None)
        client = await work.enter_as_registered_client(known.credential_id)
        return _program(client, narrow=known.scopes)
    user_id, session_id = session_of_token(token, secret=secret)
    account = await work.enter_as_user(user_id, session_id)
    if account is None:
        raise UnauthenticatedError(
            Text(
                "Сеанс завершён или учётная запись отключена. Войдите снова: "
                "POST /v1/tokens.",
                "The session has ended or the account is no longer active. Sign in "
                "again: POST /v1/tokens.",
            )
        )
    role = Role(account.role)
    return Actor(
        account.user_id,
        session_id,
        role,
        account.region_id,
        account.municipality_id,
        account.school_id,
        GRANTS[role],
    )


def _program(client: Client | None, *, narrow: frozenset[str] | None = None) -> Actor:
    """Return who a program acts as; `narrow` is what its token says that it may."""
    if client is None:
        raise UnauthenticatedError(
            Text(
                "Токен программы неизвестен, отозван, истёк, или выдавшая его учётная "
                "запись отключена. Получите новый: POST /v1/oauth/token или POST "
                "/v1/api-tokens.",
                "The token is unknown, revoked or has expired, or the account that "
                "issued it is no longer active. Get another: POST /v1/oauth/token or "
                "POST /v1/api-tokens.",
            )
        )
    scopes = permissions_behind(client.scopes)
    if narrow is not None:
        scopes &= permissions_behind(narrow)
    account = client.account
    return Actor(
        account.user_id,
        0,
        Role.API_CLIENT,
        account.region_id,
        account.municipality_id,
        account.school_id,
        permissions_of_client(Role(client.issuer_role), scopes),
    )


async def authenticate(
    request: Request, work: RequestWork, token: BearerToken
) -> Actor:
    """Enter the request's transaction with the rights of the token's account."""
    state = state_of(request)
    actor = await enter(work, token, secret=state.settings.secret_key)
    if token is not None and token.startswith(API_TOKEN_PREFIX):
        state.traffic.callers.learn(token, actor.user_id)
    return actor


CurrentActor = Annotated[Actor, Depends(authenticate)]


def require(permission: Permission) -> Callable[[Actor], Awaitable[Actor]]:
    """Return the dependency of a route that needs `permission`.

    The permission stays readable on the dependency, so that a test can walk all
    routes and find those that ask for none.
    """

    async def authorise(actor: CurrentActor) -> Actor:
        require_of(actor, permission)
        return actor

    authorise.permission = permission  # type: ignore[attr-defined]
    return authorise


def require_of(actor: Actor, permission: Permission) -> None:
    """Ask for a permission that only what was sent tells of.

    Raises:
        ForbiddenError: the actor does not have it.
    """
    if not actor.may(permission):
        raise _lacks(actor, permission)


def _lacks(actor: Actor, permission: Permission) -> ForbiddenError:
    if actor.role is Role.API_CLIENT:
        return ForbiddenError(
            Text(
                f"Нужно право «{permission}»: его нет у токена, или его больше нет у "
                "того, кто токен выдал.",
                f"The permission '{permission}' is needed; it is not among the token's "
                "scopes, or whoever issued the token has lost it.",
            )
        )
    return ForbiddenError(
        Text(
            f"Нужно право «{permission}», у роли «{actor.role}» его нет.",
            f"The permission '{permission}' is needed; the role "
            f"'{actor.role}' does not have it.",
        )
    )
