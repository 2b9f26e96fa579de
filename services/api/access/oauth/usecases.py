"""Giving a client a token (RFC 6749, 4.4)."""

import hmac
from dataclasses import dataclass

from services.api.access.oauth import assertions, repository
from services.api.access.oauth.errors import OAuthError, invalid_client
from services.api.access.oauth.requests import TokenRequest
from services.api.http.auth import hash_of_token
from services.api.http.client_tokens import (
    ACCESS_TOKEN_LIFETIME,
    ClientToken,
    issue_client_token,
)
from shared.domain.permissions import Role, permissions_of_client
from shared.domain.scopes import permissions_behind
from shared.persistence.engine import Database
from shared.persistence.paging import AnyRow
from shared.persistence.work import Origin, Work, begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.settings import ApiSettings

PATH = "/v1/oauth/token"


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was given, for how many seconds, and for what."""

    access_token: str
    expires_in: int
    scope: str


async def grant(
    database: Database, settings: ApiSettings, wanted: TokenRequest, origin: Origin
) -> Grant:
    """Give the client a token for what it asks, or else for all that it may.

    Raises:
        OAuthError: it did not prove to be the client, or may not do what it asks for.
    """
    async with begin_as_system(database, origin=origin) as work:
        client, credential_id = await _prove(work, settings, wanted)
        scopes = _scopes_of(client, wanted.scopes)
        now = system_now()
        await repository.note_use(
            work, client.id, credential_id, address=origin.address, now=now
        )
    token = ClientToken(client.user_id, credential_id, scopes, client.rate_limit)
    expires_at = min(now + ACCESS_TOKEN_LIFETIME, client.expires_at)
    return Grant(
        issue_client_token(
            token, secret=settings.secret_key, now=now, expires_at=expires_at
        ),
        int((expires_at - now).total_seconds()),
        " ".join(sorted(scopes)),
    )


async def _prove(
    work: Work, settings: ApiSettings, wanted: TokenRequest
) -> tuple[AnyRow, int]:
    """Return the client, and the secret or key that it proved itself by."""
    client_id = wanted.client_id
    if wanted.assertion is not None:
        client_id = assertions.client_of(wanted.assertion)
        if wanted.client_id not in {None, client_id}:
            raise invalid_client("The client_id is another one than in the assertion.")
    if client_id is None or (wanted.secret is None and wanted.assertion is None):
        raise invalid_client("The client does not prove itself.")
    # PostgreSQL keeps no text with a NUL, and refuses to look for one.
    is_text = "\0" not in client_id and client_id.isascii()
    now = system_now()
    found = await repository.find_client(work, client_id, now=now) if is_text else None
    if wanted.assertion is not None:
        return await _prove_by_key(work, settings, found, wanted.assertion)
    if found is None:
        raise _unknown()
    given = hash_of_token(wanted.secret or "")
    for credential_id, kept in await repository.list_secrets(work, found.id, now=now):
        if hmac.compare_digest(given, kept):
            return found, credential_id
    raise _unknown()


async def _prove_by_key(
    work: Work, settings: ApiSettings, client: AnyRow | None, assertion: str
) -> tuple[AnyRow, int]:
    """Return client and key; without a client no key has signed the assertion."""
    now = system_now()
    issuer = settings.issuer
    keys = await repository.list_keys(work, client.id, now=now) if client else ()
    proof = assertions.verify(
        assertion, keys, audience=(issuer, issuer + PATH), now=now
    )
    if client is None:
        raise _unknown()
    await repository.forget_assertions(work, now=now)
    if not await repository.use_assertion(
        work, client.id, proof.jti_hash, expires_at=proof.expires_at
    ):
        raise invalid_client("The assertion was used before: its jti is not new.")
    return client, proof.credential_id


def _scopes_of(client: AnyRow, wanted: frozenset[str] | None) -> frozenset[str]:
    """Return what the token is for; scopes of other standards keep their names."""
    has = permissions_behind(client.scopes)
    held = permissions_of_client(Role(client.issuer_role), has)
    if wanted is None:
        return frozenset(
            scope for scope in client.scopes if permissions_behind([scope]) <= held
        )
    if not permissions_behind(wanted) <= held:
        raise OAuthError("invalid_scope", "The client does not have all of the scopes.")
    return wanted


def _unknown() -> OAuthError:
    return invalid_client("The client or its secret is not known.")
