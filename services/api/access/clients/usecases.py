"""Registering clients, changing and revoking them."""

import secrets
from typing import Any

from services.api.access.api_tokens.repository import create_client as open_account
from services.api.access.clients import repository
from services.api.access.clients.credentials import add_keys, make_secret
from services.api.access.clients.errors import (
    ClientRevokedError,
    RateAboveLimitError,
    unknown_client,
)
from services.api.access.clients.moments import check_moment
from services.api.access.clients.schemas import ClientIn, ClientPatch
from services.api.access.parts import own_part, part_within, require_held
from services.api.http.auth import Actor
from shared.domain.errors import Text
from shared.domain.permissions import Role
from shared.domain.tree import Part
from shared.persistence.audit import created, difference, record_change
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

PREFIX = "pdc_"  # what the names of all clients begin with


async def register(
    work: Work, actor: Actor, wanted: ClientIn, *, highest_rate: int
) -> tuple[AnyRow, str | None]:
    """Make a client; return it and the only copy of its secret, if it gets one.

    Raises:
        ScopeNotHeldError: a scope is not the issuer's to give; the detail names it.
        RateAboveLimitError: its limit is not the issuer's to give.
        InvalidInputError: it would be expired, live too long, or its keys are unfit.
        NotFoundError: the place is outside of the issuer's part.
    """
    require_held(actor, wanted.scopes)
    _require_rate(actor, wanted.rate_limit, highest_rate)
    now = system_now()
    check_moment("expires_at", wanted.expires_at, now)
    named = Part(
        region_id=wanted.region_id,
        municipality_id=wanted.municipality_id,
        school_id=wanted.school_id,
    )
    part = own_part(actor) if named == Part() else await part_within(work, actor, named)
    client_id = PREFIX + secrets.token_hex(12)
    # No login that a person may choose has a colon.
    user_id = await open_account(
        work, part, login=f"client:{client_id}", name=wanted.name
    )
    values = {
        "name": wanted.name,
        "scopes": sorted(set(wanted.scopes)),
        "rate_limit": wanted.rate_limit,
        "expires_at": wanted.expires_at,
    }
    number = await repository.create_client(
        work,
        {
            "client_id": client_id,
            "user_id": user_id,
            "issuer_id": actor.user_id,
            "created_at": now,
            **values,
        },
    )
    secret = None
    if wanted.jwks is None:
        _row, secret = await make_secret(work, number, expires_at=None)
    else:
        await add_keys(work, number, wanted.jwks.keys)
    client = await find(work, number)
    await _record(work, client, "create", created(values))
    return client, secret


async def change(
    work: Work, actor: Actor, number: int, wanted: ClientPatch, *, highest_rate: int
) -> AnyRow:
    """Change a client; scopes and expiry hold for tokens that it has already, too.

    Raises:
        ClientNotFoundError: the caller sees no such client.
        ClientRevokedError: it was revoked.
        ScopeNotHeldError: a scope is not the caller's to give; the detail names it.
        RateAboveLimitError: the limit is not the caller's to give.
        InvalidInputError: it would be expired, or live too long.
    """
    client = await lock(work, number)
    given = {
        name: getattr(wanted, name)
        for name in wanted.model_fields_set
        if name == "rate_limit" or getattr(wanted, name) is not None
    }
    if wanted.scopes is not None:
        require_held(actor, set(wanted.scopes) - {*client.scopes})
        given["scopes"] = sorted(set(wanted.scopes))
    _require_rate(actor, wanted.rate_limit, highest_rate)
    check_moment("expires_at", wanted.expires_at, system_now())
    changes = difference({name: getattr(client, name) for name in given}, given)
    if not changes:
        return client
    await repository.change_client(work, number, given)
    await _record(work, client, "change", changes)
    return await find(work, number)


async def revoke(work: Work, number: int) -> None:
    """End a client and all of its tokens at once; once more changes nothing.

    Raises:
        ClientNotFoundError: the caller sees no such client.
    """
    client = await repository.lock_client(work, number)
    if client is None:
        raise unknown_client(number)
    if client.revoked_at is not None:
        return
    after = {"revoked_at": system_now()}
    await repository.change_client(work, number, after)
    await _record(work, client, "revoke", difference({"revoked_at": None}, after))


async def find(work: Work, number: int) -> AnyRow:
    """Return a client.

    Raises:
        ClientNotFoundError: the caller sees no such client.
    """
    found = await repository.find_client(work, number)
    if found is None:
        raise unknown_client(number)
    return found


async def lock(work: Work, number: int) -> AnyRow:
    """Return a client that shall be changed.

    Raises:
        ClientNotFoundError: the caller sees no such client.
        ClientRevokedError: it was revoked.
    """
    found = await repository.lock_client(work, number)
    if found is None:
        raise unknown_client(number)
    if found.revoked_at is not None:
        raise ClientRevokedError(
            Text(
                "Клиент отозван. Зарегистрируйте нового: POST /v1/clients.",
                "The client was revoked. Register another: POST /v1/clients.",
            )
        )
    return found


def _require_rate(actor: Actor, wanted: int | None, highest: int) -> None:
    if wanted is None or wanted <= highest or actor.role is Role.ADMINISTRATOR:
        return
    raise RateAboveLimitError(
        Text(
            f"Общий лимит — {highest} запросов в минуту; выше его назначает только "
            "администратор.",
            f"The general limit is {highest} requests a minute; only an administrator "
            "may grant more.",
        )
    )


async def _record(work: Work, client: AnyRow, action: str, changes: Any) -> None:
    await record_change(
        work,
        "client",
        action,
        changes,
        municipality_id=client.municipality_id,
        entity_id=client.id,
        school_id=client.school_id,
    )
