"""Who is calling, and the permission that a route asks for in its signature."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from services.api.http.state import state_of
from services.api.http.work import RequestWork
from shared.domain.errors import ForbiddenError, Text, UnauthenticatedError
from shared.domain.permissions import GRANTS, Permission, Role

ALGORITHM = "HS256"
TOKEN_LIFETIME = timedelta(hours=12)

_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that a request acts for, as it stands at this moment."""

    user_id: int
    session_id: int
    role: Role
    region_id: int | None
    municipality_id: int | None
    school_id: int | None

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor's role has the permission."""
        return permission in GRANTS[self.role]


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


async def authenticate(
    request: Request,
    work: RequestWork,
    token: Annotated[str | None, Depends(_bearer)],
) -> Actor:
    """Enter the request's transaction with the rights of the token's account."""
    if token is None:
        raise UnauthenticatedError(
            Text(
                "Нужен токен: заголовок «Authorization: Bearer …», вход через "
                "POST /v1/tokens.",
                "A token is needed: header 'Authorization: Bearer …', sign in with "
                "POST /v1/tokens.",
            )
        )
    secret = state_of(request).settings.secret_key
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
    return Actor(
        user_id,
        session_id,
        Role(account.role),
        account.region_id,
        account.municipality_id,
        account.school_id,
    )


CurrentActor = Annotated[Actor, Depends(authenticate)]


def require(permission: Permission) -> Callable[[Actor], Awaitable[Actor]]:
    """Return the dependency of a route that needs `permission`.

    The permission stays readable on the dependency, so that a test can walk all
    routes and find those that ask for none.
    """

    async def authorise(actor: CurrentActor) -> Actor:
        if not actor.may(permission):
            raise ForbiddenError(
                Text(
                    f"Нужно право «{permission}», у роли «{actor.role}» его нет.",
                    f"The permission '{permission}' is needed; the role "
                    f"'{actor.role}' does not have it.",
                )
            )
        return actor

    authorise.permission = permission  # type: ignore[attr-defined]
    return authorise
