"""Lending a program some of one's own rights, and taking them back."""

import secrets
from datetime import datetime, timedelta

from services.api.access.api_tokens import repository
from services.api.access.api_tokens.schemas import ApiTokenIn
from services.api.access.parts import own_part, part_within, require_held
from services.api.http.auth import API_TOKEN_PREFIX, Actor, hash_of_token
from shared.domain.errors import (
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.domain.tree import Part
from shared.persistence.audit import created, difference, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

LONGEST_LIFE = timedelta(days=366)
RANDOM_BYTES = 32


class ApiTokenNotFoundError(NotFoundError):
    """There is no such token for the caller."""

    code = "api_token_not_found"
    title = Text("Токен не найден", "Token not found")


async def issue(work: Work, actor: Actor, wanted: ApiTokenIn) -> tuple[AnyRow, str]:
    """Make a token; return it, and the only copy of what it is used by.

    Raises:
        ScopeNotHeldError: a scope is not the issuer's to give; the detail names it.
        InvalidInputError: it would be expired, or live too long.
        NotFoundError: the place is outside of the issuer's part.
    """
    require_held(actor, wanted.scopes)
    now = system_now()
    _check_expiry(wanted.expires_at, now)
    named = Part(
        region_id=wanted.region_id,
        municipality_id=wanted.municipality_id,
        school_id=wanted.school_id,
    )
    part = own_part(actor) if named == Part() else await part_within(work, actor, named)
    secret = API_TOKEN_PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    # No login that a person may choose has a colon.
    login = f"client:{secrets.token_hex(8)}"
    user_id = await repository.create_client(work, part, login=login, name=wanted.name)
    scopes = sorted(set(wanted.scopes))
    token_id = await repository.create_token(
        work,
        {
            "user_id": user_id,
            "issuer_id": actor.user_id,
            "name": wanted.name,
            "scopes": scopes,
            "token_hash": hash_of_token(secret),
            "created_at": now,
            "expires_at": wanted.expires_at,
        },
    )
    await record_change(
        work,
        "api_token",
        "create",
        created({"scopes": scopes, "expires_at": wanted.expires_at, "client": user_id}),
        municipality_id=part.municipality_id,
        entity_id=token_id,
        school_id=part.school_id,
    )
    return await find(work, token_id), secret


async def revoke(work: Work, token_id: int) -> None:
    """End a token at once; ending it again changes nothing.

    Raises:
        ApiTokenNotFoundError: the caller sees no such token.
    """
    token = await find(work, token_id)
    now = system_now()
    if not await repository.revoke_token(work, token_id, now=now):
        return
    await record_change(
        work,
        "api_token",
        "revoke",
        difference({"revoked_at": None}, {"revoked_at": now}),
        municipality_id=token.municipality_id,
        entity_id=token_id,
        school_id=token.school_id,
    )


async def find(work: Work, token_id: int) -> AnyRow:
    """Return a token.

    Raises:
        ApiTokenNotFoundError: the caller sees no such token.
    """
    found = await repository.find_token(work, token_id)
    if found is None:
        raise ApiTokenNotFoundError(
            Text(f"Токена {token_id} нет.", f"There is no token {token_id}.")
        )
    return found


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if now < expires_at <= now + LONGEST_LIFE:
        return
    reason = Text(
        "Срок действия должен быть в будущем, не дальше чем через год.",
        "The expiry must be in the future, a year ahead at most.",
    )
    fault = Fault(column="expires_at", value=expires_at.isoformat(), reason=reason)
    raise InvalidInputError(reason, faults=[fault])
