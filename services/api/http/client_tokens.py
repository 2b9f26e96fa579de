"""Access tokens of registered clients, which stand for what a client proved itself by.

They are signed, so that whose they are is known without a question; whether they still
count is asked of the database each time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import jwt

ALGORITHM: Final = "HS256"
ACCESS_TOKEN_PREFIX: Final = "pda_"  # noqa: S105 (what all of them begin with)
ACCESS_TOKEN_LIFETIME: Final = timedelta(minutes=10)
TYPE: Final = "at+jwt"  # so that no other token of ours is taken for one (RFC 9068)
REQUIRED: Final = ["sub", "crd", "scope", "exp"]


@dataclass(frozen=True, slots=True)
class ClientToken:
    """What a token says; `rate_limit` is the client's own, in requests a minute."""

    user_id: int
    credential_id: int
    scopes: frozenset[str]
    rate_limit: int | None = None


def issue_client_token(
    token: ClientToken, *, secret: str, now: datetime, expires_at: datetime
) -> str:
    """Return the signed token; times are the machine's."""
    claims = {
        "sub": str(token.user_id),
        "crd": token.credential_id,
        "scope": " ".join(sorted(token.scopes)),
        "lim": token.rate_limit,
        "iat": now,
        "exp": expires_at,
    }
    headers = {"typ": TYPE}
    signed = jwt.encode(claims, secret, algorithm=ALGORITHM, headers=headers)
    return ACCESS_TOKEN_PREFIX + signed


def read_client_token(token: str, *, secret: str) -> ClientToken | None:
    """Return what the token says; None if it is not ours, was altered or has expired.

    >>> read_client_token("pda_made.up", secret="s" * 32) is None
    True
    """
    try:
        decoded = jwt.decode_complete(
            token.removeprefix(ACCESS_TOKEN_PREFIX),
            secret,
            algorithms=[ALGORITHM],
            options={"require": REQUIRED},
        )
        claims = decoded["payload"]
        if decoded["header"].get("typ") != TYPE:
            return None
        return ClientToken(
            int(claims["sub"]),
            int(claims["crd"]),
            frozenset(str(claims["scope"]).split()),
            claims.get("lim"),
        )
    except (jwt.InvalidTokenError, TypeError, ValueError):
        return None
