"""Whose request it is, told without asking the database.

Tokens of sessions and of clients are signed. An API token is a mere number: it is told
from a made up one once somebody has been let in with it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import jwt
from starlette.datastructures import Headers
from starlette.types import Scope

from services.api.http.client_tokens import ACCESS_TOKEN_PREFIX, read_client_token

REMEMBERED: Final = 4_096
ALGORITHM: Final = "HS256"
ACCOUNT, CLIENT, TOKEN, ADDRESS = "account", "client", "token", "address"
CALLER: Final = "caller"  # where the state of a request keeps who was found


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: `key` is that of the account, or else the address.

    `rate_limit` is the caller's own, in requests a minute.
    """

    kind: str
    key: str
    user_id: int | None = None
    rate_limit: int | None = None


class Callers:
    """Tells callers apart; it says nothing of what they may do."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._tokens: OrderedDict[str, int] = OrderedDict()

    def learn(self, token: str, user_id: int) -> None:
        """Remember that somebody was let in with this API token."""
        self._tokens[token] = user_id
        self._tokens.move_to_end(token)
        if len(self._tokens) > REMEMBERED:
            self._tokens.popitem(last=False)

    def user_of(self, scope: Scope) -> int | None:
        """Return whose account a request that was answered belongs to."""
        found: Caller | None = scope.get("state", {}).get(CALLER)
        if found is None or found.kind == ADDRESS:
            # An API token may have been let in meanwhile.
            found = self.caller_of(scope)
        return found.user_id

    def caller_of(self, scope: Scope) -> Caller:
        """Return whose request it is: by its token, or by where it comes from."""
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if token and scheme.lower() == "bearer":
            user_id = self._tokens.get(token)
            if user_id is not None:
                return Caller(TOKEN, f"{TOKEN}:{user_id}", user_id)
            known = _signer(token, secret=self._secret)
            if known is not None:
                return known
        client = scope.get("client")
        return Caller(ADDRESS, f"{ADDRESS}:{client[0] if client else ''}")


@lru_cache(maxsize=REMEMBERED)
def _signer(token: str, *, secret: str) -> Caller | None:
    """Return to whom a token was given; that it has ended meanwhile is seen elsewhere.

    >>> _signer("made.up", secret="s" * 32) is None
    True
    """
    if token.startswith(ACCESS_TOKEN_PREFIX):
        known = read_client_token(token, secret=secret)
        if known is None:
            return None
        key = f"{CLIENT}:{known.user_id}"
        return Caller(CLIENT, key, known.user_id, known.rate_limit)
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM])
        user_id = int(claims["sub"])
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        return None
    return Caller(ACCOUNT, f"{ACCOUNT}:{user_id}", user_id)
