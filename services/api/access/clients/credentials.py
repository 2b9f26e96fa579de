"""Secrets and keys of clients: made, and shown once; replaced without a gap; ended."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from services.api.access.clients import repository
from services.api.access.clients.errors import (
    KeyIdTakenError,
    TooManyCredentialsError,
    unknown_credential,
)
from services.api.access.clients.keys import checked_keys
from services.api.access.clients.moments import check_moment
from services.api.access.clients.schemas import MOST_KEYS, JwkIn, SecretIn
from services.api.http.auth import hash_of_token
from shared.domain.errors import Text
from shared.persistence.audit import Change, created, difference, record_changes
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

RANDOM_BYTES: Final = 32
# The one in use and the one that replaces it.
MOST: Final = {"secret": 2, "key": MOST_KEYS}
PREFIX: Final = "pds_"


async def make_secret(
    work: Work, client: int, *, expires_at: datetime | None
) -> tuple[AnyRow, str]:
    """Write a new secret as its hash; return it, and the only copy of itself."""
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    row = await repository.create_credential(
        work,
        {
            "client_id": client,
            "kind": "secret",
            "secret_hash": hash_of_token(secret),
            "created_at": system_now(),
            "expires_at": expires_at,
        },
    )
    return row, secret


async def add_keys(work: Work, client: int, keys: Sequence[JwkIn]) -> list[AnyRow]:
    """Write public keys of a client.

    Raises:
        InvalidInputError: one of them cannot be used.
        KeyIdTakenError: the client has or had a key of that name.
    """
    checked = checked_keys(keys)
    for key in checked:
        if await repository.has_key_id(work, client, key["kid"]):
            raise KeyIdTakenError(
                Text(
                    f"Ключ с kid «{key['kid']}» у клиента уже есть или был.",
                    f"The client has or had a key with the kid '{key['kid']}'.",
                )
            )
    values = {"client_id": client, "kind": "key", "created_at": system_now()}
    return [
        await repository.create_credential(
            work, {**values, "key_id": key["kid"], "public_key": key}
        )
        for key in checked
    ]


async def rotate(work: Work, client: AnyRow, wanted: SecretIn) -> tuple[AnyRow, str]:
    """Make another secret; those there are stay good until the moment given.

    Raises:
        InvalidInputError: a moment has passed, or is too far ahead.
        TooManyCredentialsError: two secrets are valid already.
    """
    now, others_end_at = system_now(), wanted.others_end_at
    check_moment("others_end_at", others_end_at, now)
    check_moment("expires_at", wanted.expires_at, now)
    await require_room(work, client, "secret", adding=1)
    ended: Sequence[int] = ()
    if others_end_at is not None:
        ended = await repository.end_secrets(work, client.id, now=now, at=others_end_at)
    row, secret = await make_secret(work, client.id, expires_at=wanted.expires_at)
    changes = {"kind": "secret", "expires_at": wanted.expires_at, "client": client.id}
    await _record(work, client, "create", {row.id: created(changes)})
    ends = {number: created({"expires_at": others_end_at}) for number in ended}
    await _record(work, client, "end", ends)
    return row, secret


async def put_keys(work: Work, client: AnyRow, keys: Sequence[JwkIn]) -> list[AnyRow]:
    """Add public keys to those that the client has.

    Raises:
        TooManyCredentialsError: the client would have too many.
        InvalidInputError: one of them cannot be used.
        KeyIdTakenError: the client has or had a key of that name.
    """
    await require_room(work, client, "key", adding=len(keys))
    rows = await add_keys(work, client.id, keys)
    changes = {
        row.id: created({"kind": "key", "key_id": row.key_id, "client": client.id})
        for row in rows
    }
    await _record(work, client, "create", changes)
    return rows


async def revoke_credential(work: Work, client: AnyRow, credential: int) -> None:
    """End a secret or a key and all tokens that came of it; once more changes nothing.

    Raises:
        CredentialNotFoundError: the client has none of this number.
    """
    found = await repository.find_revoked_at(work, client.id, credential)
    if found is None:
        raise unknown_credential(credential)
    if found != (None,):
        return
    now = system_now()
    await repository.revoke_credential(work, credential, now=now)
    changes = {credential: difference({"revoked_at": None}, {"revoked_at": now})}
    await _record(work, client, "revoke", changes)


async def require_room(work: Work, client: AnyRow, kind: str, *, adding: int) -> None:
    """Refuse more valid secrets, or keys, than a client may have.

    Raises:
        TooManyCredentialsError: there would be more.
    """
    there = await repository.count_valid(work, client.id, kind, now=system_now())
    if there + adding > MOST[kind]:
        raise TooManyCredentialsError(
            Text(
                f"Действующих не может быть больше {MOST[kind]}, есть {there}. "
                "Отзовите лишнее.",
                f"No more than {MOST[kind]} may be valid, there are {there}. Revoke "
                "what is not needed.",
            )
        )


async def _record(
    work: Work, client: AnyRow, action: str, changes: dict[int, Any]
) -> None:
    await record_changes(
        work,
        "client_credential",
        action,
        [
            Change(changes=each, entity_id=number, school_id=client.school_id)
            for number, each in changes.items()
        ],
        municipality_id=client.municipality_id,
    )
